//! The four files of an import: which is for what, told by its name when several are dropped at once.

use web_sys::File;
use yew::prelude::*;

use crate::{i18n::format, t, ui::FilePicker};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    Accounts,
    Products,
    SalesTeams,
    SalesPipeline,
}

impl Slot {
    pub const ALL: [Self; 4] = [Self::SalesPipeline, Self::Accounts, Self::Products, Self::SalesTeams];

    /// The field of the input.
    pub fn field(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Products => "products",
            Self::SalesTeams => "salesTeams",
            Self::SalesPipeline => "salesPipeline",
        }
    }

    fn label(self) -> String {
        match self {
            Self::Accounts => t!("import-file-accounts"),
            Self::Products => t!("import-file-products"),
            Self::SalesTeams => t!("import-file-teams"),
            Self::SalesPipeline => t!("import-file-pipeline"),
        }
    }

    fn hint(self) -> String {
        match self {
            Self::Accounts => t!("import-file-accounts-hint"),
            Self::Products => t!("import-file-products-hint"),
            Self::SalesTeams => t!("import-file-teams-hint"),
            Self::SalesPipeline => t!("import-file-pipeline-hint"),
        }
    }

    /// What a file is by its name.
    fn by_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        [("pipeline", Self::SalesPipeline), ("account", Self::Accounts), ("product", Self::Products), ("team", Self::SalesTeams)]
            .into_iter()
            .find(|(word, _)| name.contains(word))
            .map(|(_, slot)| slot)
    }
}

/// The files chosen so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Files(Vec<(Slot, File)>);

impl Files {
    pub fn get(&self, slot: Slot) -> Option<&File> {
        self.0.iter().find(|(known, _)| *known == slot).map(|(_, file)| file)
    }

    pub fn chosen(&self) -> impl Iterator<Item = &(Slot, File)> {
        self.0.iter()
    }

    fn without(&self, slot: Slot) -> Self {
        Self(self.0.iter().filter(|(known, _)| *known != slot).cloned().collect())
    }

    fn with(&self, slot: Slot, file: File) -> Self {
        let mut files = self.without(slot);
        files.0.push((slot, file));
        files
    }

    /// One file is for the field it was given to; of several, each for the one its name says.
    fn taken(&self, slot: Slot, given: Vec<File>) -> Self {
        let alone = given.len() == 1;
        given.into_iter().fold(self.clone(), |files, file| {
            let slot = if alone { Some(slot) } else { Slot::by_name(&file.name()) };
            slot.map_or_else(|| files.clone(), |slot| files.with(slot, file))
        })
    }
}

/// The size of a file for people.
fn size(bytes: f64) -> String {
    if bytes < 1_000_000.0 {
        t!("import-kilobytes", "n" => format::number((bytes / 1_000.0).ceil()))
    } else {
        t!("import-megabytes", "n" => format::number((bytes / 100_000.0).round() / 10.0))
    }
}

#[derive(PartialEq, Properties)]
pub struct FileFieldsProps {
    pub files: Files,
    pub onchange: Callback<Files>,
    /// What is wrong with a file, by its field.
    pub errors: Vec<(Slot, String)>,
}

#[component]
pub fn FileFields(props: &FileFieldsProps) -> Html {
    html! {
        <div class="e-import-files">
            { for Slot::ALL.into_iter().map(|slot| {
                let onfiles = {
                    let (files, onchange) = (props.files.clone(), props.onchange.clone());
                    Callback::from(move |given: Vec<File>| onchange.emit(files.taken(slot, given)))
                };
                let onclear = {
                    let (files, onchange) = (props.files.clone(), props.onchange.clone());
                    Callback::from(move |()| onchange.emit(files.without(slot)))
                };
                let chosen = props.files.get(slot).map(|file| AttrValue::from(format!("{} · {}", file.name(), size(file.size()))));
                html! {
                    <FilePicker
                        key={slot.field()}
                        id={format!("import-{}", slot.field())}
                        label={slot.label()}
                        accept=".csv,text/csv"
                        hint={slot.hint()}
                        multiple=true
                        required={slot == Slot::SalesPipeline}
                        {chosen}
                        {onfiles}
                        {onclear}
                        clear_label={t!("import-file-remove", "name" => slot.label())}
                        error={props.errors.iter().find(|(known, _)| *known == slot).map(|(_, text)| text.clone())}
                    />
                }
            }) }
        </div>
    }
}
