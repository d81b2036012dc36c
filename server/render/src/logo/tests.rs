//! Each rule for logos, with the file that breaks it.

use super::*;

fn refused(inner: &str) -> &'static str {
    let text = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10"><rect width="10" height="10"/>{inner}</svg>"#
    );
    clean_logo(text.as_bytes()).map_or_else(|error| error.code(), |_| "accepted")
}

#[test]
fn a_plain_drawing_is_kept_byte_for_byte() {
    let text = r##"<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><style>.a{fill:url(#g)}</style><defs><linearGradient id="g"><stop stop-color="red"/></linearGradient></defs><g id="m"><rect class="a" width="10" height="10"/></g><use href="#m" x="20"/></svg>"##;
    let logo = clean_logo(text.as_bytes()).unwrap();
    assert_eq!(logo.bytes(), text.as_bytes());
    assert_eq!(logo.format(), LogoFormat::Svg);
    assert!((logo.width() - 40.0).abs() < 0.01);
}

#[test]
fn each_rule_has_its_code() {
    let cases = [
        ("", "accepted"),
        ("<script>alert(1)</script>", "SCRIPT"),
        (r#"<s:script xmlns:s="http://www.w3.org/1999/xhtml"/>"#, "SCRIPT"),
        (r#"<rect style="fill:url(javascript:alert(1))"/>"#, "SCRIPT"),
        (r#"<rect onload="alert(1)"/>"#, "EVENT_HANDLER"),
        (r#"<rect OnClick="alert(1)"/>"#, "EVENT_HANDLER"),
        ("<foreignObject/>", "FOREIGN_OBJECT"),
        (r#"<b xmlns="http://www.w3.org/1999/xhtml"/>"#, "FOREIGN_OBJECT"),
        (r#"<image href="https://a.test/a.png"/>"#, "EXTERNAL_REFERENCE"),
        (r#"<image xlink:href="../a.png"/>"#, "EXTERNAL_REFERENCE"),
        (r#"<image href="data:image/svg+xml;base64,PHN2Zy8+"/>"#, "EXTERNAL_REFERENCE"),
        (r#"<use href="other.svg#a"/>"#, "EXTERNAL_REFERENCE"),
        (r#"<a href="https://a.test"><rect/></a>"#, "EXTERNAL_REFERENCE"),
        (r#"<a href="java&#10;script:alert(1)"><rect/></a>"#, "SCRIPT"),
        (r#"<rect fill="url(https://a.test/x#y)"/>"#, "EXTERNAL_REFERENCE"),
        (r#"<rect style="fill:u\72l(x)"/>"#, "EXTERNAL_REFERENCE"),
        ("<style>@import 'https://a.test/a.css';</style>", "EXTERNAL_REFERENCE"),
        (r#"<style>rect{fill:URL( "//a.test/x" )}</style>"#, "EXTERNAL_REFERENCE"),
        (r#"<?xml-stylesheet href="a.css"?>"#, "EXTERNAL_REFERENCE"),
        (r#"<g xml:base="https://a.test/"/>"#, "EXTERNAL_REFERENCE"),
        (r#"<set attributeName="href" to="x"/>"#, "UNSUPPORTED_ELEMENT"),
        ("<animate/>", "UNSUPPORTED_ELEMENT"),
        ("<filter/>", "UNSUPPORTED_ELEMENT"),
        ("<svg><g><script/></g></svg>", "SCRIPT"),
        ("</svg><svg>", "NOT_AN_IMAGE"),
    ];
    for (inner, code) in cases {
        assert_eq!(refused(inner), code, "{inner}");
    }
}

#[test]
fn declared_entities_are_refused() {
    for subset in ["[<!ENTITY a 'b'>]", r#"[<!ENTITY x SYSTEM "file:///etc/passwd">]"#, r#"[<!ATTLIST svg onload CDATA "alert(1)">]"#] {
        let text = format!("<!DOCTYPE svg {subset}><svg xmlns='http://www.w3.org/2000/svg'><rect/></svg>");
        assert_eq!(clean_logo(text.as_bytes()), Err(LogoError::EntityDeclaration), "{subset}");
    }
}

#[test]
fn repeated_references_are_counted() {
    let mut inner = String::from(r#"<defs><g id="a0"><path d="M0 0h1v1z"/></g>"#);
    for level in 1..12 {
        let uses = format!("<use href='#a{}'/>", level - 1).repeat(10);
        inner.push_str(&format!("<g id='a{level}'>{uses}</g>"));
    }
    inner.push_str("</defs><use href='#a11'/>");
    assert_eq!(refused(&inner), "TOO_COMPLEX");
    assert_eq!(refused(&"<g>".repeat(300)), "NOT_AN_IMAGE");
    let deep = format!("{}{}", "<g>".repeat(300), "</g>".repeat(300));
    assert_eq!(refused(&deep), "TOO_COMPLEX");
}

#[test]
fn size_and_shape_are_limited() {
    let large = vec![b' '; MAX_LOGO_BYTES + 1];
    assert_eq!(clean_logo(&large).unwrap_err().code(), "TOO_LARGE");
    let long = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 10'><rect width='9' height='9'/></svg>";
    assert_eq!(clean_logo(long.as_bytes()).unwrap_err().code(), "DIMENSIONS");
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend([0, 1, 0, 0, 0, 0, 0, 1, 8, 6, 0, 0, 0]);
    assert_eq!(clean_logo(&png).unwrap_err().code(), "DIMENSIONS");
}

#[test]
fn what_is_no_picture_is_refused() {
    let cases: [&[u8]; 6] = [
        b"",
        b"<html><body>hello</body></html>",
        b"GIF89a......",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0 no more",
        b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>",
    ];
    for bytes in cases {
        assert_eq!(clean_logo(bytes).unwrap_err().code(), "NOT_AN_IMAGE");
    }
}

#[test]
fn a_png_passes() {
    let mut picture = Pixmap::new(20, 10).unwrap();
    picture.fill(resvg::tiny_skia::Color::WHITE);
    let logo = clean_logo(&picture.encode_png().unwrap()).unwrap();
    assert_eq!(logo.format(), LogoFormat::Png);
    assert!((logo.width() - 20.0).abs() < 0.01);
}
