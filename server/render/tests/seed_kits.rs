//! The kits of the demo program, rendered for partners of every kind: complete, bare, and hostile.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use entente_render::{AssetKind, AssetSource, Brand, Format, KitSpec, RenderError, archive, avatar, clean_logo, formats, logo_png, preview, render};

fn seed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seed-data")
}

fn kits() -> Vec<(KitSpec, Vec<AssetSource>)> {
    let text = std::fs::read_to_string(seed().join("kits.json")).unwrap();
    let kits: Vec<KitSpec> = serde_json::from_str(&text).unwrap();
    kits.into_iter()
        .map(|kit| {
            let read = |name: &str| std::fs::read_to_string(seed().join(name)).ok();
            let assets = kit.assets.iter().map(|asset| kit.source(asset, read).unwrap()).collect();
            (kit, assets)
        })
        .collect()
}

fn kit(key: &str) -> (KitSpec, Vec<AssetSource>) {
    kits().into_iter().find(|(kit, _)| kit.key == key).unwrap()
}

fn complete() -> Brand {
    let logo = std::fs::read(seed().join("logos/aurora-systems.svg")).unwrap();
    Brand {
        website: Some("https://www.aurora-systems.example".into()),
        contact_name: Some("Henrike Brandt".into()),
        contact_email: Some("henrike.brandt@aurora-systems.example".into()),
        contact_phone: Some("+49 40 66969 210".into()),
        city: Some("Hamburg".into()),
        country: Some("Germany".into()),
        color: Some("#1f4e9c".into()),
        logo: Some(clean_logo(&logo).unwrap()),
        ..bare("Aurora Systems")
    }
}

fn bare(name: &str) -> Brand {
    Brand::new(name, "https://go.example/r/a1?kit=1&p=2", "Halden Cloud")
}

fn text(asset: &AssetSource, brand: &Brand, format: Format) -> String {
    String::from_utf8(render(asset, brand, format).unwrap().bytes).unwrap()
}

fn of(assets: &[AssetSource], kind: AssetKind) -> &AssetSource {
    assets.iter().find(|asset| asset.kind == kind).unwrap()
}

#[test]
fn eight_kits_with_at_least_four_assets_each() {
    let kits = kits();
    assert_eq!(kits.len(), 8);
    assert!(kits.iter().filter(|(kit, _)| kit.language == "de").count() >= 2);
    for (kit, assets) in &kits {
        let kinds: BTreeSet<_> = assets.iter().map(|asset| format!("{:?}", asset.kind)).collect();
        for kind in ["Email", "SocialPost", "LandingPage", "Document"] {
            assert!(kinds.contains(kind), "{} has no {kind}", kit.key);
        }
        let keys: BTreeSet<_> = kit.assets.iter().map(|asset| &asset.key).collect();
        assert_eq!(keys.len(), kit.assets.len());
    }
}

#[test]
fn everything_renders_for_partners_of_every_kind() {
    let brands = [complete(), bare("N"), bare("Österreichische Gesellschaft für Informationssicherheit und Datenwiederherstellung mbH & Co. KG")];
    for (kit, assets) in kits() {
        for asset in &assets {
            for brand in &brands {
                let page = preview(asset, brand).unwrap_or_else(|error| panic!("{} {}: {error}", kit.key, asset.main));
                assert_eq!(page.media_type, "text/html; charset=utf-8");
                for format in formats(asset.kind).iter().filter(|format| **format != Format::Png) {
                    let file = render(asset, brand, *format).unwrap_or_else(|error| panic!("{} {}: {error}", kit.key, asset.main));
                    assert!(file.file_name.ends_with(format.extension()));
                    assert!(file.bytes.len() > 200);
                }
            }
        }
    }
}

#[test]
fn pages_are_self_contained_and_carry_the_partner() {
    for (kit, assets) in kits() {
        for kind in [AssetKind::Email, AssetKind::LandingPage] {
            let html = text(of(&assets, kind), &complete(), Format::Html);
            assert!(!html.contains("<script"), "{}", kit.key);
            assert!(!html.contains("@import"), "{}", kit.key);
            assert!(html.contains("https://go.example/r/a1?kit=1&amp;p=2"), "{}", kit.key);
            assert!(html.contains("mailto:henrike.brandt@aurora-systems.example"), "{}", kit.key);
            assert!(html.contains("Aurora Systems"), "{}", kit.key);
            for part in html.split("src=\"").skip(1).chain(html.split("url(").skip(1)) {
                assert!(part.starts_with("data:"), "{}: {}", kit.key, &part[..40]);
            }
        }
        let post = text(of(&assets, AssetKind::SocialPost), &complete(), Format::Txt);
        assert!(post.contains("https://go.example/r/a1?kit=1&p=2"), "{}", kit.key);
    }
}

#[test]
fn a_hostile_name_stays_text() {
    let brand = Brand {
        contact_name: Some("<img src=x onerror=alert(1)>".into()),
        website: Some("javascript:alert(1)".into()),
        contact_email: Some("a@b\"><script>".into()),
        city: Some("{{ 7 * 7 }}{% include 'x' %}".into()),
        color: Some("red;background:url(x)".into()),
        ..bare("</text></svg><script>alert('1')</script> & \u{0}\u{8} \"Söhne\"")
    };
    let (_, assets) = kit("ransomware-readiness");
    for asset in &assets {
        let page = String::from_utf8(preview(asset, &brand).unwrap().bytes).unwrap();
        assert!(!page.contains("<script"), "{}", asset.main);
        assert!(!page.contains("<img src=x"), "{}", asset.main);
        assert!(!page.contains("javascript:"), "{}", asset.main);
        for format in formats(asset.kind) {
            render(asset, &brand, *format).unwrap();
        }
    }
    let mail = text(of(&assets, AssetKind::Email), &brand, Format::Html);
    assert!(mail.contains("{{ 7 * 7 }}"));
    assert!(mail.contains("&lt;img src=x"));
}

#[test]
fn documents_have_two_a4_pages_and_live_links() {
    let (_, assets) = kit("nis2-nachweis");
    let document = of(&assets, AssetKind::Document);
    let pdf = render(document, &complete(), Format::Pdf).unwrap();
    assert_eq!(pdf.file_name, "nis2-nachweis-brief-aurora-systems.pdf");
    assert!(pdf.bytes.starts_with(b"%PDF-1."));
    let raw = String::from_utf8_lossy(&pdf.bytes);
    assert!(raw.contains("/Count 2"));
    assert!(raw.contains("/MediaBox [0 0 595.28 841.89]"));
    assert!(raw.contains("mailto:henrike.brandt@aurora-systems.example"));
    assert!(raw.contains("/FontFile"), "fonts are embedded");
    assert!(raw.contains("/ToUnicode"), "text can be selected");
}

#[test]
fn pictures_have_the_size_that_networks_expect() {
    let (_, assets) = kit("nis2-nachweis");
    for (kind, width, height) in [(AssetKind::SocialPost, 1200, 630), (AssetKind::Banner, 1200, 300), (AssetKind::Document, 1191, 1684)] {
        let png = render(of(&assets, kind), &complete(), Format::Png).unwrap().bytes;
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((side(16), side(20)), (width, height), "{kind:?}");
    }
}

#[test]
fn the_same_input_gives_the_same_archive() {
    let (kit, assets) = kit("ransomware-readiness");
    let once = archive(&kit.title, &assets, &complete()).unwrap();
    assert!(once == archive(&kit.title, &assets, &complete()).unwrap());
    let mut zip = zip::ZipArchive::new(Cursor::new(once)).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let expected = 1 + assets.iter().map(|asset| formats(asset.kind).len()).sum::<usize>();
    assert_eq!(names.len(), expected);
    assert!(names.iter().all(|name| name.is_ascii() && name.starts_with("ransomware-readiness")));
    let note = names.iter().find(|name| name.ends_with("00-README.txt")).unwrap();
    let mut words = String::new();
    zip.by_name(note).unwrap().read_to_string(&mut words).unwrap();
    assert!(words.contains("https://go.example/r/a1?kit=1&p=2"));
}

#[test]
fn what_cannot_be_had_is_refused_by_name() {
    let (_, assets) = kit("ransomware-readiness");
    let mail = of(&assets, AssetKind::Email);
    assert!(matches!(render(mail, &complete(), Format::Pdf), Err(RenderError::Format { .. })));
    let lost = Brand { link: "ftp://x".into(), ..complete() };
    assert!(matches!(render(mail, &lost, Format::Html), Err(RenderError::Link)));
    let mut broken = mail.clone();
    broken.main = "x.mjml".into();
    broken.templates.insert("x.mjml".into(), "<mjml><mj-body><mj-text>{{ brand.nmae }}</mj-text></mj-body></mjml>".into());
    assert!(matches!(render(&broken, &complete(), Format::Html), Err(RenderError::Template { .. })));
    broken.templates.insert("x.mjml".into(), "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}".into());
    assert!(matches!(render(&broken, &complete(), Format::Html), Err(RenderError::Template { .. })));
}

#[test]
fn all_logos_of_the_demo_program_pass_and_have_a_picture() {
    for entry in std::fs::read_dir(seed().join("logos")).unwrap() {
        let path = entry.unwrap().path();
        let logo = clean_logo(&std::fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        assert!(logo.frame().width <= logo.width() + 0.1);
        assert!(logo_png(&logo, 240.0, 80.0).unwrap().len() > 100, "{path:?}");
    }
    assert!(clean_logo(avatar("Aurora", entente_render::Rgb(9, 9, 9)).as_bytes()).is_ok());
}
