//! Renders kits of the demo program into a folder, to be looked at: with two partners' brands, one complete and one
//! with hardly anything. `cargo run -p entente-render --example render_kit -- OUT [KIT ...]`
#![allow(clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use entente_render::{AssetSource, Brand, KitSpec, archive, archive_name, clean_logo, formats, preview, render};

fn brands(seed: &Path) -> Vec<Brand> {
    let logo = fs::read(seed.join("logos/aurora-systems.svg")).ok().and_then(|bytes| clean_logo(&bytes).ok());
    let complete = Brand {
        website: Some("https://www.aurora-systems.example".into()),
        contact_name: Some("Henrike Brandt".into()),
        contact_email: Some("henrike.brandt@aurora-systems.example".into()),
        contact_phone: Some("+49 40 66969 210".into()),
        city: Some("Hamburg".into()),
        country: Some("Germany".into()),
        color: Some("#1f4e9c".into()),
        logo,
        ..Brand::new("Aurora Systems", "https://entente.example/r/aurora-7f3k2", "Halden Cloud")
    };
    let bare = Brand {
        color: Some("#ca8a04".into()),
        ..Brand::new("Österreichische Gesellschaft für Informationssicherheit mbH", "https://entente.example/r/oegi-9d2", "Halden Cloud")
    };
    vec![complete, bare]
}

fn main() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seed-data");
    let mut arguments = std::env::args().skip(1);
    let out = PathBuf::from(arguments.next().expect("the first argument is the folder to write to"));
    let wanted: Vec<String> = arguments.collect();
    let list = fs::read_to_string(seed.join("kits.json")).expect("kits.json can be read");
    let kits: Vec<KitSpec> = serde_json::from_str(&list).expect("kits.json has the shape of KitSpec");
    for kit in kits.iter().filter(|kit| wanted.is_empty() || wanted.contains(&kit.key)) {
        let assets: Vec<AssetSource> =
            kit.assets.iter().map(|asset| kit.source(asset, |name| fs::read_to_string(seed.join(name)).ok()).expect("all sources exist")).collect();
        for brand in brands(&seed) {
            let folder = out.join(&kit.key);
            fs::create_dir_all(&folder).expect("the folder can be made");
            for asset in &assets {
                for format in formats(asset.kind) {
                    let file = render(asset, &brand, *format).unwrap_or_else(|error| fail(asset, &error));
                    fs::write(folder.join(&file.file_name), &file.bytes).expect("the file can be written");
                }
                let page = preview(asset, &brand).unwrap_or_else(|error| fail(asset, &error));
                fs::write(folder.join(&page.file_name), &page.bytes).expect("the file can be written");
            }
            let zip = archive(&kit.title, &assets, &brand).expect("the archive can be made");
            fs::write(folder.join(archive_name(&kit.title, &brand)), zip).expect("the archive can be written");
        }
        println!("{}", kit.key);
    }
}

fn fail(asset: &AssetSource, error: &dyn std::fmt::Display) -> ! {
    eprintln!("{}: {error}", asset.main);
    std::process::exit(1)
}
