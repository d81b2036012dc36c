//! The parts of a backup on disk: compressed, hashed as they go by, and documents told apart by their own length.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::Part;

/// Fewest bytes of a document: its length and the zero at its end.
const DOCUMENT_MIN: usize = 5;
/// Most bytes of a document that MongoDB stores, with room for what it adds itself.
const DOCUMENT_MAX: usize = 17 * 1024 * 1024;

/// Where the documents of a collection are.
pub(super) fn collection(folder: &Path, name: &str) -> PathBuf {
    folder.join("collections").join(format!("{name}.bson.gz"))
}

/// Where a file is.
pub(super) fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join("files").join(name)
}

/// What goes by, counted and hashed.
#[derive(Default)]
pub(super) struct Tally {
    hash: Sha256,
    bytes: u64,
}

impl Tally {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    pub(super) fn part(self, name: &str, documents: Option<u64>) -> Part {
        let sha256 = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Part { name: name.to_owned(), documents, bytes: self.bytes, sha256 }
    }
}

/// Writes documents to a file of their own.
pub(super) struct Writer {
    out: GzEncoder<BufWriter<File>>,
    tally: Tally,
}

impl Writer {
    pub(super) fn create(path: &Path) -> Result<Self> {
        let file = create(path)?;
        Ok(Self { out: GzEncoder::new(BufWriter::new(file), Compression::fast()), tally: Tally::default() })
    }

    pub(super) fn document(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.tally.add(bytes);
        self.out.write_all(bytes)
    }

    /// Everything is on the disk when this returns.
    pub(super) fn finish(self, name: &str, documents: u64) -> Result<Part> {
        let file = self.out.finish()?.into_inner().map_err(|error| error.into_error())?;
        file.sync_all()?;
        Ok(self.tally.part(name, Some(documents)))
    }
}

/// A new file, with the folders that lead to it.
fn create(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    File::create_new(path).with_context(|| format!("cannot make {}", path.display()))
}

/// Writes a whole file and answers what it is.
pub(super) fn write_file(path: &Path, name: &str, bytes: &[u8]) -> Result<Part> {
    let mut file = create(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(tally(name, bytes))
}

/// What these bytes are as a part.
pub(super) fn tally(name: &str, bytes: &[u8]) -> Part {
    let mut tally = Tally::default();
    tally.add(bytes);
    tally.part(name, None)
}

/// Reads the documents of a file.
pub(super) struct Reader(BufReader<GzDecoder<BufReader<File>>>);

impl Reader {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self(BufReader::new(GzDecoder::new(BufReader::new(file)))))
    }

    /// The next document; none at the end. A file that ends within one is an error.
    pub(super) fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut head = [0; 4];
        let first = self.0.read(&mut head)?;
        if first == 0 {
            return Ok(None);
        }
        self.0.read_exact(&mut head[first..])?;
        let length = usize::try_from(i32::from_le_bytes(head)).unwrap_or(0);
        if !(DOCUMENT_MIN..=DOCUMENT_MAX).contains(&length) {
            return Err(io::Error::new(ErrorKind::InvalidData, "a document has an impossible length"));
        }
        let mut document = vec![0; length];
        document[..4].copy_from_slice(&head);
        self.0.read_exact(&mut document[4..])?;
        Ok(Some(document))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(n: u8) -> Vec<u8> {
        // An empty document, and one with a field `a` that is an integer.
        if n == 0 { vec![5, 0, 0, 0, 0] } else { vec![12, 0, 0, 0, 16, b'a', 0, n, 0, 0, 0, 0] }
    }

    #[test]
    fn documents_come_back_as_they_were_and_a_file_that_breaks_off_is_noticed() {
        let folder = std::env::temp_dir().join(format!("entente-parts-{}", std::process::id()));
        let path = collection(&folder, "things");
        let mut writer = Writer::create(&path).unwrap();
        for n in 0..3 {
            writer.document(&document(n)).unwrap();
        }
        let part = writer.finish("things", 3).unwrap();
        assert_eq!((part.documents, part.bytes, part.sha256.len()), (Some(3), 29, 64));
        let mut reader = Reader::open(&path).unwrap();
        let mut tally = Tally::default();
        for n in 0..3 {
            let next = reader.next().unwrap().unwrap();
            assert_eq!(next, document(n));
            tally.add(&next);
        }
        assert!(reader.next().unwrap().is_none());
        assert_eq!(tally.part("things", Some(3)), part);
        assert!(Writer::create(&path).is_err(), "nothing is written over");

        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 12]).unwrap();
        let mut reader = Reader::open(&path).unwrap();
        let end = (0..4).find_map(|_| reader.next().err());
        assert!(end.is_some());
        fs::remove_dir_all(folder).unwrap();
    }
}
