//! Pages of SVG to one PDF: fonts embedded, text selectable, `<a id href>` elements as live links.
//! No date and no random id is written: the same pages give the same bytes.

use krilla::Document;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::geom::{Rect, Size};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::usvg::Tree;
use resvg::usvg::roxmltree;

use crate::error::RenderError;
use crate::svg;

const XLINK: &str = "http://www.w3.org/1999/xlink";

/// A page: the layout's name and the SVG.
pub(crate) struct Page<'a> {
    pub name: &'a str,
    pub text: String,
}

/// What the PDF says about itself.
pub(crate) struct About<'a> {
    pub title: &'a str,
    pub author: &'a str,
    pub language: &'a str,
}

/// One PDF of all pages; a user unit is a point.
pub(crate) fn write(pages: &[Page<'_>], about: &About<'_>) -> Result<Vec<u8>, RenderError> {
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(about.title.to_owned())
            .authors(vec![about.author.to_owned()])
            .language(about.language.to_owned())
            .creator("Entente".to_owned()),
    );
    for page in pages {
        add_page(&mut document, page)?;
    }
    document.finish().map_err(|error| failed(format!("{error:?}")))
}

fn failed(message: impl Into<String>) -> RenderError {
    RenderError::Pdf { message: message.into() }
}

fn add_page(document: &mut Document, page: &Page<'_>) -> Result<(), RenderError> {
    let tree = svg::parse(page.name, &page.text)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let settings = PageSettings::from_wh(width, height).ok_or_else(|| failed("a page has no size"))?;
    let size = Size::from_wh(width, height).ok_or_else(|| failed("a page has no size"))?;
    let mut sheet = document.start_page_with(settings);
    let mut surface = sheet.surface();
    surface.draw_svg(&tree, size, SvgSettings::default()).ok_or_else(|| failed(format!("{} cannot be drawn", page.name)))?;
    surface.finish();
    for (rect, address) in links(&tree, &page.text) {
        let target = Target::Action(Action::Link(LinkAction::new(address.clone())));
        sheet.add_annotation(Annotation::new_link(LinkAnnotation::new(rect, target), Some(address)));
    }
    sheet.finish();
    Ok(())
}

/// Areas of `<a id="..." href="...">` elements that were drawn, with their addresses.
fn links(tree: &Tree, text: &str) -> Vec<(Rect, String)> {
    let Ok(document) = roxmltree::Document::parse(text) else {
        return Vec::new();
    };
    document
        .descendants()
        .filter(|node| node.has_tag_name("a"))
        .filter_map(|node| {
            let address = node.attribute("href").or_else(|| node.attribute((XLINK, "href")))?;
            let area = tree.node_by_id(node.attribute("id")?)?.abs_bounding_box();
            let rect = Rect::from_ltrb(area.left(), area.top(), area.right(), area.bottom())?;
            Some((rect, address.to_owned()))
        })
        .collect()
}
