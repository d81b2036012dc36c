//! What an SVG logo may contain: a list of allowed elements, references to itself only, no behaviour.
//! Browsers are more forgiving than parsers, so names are compared without regard to case or namespace.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId, ParsingOptions};

use super::LogoError;

/// Most elements, those drawn again through references counted each time.
pub(super) const MAX_ELEMENTS: u64 = 20_000;
/// Deepest nesting; every reader of SVG recurses.
const MAX_DEPTH: usize = 200;
/// Most nodes that the parser takes in.
const MAX_NODES: u32 = 60_000;

const SVG: &str = "http://www.w3.org/2000/svg";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
const XINCLUDE: &str = "http://www.w3.org/2001/XInclude";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Elements of a still picture, lower case.
const ALLOWED: [&str; 28] = [
    "a",
    "circle",
    "clippath",
    "defs",
    "desc",
    "ellipse",
    "g",
    "image",
    "line",
    "lineargradient",
    "marker",
    "mask",
    "metadata",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialgradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "title",
    "tspan",
    "use",
];

/// Elements that bring in other kinds of document.
const FOREIGN: [&str; 8] = ["foreignobject", "iframe", "object", "embed", "html", "body", "canvas", "link"];

pub(super) fn check(text: &str) -> Result<(), LogoError> {
    check_document_type(text)?;
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES };
    let document = Document::parse_with_options(text, options).map_err(|error| LogoError::NotAnImage { reason: error.to_string() })?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(SVG) {
        return Err(LogoError::NotAnImage { reason: "the root element is not svg".to_owned() });
    }
    for node in document.descendants() {
        if node.pi().is_some() {
            return Err(external("processing instruction"));
        }
        if node.is_element() {
            check_element(&node)?;
        }
        if node.ancestors().take(MAX_DEPTH + 1).count() > MAX_DEPTH {
            return Err(LogoError::TooComplex);
        }
    }
    check_size(&document)
}

/// A plain document type, as drawing programs write it, is harmless; what it declares is not.
fn check_document_type(text: &str) -> Result<(), LogoError> {
    let lower = text.to_ascii_lowercase();
    let subset = lower.split("<!doctype").skip(1).any(|rest| {
        let end = rest.find('>').unwrap_or(rest.len());
        rest.get(..end).is_some_and(|head| head.contains('['))
    });
    if subset || lower.contains("<!entity") || lower.contains("<!attlist") {
        return Err(LogoError::EntityDeclaration);
    }
    Ok(())
}

fn external(reference: &str) -> LogoError {
    LogoError::ExternalReference { reference: reference.chars().take(80).collect() }
}

fn check_element(node: &Node<'_, '_>) -> Result<(), LogoError> {
    let name = node.tag_name().name().to_ascii_lowercase();
    let namespace = node.tag_name().namespace();
    if name == "script" || name == "handler" || name == "listener" {
        return Err(LogoError::Script { found: name });
    }
    if namespace == Some(XHTML) || FOREIGN.contains(&name.as_str()) {
        return Err(LogoError::ForeignObject { element: name });
    }
    if namespace == Some(XINCLUDE) {
        return Err(external("XInclude"));
    }
    // Editors leave data of their own in their own namespaces; it draws nothing.
    let is_svg = namespace.is_none() || namespace == Some(SVG);
    if is_svg && !ALLOWED.contains(&name.as_str()) {
        return Err(LogoError::UnsupportedElement { element: name });
    }
    for attribute in node.attributes() {
        check_attribute(attribute.namespace(), attribute.name(), attribute.value())?;
    }
    if name == "style" {
        let css: String = node.descendants().filter_map(|child| child.text()).collect();
        check_css(&css)?;
    }
    Ok(())
}

fn check_attribute(namespace: Option<&str>, name: &str, value: &str) -> Result<(), LogoError> {
    let name = name.to_ascii_lowercase();
    if name.starts_with("on") {
        return Err(LogoError::EventHandler { attribute: name });
    }
    if squeezed(value).contains("javascript:") || squeezed(value).contains("vbscript:") {
        return Err(LogoError::Script { found: format!("{name} attribute") });
    }
    if namespace == Some(XML) && name == "base" {
        return Err(external(value));
    }
    if matches!(name.as_str(), "href" | "src" | "srcset" | "data" | "action" | "formaction") {
        return check_reference(value);
    }
    check_css(value)
}

/// Lower case without white space and control characters, as browsers read addresses.
fn squeezed(value: &str) -> String {
    value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).flat_map(char::to_lowercase).collect()
}

fn check_reference(value: &str) -> Result<(), LogoError> {
    let value = squeezed(value);
    let inlined = ["png", "jpeg", "jpg", "gif", "webp"].iter().any(|kind| value.starts_with(&format!("data:image/{kind};base64,")));
    if value.starts_with('#') || inlined || value.is_empty() {
        return Ok(());
    }
    Err(external(&value))
}

/// Every `url(...)` must point into the document; escapes, which could hide one, are refused.
fn check_css(css: &str) -> Result<(), LogoError> {
    let css = squeezed(css);
    if css.contains("javascript:") || css.contains("expression(") {
        return Err(LogoError::Script { found: "style".to_owned() });
    }
    if css.contains("@import") || css.contains("image-set(") || css.contains("src(") {
        return Err(external(&css));
    }
    let uses_urls = css.contains("url") || css.contains('{') || css.contains(':');
    if uses_urls && css.contains('\\') {
        return Err(external(&css));
    }
    for target in css.split("url(").skip(1) {
        if !target.trim_start_matches(['"', '\'']).starts_with('#') {
            return Err(external(target));
        }
    }
    Ok(())
}

/// Counts elements as a renderer meets them: what is referred to counts at each reference.
fn check_size(document: &Document<'_>) -> Result<(), LogoError> {
    let by_id: HashMap<&str, Node<'_, '_>> = document.descendants().filter_map(|node| Some((node.attribute("id")?, node))).collect();
    let mut costs = HashMap::new();
    if cost(document.root_element(), &by_id, &mut costs, 0) > MAX_ELEMENTS {
        return Err(LogoError::TooComplex);
    }
    Ok(())
}

fn cost<'a, 'input>(node: Node<'a, 'input>, by_id: &HashMap<&str, Node<'a, 'input>>, costs: &mut HashMap<NodeId, u64>, depth: usize) -> u64 {
    if let Some(known) = costs.get(&node.id()) {
        return *known;
    }
    if depth > MAX_DEPTH * 4 {
        return MAX_ELEMENTS + 1;
    }
    // Until the sum is known the node counts as one: a reference to an ancestor ends here.
    costs.insert(node.id(), 1);
    let mut sum: u64 = 1;
    for attribute in node.attributes() {
        for id in targets(attribute.value()) {
            if let Some(target) = by_id.get(id) {
                sum = sum.saturating_add(cost(*target, by_id, costs, depth + 1));
            }
        }
    }
    for child in node.children().filter(Node::is_element) {
        sum = sum.saturating_add(cost(child, by_id, costs, depth + 1));
    }
    costs.insert(node.id(), sum);
    sum
}

/// Ids in `#id` and `url(#id)`.
fn targets(value: &str) -> impl Iterator<Item = &str> {
    value.split('#').skip(1).filter_map(|rest| rest.split([')', '"', '\'', ' ', ';']).next()).filter(|id| !id.is_empty())
}
