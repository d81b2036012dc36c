//! A whole kit as one ZIP: every asset in every format, in one folder, with a short note.
//! Entries carry no time of day, so that the same kit and brand give the same bytes.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::asset::{AssetSource, Format, formats};
use crate::brand::{Brand, BrandView};
use crate::error::RenderError;
use crate::render::{Rendered, render_with, slug};
use crate::template::Engine;

/// Name of a kit's archive: `ransomware-readiness-aurora-systems.zip`.
#[must_use]
pub fn archive_name(kit_title: &str, brand: &Brand) -> String {
    format!("{}-{}.zip", slug(kit_title), slug(&brand.name))
}

/// All assets in all formats, as a ZIP.
///
/// # Errors
/// As [`crate::render`], for the first asset that cannot be rendered.
pub fn archive(kit_title: &str, assets: &[AssetSource], brand: &Brand) -> Result<Vec<u8>, RenderError> {
    let view = brand.view()?;
    let folder = slug(kit_title);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut names = BTreeSet::new();
    let mut index = Vec::new();
    for (number, asset) in assets.iter().enumerate() {
        let engine = Engine::new(asset, &view)?;
        let mut files = Vec::new();
        for format in formats(asset.kind) {
            let file = render_with(&engine, asset, &view, *format)?;
            let mut name = format!("{:02}-{}", number + 1, file.file_name);
            while !names.insert(name.clone()) {
                name = format!("x-{name}");
            }
            add(&mut zip, &format!("{folder}/{name}"), &file, *format)?;
            files.push(name);
        }
        index.push((asset.title.clone(), files));
    }
    let language = assets.first().map_or("en", |asset| asset.language.as_str());
    let note =
        Rendered { bytes: note(kit_title, language, &view, &index).into_bytes(), media_type: Format::Txt.media_type(), file_name: String::new() };
    let name = if language == "de" { "00-LIESMICH.txt" } else { "00-README.txt" };
    add(&mut zip, &format!("{folder}/{name}"), &note, Format::Txt)?;
    let done = zip.finish().map_err(failed)?;
    Ok(done.into_inner())
}

fn failed(error: impl std::fmt::Display) -> RenderError {
    RenderError::Archive { message: error.to_string() }
}

fn add(zip: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, file: &Rendered, format: Format) -> Result<(), RenderError> {
    // Pictures are compressed already.
    let method = match format {
        Format::Png => CompressionMethod::Stored,
        _ => CompressionMethod::Deflated,
    };
    let options = SimpleFileOptions::default().compression_method(method).last_modified_time(DateTime::default()).unix_permissions(0o644);
    zip.start_file(name, options).map_err(failed)?;
    zip.write_all(&file.bytes).map_err(failed)
}

fn note(kit_title: &str, language: &str, brand: &BrandView, index: &[(String, Vec<String>)]) -> String {
    let mut out = if language == "de" {
        format!(
            "{kit_title}\nfür {} im Partnerprogramm von {}\n\nAlle Links in diesen Dateien führen über Ihren eigenen Link:\n{}\n\
             Bitte ändern Sie ihn nicht: Nur so wird die Wirkung der Kampagne Ihnen zugerechnet.\n\n",
            brand.name, brand.vendor_name, brand.link
        )
    } else {
        format!(
            "{kit_title}\nfor {} in the partner program of {}\n\nEvery link in these files is your own tracking link:\n{}\n\
             Please leave it as it is: it is how the results of this campaign are credited to you.\n\n",
            brand.name, brand.vendor_name, brand.link
        )
    };
    for (title, files) in index {
        out.push_str(&format!("{title}\n"));
        for file in files {
            out.push_str(&format!("  {file}\n"));
        }
        out.push('\n');
    }
    out
}
