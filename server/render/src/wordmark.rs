//! A logo for partners that have none: initials in a coloured tile, the name beside it.
//! The same name and colour always give the same drawing.

use crate::color::{Rgb, Shades};
use crate::logo::CleanLogo;
use crate::svg;
use crate::template::escape;
use crate::text::{Style, Typeface};

/// Height of the drawing and of the tile, user units.
const HEIGHT: f64 = 96.0;
/// Space between tile and name.
const GAP: f64 = 24.0;
/// Widest line of the name.
const MAX_LINE: f64 = 380.0;

/// Words that say nothing in a monogram.
const SMALL_WORDS: [&str; 17] = ["and", "und", "et", "y", "e", "of", "the", "de", "der", "die", "das", "für", "for", "la", "le", "&", "+"];

/// One or two capitals that stand for the name.
#[must_use]
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '.' | ',' | '_'))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .filter(|word| !SMALL_WORDS.contains(&word.to_lowercase().as_str()))
        .collect();
    let first = |word: &str| word.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    words.iter().take(2).map(|word| first(word)).collect()
}

/// The wordmark as an SVG whose text is outlined. `color` is used where white text on it is legible,
/// and darkened where it is not.
#[must_use]
pub fn wordmark(name: &str, color: Rgb) -> String {
    let style = Style { face: Typeface::HeadStrong, size: 44.0, spacing: -0.6 };
    let one = style.fit(name, MAX_LINE, 1, 33.0);
    let single = Style { size: one, ..style };
    let (style, lines) = if single.measure(name) <= MAX_LINE {
        (single, vec![name.to_owned()])
    } else {
        let size = Style { size: 34.0, ..style }.fit(name, MAX_LINE, 2, 22.0);
        let style = Style { size, ..style };
        (style, style.wrap(name, MAX_LINE, Some(2)))
    };
    let widest = lines.iter().map(|line| style.measure(line)).fold(0.0, f64::max);
    let width = (HEIGHT + GAP + widest + 4.0).ceil();
    let leading = style.size * 1.16;
    // Capitals of Manrope are 0.72 of the size: this centres them on the tile.
    let block = leading * (lines.len() as f64 - 1.0) + style.size * 0.72;
    let top = (HEIGHT - block) / 2.0 + style.size * 0.72;
    let name_lines: String = lines
        .iter()
        .enumerate()
        .map(|(row, line)| {
            let (x, y) = (HEIGHT + GAP, top + leading * row as f64);
            format!(r#"<text x="{x:.2}" y="{y:.2}">{}</text>"#, escape(line))
        })
        .collect();
    let drawing = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}">{}<g font-family="Manrope" font-weight="800" font-size="{:.2}" letter-spacing="{:.2}" fill="#101c2c">{name_lines}</g></svg>"##,
        tile(name, color),
        style.size,
        style.spacing,
    );
    svg::outlined(&drawing).unwrap_or(drawing)
}

/// The tile alone, 96 by 96: a picture for a partner where there is room for no more.
#[must_use]
pub fn avatar(name: &str, color: Rgb) -> String {
    let drawing = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{HEIGHT}" height="{HEIGHT}" viewBox="0 0 {HEIGHT} {HEIGHT}">{}</svg>"#,
        tile(name, color)
    );
    svg::outlined(&drawing).unwrap_or(drawing)
}

/// A tile in the colour, darkened where white on it would not be legible, a lighter corner, the initials.
fn tile(name: &str, color: Rgb) -> String {
    let deep = Shades::of(color).deep;
    format!(
        r##"<defs><clipPath id="t"><rect width="{HEIGHT}" height="{HEIGHT}" rx="22"/></clipPath></defs><rect width="{HEIGHT}" height="{HEIGHT}" rx="22" fill="{deep}"/><g clip-path="url(#t)"><path d="M0 {HEIGHT} L{HEIGHT} 0 V{HEIGHT} Z" fill="#ffffff" fill-opacity="0.09"/></g>{}"##,
        monogram(name)
    )
}

fn monogram(name: &str) -> String {
    let letters = initials(name);
    let style = Style { face: Typeface::HeadStrong, size: if letters.chars().count() > 1 { 42.0 } else { 52.0 }, spacing: -0.5 };
    let size = style.fit(&letters, HEIGHT - 22.0, 1, 20.0);
    let x = (HEIGHT - Style { size, ..style }.measure(&letters)) / 2.0;
    let y = HEIGHT / 2.0 + size * 0.36;
    format!(
        r##"<text x="{x:.2}" y="{y:.2}" font-family="Manrope" font-weight="800" font-size="{size:.2}" letter-spacing="-0.5" fill="#ffffff">{}</text>"##,
        escape(&letters)
    )
}

/// The wordmark as a logo.
pub(crate) fn logo(name: &str, color: Rgb) -> CleanLogo {
    CleanLogo::drawn(wordmark(name, color))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_skip_small_words() {
        assert_eq!(initials("Aurora Systems"), "AS");
        assert_eq!(initials("Haus der Technik"), "HT");
        assert_eq!(initials("nordlys"), "N");
        assert_eq!(initials("Müller & Söhne GmbH"), "MS");
        assert_eq!(initials("—"), "");
    }

    #[test]
    fn long_names_stay_in_the_frame() {
        let name = "Österreichische Gesellschaft für Informationssicherheit und Datenwiederherstellung mbH";
        let logo = logo(name, Rgb(0xff, 0xe6, 0));
        assert!(logo.width() <= 510.0, "{}", logo.width());
        assert!((logo.height() - 96.0).abs() < 0.1);
    }

    #[test]
    fn the_same_name_gives_the_same_drawing_without_text() {
        let once = wordmark("Aurora <Systems>", Rgb(1, 2, 3));
        assert_eq!(once, wordmark("Aurora <Systems>", Rgb(1, 2, 3)));
        assert!(!once.contains("<text"));
        assert!(crate::clean_logo(once.as_bytes()).is_ok());
    }
}
