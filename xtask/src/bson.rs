//! Just enough BSON to speak the handful of commands that turn a fresh `mongod` into a replica set.
//!
//! The driver would bring an async runtime and two hundred crates into a tool that has to compile in seconds.

use anyhow::{Context, Result, bail, ensure};

/// A value. Types that no answer here is read for decode to [`Value::Other`].
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Double(f64),
    Text(String),
    Document(Document),
    Array(Vec<Value>),
    Bool(bool),
    Int(i32),
    Long(i64),
    Other,
}

/// A document: its fields in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document(pub Vec<(String, Value)>);

impl Document {
    /// The document with one more field.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// A field, if it is there.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// A text, if it is there and one.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A number, if it is there and one.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Value::Double(number)) => Some(*number as i64),
            Some(Value::Int(number)) => Some(i64::from(*number)),
            Some(Value::Long(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether a field is there and true.
    pub fn is_true(&self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }

    /// The bytes of the document.
    pub fn encode(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in &self.0 {
            encode_field(&mut body, name, value);
        }
        let length = i32::try_from(body.len() + 5).unwrap_or(i32::MAX);
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.append(&mut body);
        bytes.push(0);
        bytes
    }

    /// Reads a document that fills the bytes from the start; what follows it is left alone.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader { bytes };
        reader.document()
    }
}

fn encode_field(bytes: &mut Vec<u8>, name: &str, value: &Value) {
    let (kind, mut content) = match value {
        Value::Double(number) => (0x01, number.to_le_bytes().to_vec()),
        Value::Text(text) => {
            let length = i32::try_from(text.len() + 1).unwrap_or(i32::MAX);
            let mut content = length.to_le_bytes().to_vec();
            content.extend_from_slice(text.as_bytes());
            content.push(0);
            (0x02, content)
        }
        Value::Document(document) => (0x03, document.encode()),
        Value::Array(items) => {
            let fields = items.iter().enumerate().map(|(place, item)| (place.to_string(), item.clone()));
            (0x04, Document(fields.collect()).encode())
        }
        Value::Bool(flag) => (0x08, vec![u8::from(*flag)]),
        Value::Int(number) => (0x10, number.to_le_bytes().to_vec()),
        Value::Long(number) => (0x12, number.to_le_bytes().to_vec()),
        Value::Other => (0x0A, Vec::new()),
    };
    bytes.push(kind);
    bytes.extend_from_slice(name.as_bytes());
    bytes.push(0);
    bytes.append(&mut content);
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        ensure!(self.bytes.len() >= count, "the answer ends too early");
        let (taken, rest) = self.bytes.split_at(count);
        self.bytes = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        Ok(self.take(N)?.try_into()?)
    }

    fn length(&mut self) -> Result<usize> {
        usize::try_from(i32::from_le_bytes(self.array()?)).context("a negative length")
    }

    fn name(&mut self) -> Result<String> {
        let end = self.bytes.iter().position(|byte| *byte == 0).context("a name without an end")?;
        let name = String::from_utf8(self.take(end)?.to_vec())?;
        self.take(1)?;
        Ok(name)
    }

    fn document(&mut self) -> Result<Document> {
        let length = self.length()?;
        let mut inner = Reader { bytes: self.take(length.checked_sub(4).context("a document too short")?)? };
        let mut fields = Vec::new();
        loop {
            let [kind] = inner.array()?;
            if kind == 0 {
                return Ok(Document(fields));
            }
            let name = inner.name()?;
            fields.push((name, inner.value(kind)?));
        }
    }

    fn value(&mut self, kind: u8) -> Result<Value> {
        Ok(match kind {
            0x01 => Value::Double(f64::from_le_bytes(self.array()?)),
            0x02 => {
                let length = self.length()?;
                let text = self.take(length)?;
                Value::Text(String::from_utf8(text[..length.saturating_sub(1)].to_vec())?)
            }
            0x03 => Value::Document(self.document()?),
            0x04 => Value::Array(self.document()?.0.into_iter().map(|(_, value)| value).collect()),
            0x05 => {
                let length = self.length()?;
                self.take(length + 1)?;
                Value::Other
            }
            0x07 => self.skip(12)?,
            0x08 => Value::Bool(self.array::<1>()? != [0]),
            0x09 | 0x11 => self.skip(8)?,
            0x0A => Value::Other,
            0x10 => Value::Int(i32::from_le_bytes(self.array()?)),
            0x12 => Value::Long(i64::from_le_bytes(self.array()?)),
            other => bail!("a value of the unknown kind {other:#x}"),
        })
    }

    fn skip(&mut self, count: usize) -> Result<Value> {
        self.take(count)?;
        Ok(Value::Other)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<Document> for Value {
    fn from(document: Document) -> Self {
        Self::Document(document)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::Array(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let document = Document::default()
            .with("ping", 1)
            .with("name", "rs0")
            .with("flag", true)
            .with("members", vec![Document::default().with("host", "127.0.0.1:1").into()]);
        assert_eq!(Document::decode(&document.encode()).unwrap(), document);
    }

    #[test]
    fn a_cut_answer_is_an_error() {
        let bytes = Document::default().with("name", "rs0").encode();
        for length in 0..bytes.len() {
            assert!(Document::decode(&bytes[..length]).is_err());
        }
    }
}
