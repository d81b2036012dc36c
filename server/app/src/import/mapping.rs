//! What columns and values of the files are called elsewhere: one by one as aliases, or many in a small TOML file.

use std::collections::HashMap;

use serde::Serialize;
use toml::{Table, Value};

use super::files::FileRole;
use super::refusal::ImportRefusal;

/// Kinds of values that can be mapped, by the name that aliases and `[values.NAME]` use.
pub const FIELDS: [&str; 8] = ["product", "stage", "country", "account", "sector", "sales_agent", "manager", "regional_office"];

/// A value in the files and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alias {
    /// One of [`FIELDS`].
    pub field: String,
    /// The value in the files, exactly.
    pub from: String,
    /// What it stands for.
    pub to: String,
}

/// Reads an alias as it is given on the command line: `product:GTXPro=GTX Pro`. A value that has an equals sign in it
/// can only be mapped in a file.
pub fn parse_alias(text: &str) -> Result<Alias, ImportRefusal> {
    let wrong = |reason: &str| ImportRefusal::MappingInvalid { at: format!("alias `{text}`"), alias: None, reason: reason.to_owned() };
    let shape = "an alias is FIELD:VALUE=WHAT IT STANDS FOR, as product:GTXPro=GTX Pro";
    let (field, rest) = text.split_once(':').ok_or_else(|| wrong(shape))?;
    let (from, to) = rest.split_once('=').ok_or_else(|| wrong(shape))?;
    let alias = Alias { field: field.trim().to_owned(), from: from.trim().to_owned(), to: to.trim().to_owned() };
    check(&alias).map_err(|reason| wrong(&reason))?;
    Ok(alias)
}

fn check(alias: &Alias) -> Result<(), String> {
    if !FIELDS.contains(&alias.field.as_str()) {
        return Err(format!("there is no field `{}`; the fields are {}", alias.field, FIELDS.join(", ")));
    }
    if alias.from.is_empty() || alias.to.is_empty() {
        return Err("neither the value nor what it stands for may be empty".to_owned());
    }
    Ok(())
}

/// Names of columns and meanings of values.
#[derive(Debug, Clone, Default)]
pub(super) struct Mapping {
    columns: HashMap<(FileRole, &'static str), String>,
    values: HashMap<&'static str, HashMap<String, String>>,
}

impl Mapping {
    /// Reads aliases and TOML; an alias goes before the TOML where both map a value.
    pub(super) fn new(aliases: &[Alias], toml: Option<&str>) -> Result<Self, ImportRefusal> {
        let mut mapping = Self::default();
        if let Some(text) = toml {
            mapping.read(text)?;
        }
        let mut seen: HashMap<(&str, &str), &str> = HashMap::new();
        for (i, alias) in aliases.iter().enumerate() {
            let at = format!("alias `{}:{}={}`", alias.field, alias.from, alias.to);
            let wrong = |reason| ImportRefusal::MappingInvalid { at: at.clone(), alias: Some(i), reason };
            check(alias).map_err(&wrong)?;
            if seen.insert((&alias.field, &alias.from), &alias.to).is_some_and(|before| before != alias.to) {
                return Err(wrong("another alias says that the same value stands for something else".to_owned()));
            }
            if let Some(field) = FIELDS.iter().find(|f| **f == alias.field) {
                mapping.values.entry(field).or_default().insert(alias.from.clone(), alias.to.clone());
            }
        }
        Ok(mapping)
    }

    fn read(&mut self, text: &str) -> Result<(), ImportRefusal> {
        let top: Table = text.parse().map_err(|e: toml::de::Error| wrong("mapping", format!("is not TOML: {}", e.message())))?;
        for (section, value) in &top {
            match section.as_str() {
                "columns" => self.read_columns(table(section, value)?)?,
                "values" => self.read_values(table(section, value)?)?,
                _ => return Err(wrong(section, "is not known; the sections are [columns] and [values.FIELD]".to_owned())),
            }
        }
        Ok(())
    }

    fn read_columns(&mut self, files: &Table) -> Result<(), ImportRefusal> {
        for (file, columns) in files {
            let at = format!("columns.{file}");
            let names: Vec<&str> = FileRole::ALL.iter().map(|r| r.key()).collect();
            let role = FileRole::ALL.into_iter().find(|r| r.key() == file);
            let role = role.ok_or_else(|| wrong(&at, format!("is not known; the files are {}", names.join(", "))))?;
            for (column, name) in table(&at, columns)? {
                let at = format!("{at}.{column}");
                let key = role.columns().iter().find(|c| **c == column);
                let key = key.ok_or_else(|| wrong(&at, format!("is not known; the columns are {}", role.columns().join(", "))))?;
                self.columns.insert((role, key), string(&at, name)?);
            }
        }
        Ok(())
    }

    fn read_values(&mut self, fields: &Table) -> Result<(), ImportRefusal> {
        for (field, values) in fields {
            let at = format!("values.{field}");
            let key = FIELDS.iter().find(|f| **f == field);
            let key = key.ok_or_else(|| wrong(&at, format!("is not known; the fields are {}", FIELDS.join(", "))))?;
            for (from, to) in table(&at, values)? {
                let to = string(&format!("{at}.{from}"), to)?;
                self.values.entry(key).or_default().insert(from.trim().to_owned(), to);
            }
        }
        Ok(())
    }

    /// What a column of ours is called in the file.
    pub(super) fn column<'a>(&'a self, role: FileRole, column: &'static str) -> &'a str {
        self.columns.get(&(role, column)).map_or(column, String::as_str)
    }

    /// What a value stands for: itself, unless it is mapped.
    pub(super) fn value<'a>(&'a self, field: &str, value: &'a str) -> &'a str {
        self.values.get(field).and_then(|m| m.get(value)).map_or(value, String::as_str)
    }
}

/// How alike two names must be for one to be offered in place of the other, from 0 to 1.
const ALIKE: f64 = 0.9;

/// The one whose name is most like this one, if it is much alike.
pub(super) fn most_similar<T: Copy>(name: &str, among: impl Iterator<Item = T>, name_of: impl Fn(&T) -> &str) -> Option<T> {
    let name = name.to_lowercase();
    let scored = among.map(|one| (strsim::jaro_winkler(&name, &name_of(&one).to_lowercase()), one));
    scored.filter(|(score, _)| *score >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, one)| one)
}

fn wrong(at: &str, reason: String) -> ImportRefusal {
    ImportRefusal::MappingInvalid { at: at.to_owned(), alias: None, reason }
}

fn table<'a>(at: &str, value: &'a Value) -> Result<&'a Table, ImportRefusal> {
    value.as_table().ok_or_else(|| wrong(at, "must be a table".to_owned()))
}

fn string(at: &str, value: &Value) -> Result<String, ImportRefusal> {
    let text = value.as_str().map(str::trim).filter(|s| !s.is_empty());
    text.map(str::to_owned).ok_or_else(|| wrong(at, "must be a text that is not empty".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_read_as_it_is_typed() {
        let alias = parse_alias("product:GTXPro=GTX Pro").unwrap();
        assert_eq!(alias, Alias { field: "product".into(), from: "GTXPro".into(), to: "GTX Pro".into() });
        for wrong in ["GTXPro=GTX Pro", "product:GTXPro", "colour:a=b", "product:=b", "product:a= "] {
            assert_eq!(parse_alias(wrong).map_err(|e| e.code()), Err("MAPPING_INVALID"), "{wrong}");
        }
    }

    #[test]
    fn a_file_names_columns_and_values() {
        let toml =
            "[columns]\nsales_pipeline.opportunity_id = \"Opp ID\"\n[values.product]\n\"GTXPro\" = \"GTX Plus\"\n[values.country]\nKorea = \"KR\"\n";
        let mapping = Mapping::new(&[parse_alias("product:GTXPro=GTX Pro").unwrap()], Some(toml)).unwrap();
        assert_eq!(mapping.column(FileRole::SalesPipeline, "opportunity_id"), "Opp ID");
        assert_eq!(mapping.column(FileRole::Products, "product"), "product");
        assert_eq!(mapping.value("product", "GTXPro"), "GTX Pro", "the alias goes first");
        assert_eq!(mapping.value("country", "Korea"), "KR");
        assert_eq!(mapping.value("country", "Kenya"), "Kenya");
    }

    #[test]
    fn what_is_not_known_is_named() {
        for (toml, named) in [
            ("[colums]\n", "colums"),
            ("[columns]\npipeline.id = \"x\"\n", "columns.pipeline"),
            ("[columns]\nsales_pipeline.id = \"x\"\n", "columns.sales_pipeline.id"),
            ("[columns]\nsales_pipeline.product = 7\n", "columns.sales_pipeline.product"),
            ("[values.colour]\na = \"b\"\n", "values.colour"),
            ("[values]\nproduct = 1\n", "values.product"),
            ("[values.product]\na = \"\"\n", "values.product.a"),
            ("not toml", "mapping"),
        ] {
            match Mapping::new(&[], Some(toml)) {
                Err(ImportRefusal::MappingInvalid { at, .. }) => assert_eq!(at, named),
                other => panic!("{toml}: {other:?}"),
            }
        }
        let two = [parse_alias("product:a=b").unwrap(), parse_alias("product:a=c").unwrap()];
        assert_eq!(Mapping::new(&two, None).map_err(|e| e.path()).err(), Some(vec!["input".to_owned(), "aliases".into(), "1".into()]));
    }
}
