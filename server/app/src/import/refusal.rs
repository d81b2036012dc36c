//! Why an import as a whole is refused. Nothing has been written then.

use super::files::FileRole;
use crate::idempotency::KeyRefusal;

/// Why an import is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportRefusal {
    /// The actor's role may not import.
    #[error("Only administrators of the vendor may import.")]
    NotAllowed,
    /// The idempotency key cannot be used.
    #[error("{}", match .0 { KeyRefusal::Reused => "idempotencyKey was used with other input; make a new one.", KeyRefusal::Invalid => "idempotencyKey must have 1 to 200 printable characters." })]
    Key(KeyRefusal),
    /// Another import runs.
    #[error("Another import is running; wait until it has ended.")]
    AlreadyRunning,
    /// The file is not there: never uploaded, or not in the folder.
    #[error("There is no file for {}: {name}.", role.key())]
    FileNotFound {
        /// Which file.
        role: FileRole,
        /// Its id or path.
        name: String,
    },
    /// The file cannot be read as a table at all.
    #[error("{file}{}: {reason}.", line.map(|l| format!(", line {l}")).unwrap_or_default())]
    FileBroken {
        /// Which file.
        role: FileRole,
        /// Its name.
        file: String,
        /// Where, from 1.
        line: Option<u64>,
        /// What is wrong.
        reason: String,
    },
    /// A column is missing in the header.
    #[error("{file} has no column `{column}`; its columns are {found}. Another name can be given in the mapping: [columns] {}.{key} = \"...\".", role.key())]
    ColumnMissing {
        /// Which file.
        role: FileRole,
        /// Its name.
        file: String,
        /// The column by the name that was looked for.
        column: String,
        /// The column by our name.
        key: &'static str,
        /// What the header has.
        found: String,
    },
    /// An alias or the mapping cannot be used.
    #[error("{at}: {reason}.")]
    MappingInvalid {
        /// The key of the mapping, or the alias.
        at: String,
        /// Whether it is an alias, by its place in the list; else it is in the mapping.
        alias: Option<usize>,
        /// What is wrong.
        reason: String,
    },
}

impl From<KeyRefusal> for ImportRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

impl ImportRefusal {
    /// The code on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "NOT_ALLOWED",
            Self::Key(KeyRefusal::Reused) => "IDEMPOTENCY_KEY_REUSED",
            Self::Key(KeyRefusal::Invalid) => "INVALID_INPUT",
            Self::AlreadyRunning => "ALREADY_RUNNING",
            Self::FileNotFound { .. } => "NOT_FOUND",
            Self::FileBroken { .. } => "FILE_BROKEN",
            Self::ColumnMissing { .. } => "COLUMN_MISSING",
            Self::MappingInvalid { .. } => "MAPPING_INVALID",
        }
    }

    /// Path of the field in the input of `crmImport`; empty when it is about no field.
    pub fn path(&self) -> Vec<String> {
        match self {
            Self::NotAllowed | Self::AlreadyRunning => Vec::new(),
            Self::Key(_) => vec!["input".into(), "idempotencyKey".into()],
            Self::FileNotFound { role, .. } | Self::FileBroken { role, .. } | Self::ColumnMissing { role, .. } => {
                vec!["input".into(), role.argument().into()]
            }
            Self::MappingInvalid { alias: Some(i), .. } => vec!["input".into(), "aliases".into(), i.to_string()],
            Self::MappingInvalid { alias: None, .. } => vec!["input".into(), "mapping".into()],
        }
    }
}
