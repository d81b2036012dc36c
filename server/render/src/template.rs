//! The template engine: escaping for markup, the copy of an asset, and functions that set text in SVG.
//!
//! Templates see `brand`, `copy` and `asset`. An undefined name is an error, so that a typing error in a kit
//! shows when it is loaded and not at a customer. Work is limited by fuel.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, context};
use serde_json::Value as Json;

use crate::asset::{AssetSource, Description};
use crate::brand::BrandView;
use crate::error::RenderError;
use crate::text::{Style, Typeface, fill};

/// Instructions one template may take.
const FUEL: u64 = 2_000_000;
/// Name of the escaping used in markup; text that is already markup is marked safe.
const XML: AutoEscape = AutoEscape::Custom(std::borrow::Cow::Borrowed("xml"));

/// An asset's templates with everything they may use.
pub(crate) struct Engine<'a> {
    environment: Environment<'a>,
    context: Value,
    /// Layouts in the order of the description.
    pub layouts: Vec<String>,
}

impl<'a> Engine<'a> {
    /// Loads the sources and merges the brand into the copy.
    pub fn new(asset: &'a AssetSource, brand: &BrandView) -> Result<Self, RenderError> {
        let Description { layouts, copy } = asset.description()?;
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        let syntax =
            SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(|error| RenderError::template(&asset.main, &error))?;
        environment.set_syntax(syntax);
        environment.set_auto_escape_callback(|name| if name.ends_with(".txt") { AutoEscape::None } else { XML });
        environment.set_formatter(|out, state, value| {
            if value.is_undefined() && state.undefined_behavior() == UndefinedBehavior::Strict {
                return Err(Error::from(ErrorKind::UndefinedError));
            }
            let text = display(value);
            let plain = value.is_safe() || matches!(state.auto_escape(), AutoEscape::None);
            let written = if plain { out.write_str(&text) } else { out.write_str(&escape(&text)) };
            written.map_err(Error::from)
        });
        add_functions(&mut environment);
        for (name, text) in &asset.templates {
            if !name.ends_with(".json") {
                environment.add_template(name, text).map_err(|error| RenderError::template(name, &error))?;
            }
        }
        let about = context! { title => asset.title.clone(), language => asset.language.clone() };
        let partner = Value::from(Serde(brand));
        let seen = context! { brand => partner.clone(), asset => about.clone() };
        let merged = merge(&environment, &asset.main, copy, &seen)?;
        Ok(Self { environment, context: context! { brand => partner, asset => about, copy => Value::from(Serde(merged)) }, layouts })
    }

    /// Renders one layout.
    pub fn render(&self, name: &str) -> Result<String, RenderError> {
        self.environment.get_template(name).and_then(|template| template.render(&self.context)).map_err(|error| RenderError::template(name, &error))
    }

    /// Layouts with this extension, in order.
    pub fn layouts_with(&self, extension: &str) -> Vec<&str> {
        self.layouts.iter().map(String::as_str).filter(|name| name.rsplit_once('.').is_some_and(|(_, end)| end == extension)).collect()
    }
}

/// Merges the brand into every string of the copy. The result is plain text; layouts escape it.
fn merge(environment: &Environment<'_>, name: &str, copy: Json, context: &Value) -> Result<Json, RenderError> {
    Ok(match copy {
        Json::String(text) if text.contains("{{") || text.contains("{%") => {
            let merged = environment.template_from_named_str("copy.txt", &text).and_then(|template| template.render(context));
            Json::String(merged.map_err(|error| RenderError::Template { name: name.to_owned(), message: format!("{error} in {text:?}") })?)
        }
        Json::Array(items) => Json::Array(items.into_iter().map(|item| merge(environment, name, item, context)).collect::<Result<_, _>>()?),
        Json::Object(fields) => Json::Object(
            fields.into_iter().map(|(key, value)| Ok((key, merge(environment, name, value, context)?))).collect::<Result<_, RenderError>>()?,
        ),
        other => other,
    })
}

/// A value as text; `none` is nothing, and a number has no useless fraction.
fn display(value: &Value) -> String {
    if value.is_none() {
        return String::new();
    }
    match f64::try_from(value.clone()) {
        Ok(number) if value.is_number() => format_number(number),
        _ => value.to_string(),
    }
}

fn format_number(number: f64) -> String {
    let rounded = (number * 1000.0).round() / 1000.0;
    format!("{rounded}")
}

/// Escapes text for HTML, XML and their quoted attributes, and drops characters XML cannot carry.
#[must_use]
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn add_functions(environment: &mut Environment<'_>) {
    environment.add_function("wrap", |text: &str, options: Kwargs| {
        let style = style(&options)?;
        let width: f64 = options.get("width")?;
        let lines = style.wrap(text, width, options.get("max_lines")?);
        options.assert_all_used()?;
        Ok::<_, Error>(lines)
    });
    environment.add_function("measure", |text: &str, options: Kwargs| {
        let width = style(&options)?.measure(text);
        options.assert_all_used()?;
        Ok::<_, Error>(width)
    });
    environment.add_function("fit", |text: &str, options: Kwargs| {
        let style = style(&options)?;
        let lines: Option<usize> = options.get("max_lines")?;
        let size = style.fit(text, options.get("width")?, lines.unwrap_or(1), options.get("min")?);
        options.assert_all_used()?;
        Ok::<_, Error>(size)
    });
    environment.add_function("text", text_element);
    environment.add_function("text_height", text_height);
    environment.add_filter("fill", |text: &str, columns: usize, indent: Option<usize>| fill(text, columns, indent.unwrap_or(0)));
    environment.add_filter("paragraphs", |text: &str| -> Vec<String> { text.split("\n\n").map(|part| part.trim().to_owned()).collect() });
}

/// `size`, `font` ("body" or "head"), `weight`, `spacing` of a call.
fn style(options: &Kwargs) -> Result<Style, Error> {
    let font: Option<String> = options.get("font")?;
    let weight: Option<u32> = options.get("weight")?;
    let spacing: Option<f64> = options.get("spacing")?;
    Ok(Style {
        face: Typeface::of(font.as_deref().unwrap_or("body"), weight.unwrap_or(400)),
        size: options.get("size")?,
        spacing: spacing.unwrap_or(0.0),
    })
}

/// The lines of a text and the distance between their baselines.
fn lines(content: &str, options: &Kwargs) -> Result<(Style, Vec<String>, f64), Error> {
    let style = style(options)?;
    let width: Option<f64> = options.get("width")?;
    let max_lines: Option<usize> = options.get("max_lines")?;
    let leading: Option<f64> = options.get("leading")?;
    let balance: Option<bool> = options.get("balance")?;
    let lines = match width {
        Some(width) if balance == Some(true) && max_lines.is_none() => style.balance(content, width),
        _ => style.wrap(content, width.unwrap_or(f64::INFINITY), max_lines),
    };
    Ok((style, lines, style.size * leading.unwrap_or(1.45)))
}

/// `text(content, x, y, size, width?, leading?, max_lines?, balance?, font?, weight?, spacing?, fill?, anchor?, opacity?)`:
/// a `<text>` element; `y` is the baseline of the first line.
fn text_element(content: &str, options: Kwargs) -> Result<Value, Error> {
    let (style, lines, step) = lines(content, &options)?;
    let (x, y): (f64, f64) = (options.get("x")?, options.get("y")?);
    let color: Option<String> = options.get("fill")?;
    let anchor: Option<String> = options.get("anchor")?;
    let opacity: Option<f64> = options.get("opacity")?;
    options.assert_all_used()?;
    let mut out = format!(
        r#"<text font-family="{}" font-weight="{}" font-size="{}" fill="{}""#,
        style.face.family(),
        style.face.weight(),
        format_number(style.size),
        escape(color.as_deref().unwrap_or("#101c2c")),
    );
    if style.spacing != 0.0 {
        out.push_str(&format!(r#" letter-spacing="{}""#, format_number(style.spacing)));
    }
    if let Some(anchor) = anchor {
        out.push_str(&format!(r#" text-anchor="{}""#, escape(&anchor)));
    }
    if let Some(opacity) = opacity {
        out.push_str(&format!(r#" fill-opacity="{}""#, format_number(opacity)));
    }
    out.push('>');
    for (row, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        let baseline = format_number(y + step * row as f64);
        out.push_str(&format!(r#"<tspan x="{}" y="{baseline}">{}</tspan>"#, format_number(x), escape(line)));
    }
    out.push_str("</text>");
    Ok(Value::from_safe_string(out))
}

/// `text_height(...)` with the arguments of `text`: lines times leading, user units.
fn text_height(content: &str, options: Kwargs) -> Result<f64, Error> {
    let (_, lines, step) = lines(content, &options)?;
    // Arguments that only matter to `text` are let through, so that one set serves both.
    Ok(step * lines.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_odd_characters_dropped() {
        assert_eq!(escape("a<b>&\"'\u{0}\u{8}ü"), "a&lt;b&gt;&amp;&quot;&#39;ü");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(format_number(12.0), "12");
        assert_eq!(format_number(0.1 + 0.2), "0.3");
    }
}
