//! Puts the built front end into the binary: every file with its compressed twins, its type and its ETag, and the hashes
//! of the scripts inside `index.html` for the Content-Security-Policy.
//!
//! The folder is named by `ENTENTE_WEB_DIST`, else it is `web/dist` of the checkout. Without one the server says so.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

fn main() -> Result<()> {
    println!("cargo::rerun-if-env-changed=ENTENTE_WEB_DIST");
    println!("cargo::rerun-if-changed=build.rs");
    let named = env::var_os("ENTENTE_WEB_DIST").filter(|name| !name.is_empty()).map(PathBuf::from);
    let own = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../web/dist");
    let dist = named.unwrap_or(own);
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        collect(&dist, &dist, &mut files)?;
        files.sort();
    } else {
        println!("cargo::warning=no front end in {}: the server will say that it was not built", dist.display());
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    // Copied, so that a front end that is being built anew cannot pull the files from under the compiler.
    let copy = out.join("web");
    for name in &files {
        let (from, to) = (dist.join(name), copy.join(name));
        fs::create_dir_all(to.parent().unwrap_or(&copy))?;
        fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    let mut code = String::from("static FILES: &[File] = &[\n");
    for name in files.iter().filter(|name| !is_twin(name, &files)) {
        entry(&mut code, &copy, name, &files)?;
    }
    let scripts = if files.is_empty() { Vec::new() } else { script_hashes(&fs::read_to_string(copy.join("index.html"))?) };
    writeln!(code, "];\nstatic SCRIPT_HASHES: &[&str] = &{scripts:?};")?;
    let out = out.join("assets.rs");
    fs::write(&out, code).with_context(|| format!("cannot write {}", out.display()))
}

/// Names of the files below a folder, with slashes.
fn collect(root: &Path, folder: &Path, names: &mut Vec<String>) -> Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, names)?;
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
            names.push(path.strip_prefix(root)?.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

/// Whether it is the compressed form of another file.
fn is_twin(name: &str, all: &[String]) -> bool {
    [".br", ".gz"].iter().any(|ending| name.strip_suffix(ending).is_some_and(|plain| all.iter().any(|other| other == plain)))
}

fn entry(code: &mut String, dist: &Path, name: &str, all: &[String]) -> Result<()> {
    let path = dist.join(name);
    let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let etag = URL_SAFE_NO_PAD.encode(&Sha256::digest(&content)[..12]);
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let text = guess.type_() == "text" || ["javascript", "json"].contains(&guess.subtype().as_str());
    let media_type = if text { format!("{guess}; charset=utf-8") } else { guess.to_string() };
    let twin = |ending: &str| {
        let twin = format!("{name}{ending}");
        if all.contains(&twin) { format!("Some(include_bytes!({:?}))", dist.join(twin)) } else { "None".to_owned() }
    };
    writeln!(
        code,
        "    File {{ path: {:?}, media_type: {media_type:?}, etag: \"\\\"{etag}\\\"\", immutable: {}, plain: include_bytes!({path:?}), brotli: {}, gzip: {} }},",
        format!("/{name}"),
        is_hashed(name),
        twin(".br"),
        twin(".gz"),
    )?;
    Ok(())
}

/// Whether the file's name carries a hash of its content, as Trunk writes it: `name-0123456789abcdef.css`, `..._bg.wasm`.
/// The hash is a number in hex without zeros in front, so it is not always 16 digits long.
fn is_hashed(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.split(['-', '_', '.']).skip(1).any(|part| (12..=16).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// `'sha256-...'` of every script written inside the page.
fn script_hashes(page: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find("<script") {
        let Some((tag, after)) = rest[at..].split_once('>') else { break };
        let Some((body, after)) = after.split_once("</script>") else { break };
        if !tag.contains(" src=") && !body.is_empty() {
            hashes.push(format!("'sha256-{}'", STANDARD.encode(Sha256::digest(body))));
        }
        rest = after;
    }
    hashes
}
