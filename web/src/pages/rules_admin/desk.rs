//! What a draft of the rules says of evidence, of protection and of the program's own fields: as typed, and its fields.

use entente_web_api::desk::{
    CustomField, CustomFieldInput, EvidenceRules, EvidenceRulesInput, EvidenceUse, ExtensionRule, FieldKind, ProtectionTerms, ProtectionTermsInput,
};
use yew::prelude::*;

use super::draft::Draft;
use super::form::{FieldsProps, section_error};
use crate::{
    t, texts,
    ui::{Button, CheckField, Choice, IconButton, IconName, Select, TextField},
};

/// Evidence, protection and own fields, as typed.
#[derive(Clone, Debug, PartialEq)]
pub struct DeskDraft {
    pub counts: String,
    pub minimum: String,
    /// Weights of meeting, contact, discovery, budget and files.
    pub weights: [String; 5],
    pub certified: bool,
    pub fields: Vec<FieldRow>,
    pub extension: String,
    pub extension_days: String,
    pub inactivity: String,
    /// Days, separated by commas.
    pub reminders: String,
}

/// A field of the program's own, as typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldRow {
    pub key: String,
    pub name: String,
    pub kind: String,
    /// Separated by commas.
    pub options: String,
    pub required: bool,
}

const USES: [(&str, EvidenceUse); 4] = [
    ("OFF", EvidenceUse::Off),
    ("SHOWN", EvidenceUse::Shown),
    ("MINIMUM_TO_REGISTER", EvidenceUse::MinimumToRegister),
    ("MINIMUM_TO_APPROVE", EvidenceUse::MinimumToApprove),
];
const EXTENSIONS: [(&str, ExtensionRule); 3] = [("OFF", ExtensionRule::Off), ("ONCE", ExtensionRule::Once), ("UNLIMITED", ExtensionRule::Unlimited)];
const KINDS: [(&str, FieldKind); 4] =
    [("TEXT", FieldKind::Text), ("NUMBER", FieldKind::Number), ("DATE", FieldKind::Date), ("CHOICE", FieldKind::Choice)];

fn name_of<T: PartialEq + Copy>(all: &[(&'static str, T)], value: T) -> String {
    all.iter().find(|(_, known)| *known == value).map_or("", |(name, _)| name).to_owned()
}

fn value_of<T: Copy>(all: &[(&'static str, T)], name: &str, default: T) -> T {
    all.iter().find(|(known, _)| *known == name).map_or(default, |(_, value)| *value)
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty())
}

impl DeskDraft {
    /// What a version says.
    pub fn of(e: &EvidenceRules, certified: bool, fields: &[CustomField], p: &ProtectionTerms) -> Self {
        Self {
            counts: name_of(&USES, e.counts),
            minimum: e.minimum.to_string(),
            weights: [e.meeting, e.contact, e.discovery, e.budget, e.files].map(|w| w.to_string()),
            certified,
            fields: fields
                .iter()
                .map(|f| FieldRow {
                    key: f.key.clone(),
                    name: f.name.clone(),
                    kind: name_of(&KINDS, f.kind),
                    options: f.options.join(", "),
                    required: f.required,
                })
                .collect(),
            extension: name_of(&EXTENSIONS, p.extension),
            extension_days: p.extension_days.to_string(),
            inactivity: p.inactivity_days.to_string(),
            reminders: p.reminder_days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        }
    }

    /// What is sent of evidence; `whole` reads a number and tells what cannot be read.
    pub fn evidence(&self, whole: &mut impl FnMut(&str, &str) -> i32) -> EvidenceRulesInput {
        let [meeting, contact, discovery, budget, files] = self.weights.each_ref().map(|w| whole("weights", w));
        EvidenceRulesInput {
            counts: value_of(&USES, &self.counts, EvidenceUse::Off),
            minimum: whole("minimum", &self.minimum),
            meeting,
            contact,
            discovery,
            budget,
            files,
        }
    }

    /// What is sent of protection.
    pub fn protection(&self, whole: &mut impl FnMut(&str, &str) -> i32) -> ProtectionTermsInput {
        let extension = value_of(&EXTENSIONS, &self.extension, ExtensionRule::Off);
        ProtectionTermsInput {
            extension,
            extension_days: if extension == ExtensionRule::Off { 0 } else { whole("extensionDays", &self.extension_days) },
            inactivity_days: whole("inactivityDays", &self.inactivity),
            reminder_days: parts(&self.reminders).map(|day| whole("reminderDays", day)).collect(),
        }
    }

    /// What is sent of the program's own fields.
    pub fn fields(&self) -> Vec<CustomFieldInput> {
        let field = |row: &FieldRow| {
            let kind = value_of(&KINDS, &row.kind, FieldKind::Text);
            let options = if kind == FieldKind::Choice { parts(&row.options).map(str::to_owned).collect() } else { Vec::new() };
            CustomFieldInput { key: row.key.trim().to_owned(), name: row.name.trim().to_owned(), kind, options, required: row.required }
        };
        self.fields.iter().map(field).collect()
    }
}

/// Evidence, the certified person and the program's own fields.
pub fn evidence(props: &FieldsProps) -> Html {
    let desk = &props.draft.desk;
    let uses = USES.iter().map(|(name, value)| Choice::new((*name).to_owned(), use_name(*value))).collect::<Vec<_>>();
    let labels = [t!("desk-meeting"), t!("desk-contact"), t!("desk-discovery"), t!("desk-budget"), t!("desk-files")];
    let weight = |(i, label): (usize, String)| {
        html! {
            <TextField key={i} id={format!("weight-{i}")} {label} value={desk.weights[i].clone()} inputmode="numeric" autocomplete="off"
                oninput={props.put(move |draft: &mut Draft, value| draft.desk.weights[i] = value)} />
        }
    };
    html! {
        <fieldset class="e-rules-group">
            <legend>{ t!("desk-evidence") }</legend>
            <p class="e-field__hint">{ t!("desk-rules-evidence-hint") }</p>
            <div class="e-form__row">
                <Select id="evidenceCounts" label={t!("desk-rules-counts")} choices={uses} value={desk.counts.clone()}
                    onchange={props.put(|draft: &mut Draft, value| draft.desk.counts = value)} />
                { props.number("minimum", t!("desk-rules-minimum"), &desk.minimum, None, |d, v| d.desk.minimum = v) }
            </div>
            <div class="e-form__row">{ for labels.into_iter().enumerate().map(weight) }</div>
            { section_error(props, "weights") }
            <CheckField id="certifiedRequired" label={html! { { t!("desk-rules-certified") } }} checked={desk.certified}
                onchange={props.put(|draft: &mut Draft, on| draft.desk.certified = on)} />
        </fieldset>
    }
}

/// The fields that the program asks for beside its own.
pub fn own_fields(props: &FieldsProps) -> Html {
    let kinds = KINDS.iter().map(|(name, value)| Choice::new((*name).to_owned(), kind_name(*value))).collect::<Vec<_>>();
    let row = |(i, row): (usize, &FieldRow)| {
        html! {
            <div class="e-rules-row" key={i} role="group" aria-label={t!("rules-override", "n" => i + 1)}>
                <TextField id={format!("field-name-{i}")} label={t!("rules-field-name")} value={row.name.clone()} autocomplete="off" maxlength="200"
                    oninput={props.put(move |draft: &mut Draft, value| draft.desk.fields[i].name = value)} />
                <TextField id={format!("field-key-{i}")} label={t!("desk-rules-key")} value={row.key.clone()} autocomplete="off" maxlength="40"
                    oninput={props.put(move |draft: &mut Draft, value| draft.desk.fields[i].key = value)} />
                <Select id={format!("field-kind-{i}")} label={t!("desk-rules-kind")} choices={kinds.clone()} value={row.kind.clone()}
                    onchange={props.put(move |draft: &mut Draft, value| draft.desk.fields[i].kind = value)} />
                if row.kind == "CHOICE" {
                    <TextField id={format!("field-options-{i}")} label={t!("desk-rules-options")} value={row.options.clone()} autocomplete="off"
                        oninput={props.put(move |draft: &mut Draft, value| draft.desk.fields[i].options = value)} />
                }
                <CheckField id={format!("field-required-{i}")} label={html! { { t!("desk-rules-required") } }} checked={row.required}
                    onchange={props.put(move |draft: &mut Draft, on| draft.desk.fields[i].required = on)} />
                <IconButton name={IconName::Trash} label={t!("rules-remove", "n" => i + 1)}
                    onclick={props.put(move |draft: &mut Draft, _: MouseEvent| { draft.desk.fields.remove(i); })} />
            </div>
        }
    };
    let wrong = props.errors.iter().find(|e| e.path.iter().any(|part| part == "fields")).map(|e| e.message.clone());
    let fresh = FieldRow { kind: "TEXT".into(), ..FieldRow::default() };
    html! {
        <fieldset class="e-rules-group">
            <legend>{ t!("desk-rules-fields") }</legend>
            <p class="e-field__hint">{ t!("desk-rules-fields-hint") }</p>
            { for props.draft.desk.fields.iter().enumerate().map(row) }
            if let Some(wrong) = wrong { <p class="e-field__error">{ wrong }</p> }
            <div>
                <Button small=true icon={IconName::Plus}
                    onclick={props.put(move |draft: &mut Draft, _: MouseEvent| draft.desk.fields.push(fresh.clone()))}>
                    { t!("desk-rules-add-field") }
                </Button>
            </div>
        </fieldset>
    }
}

/// How protection is extended, reminded of and ended.
pub fn protection(props: &FieldsProps) -> Html {
    let desk = &props.draft.desk;
    let extensions = EXTENSIONS.iter().map(|(name, value)| Choice::new((*name).to_owned(), extension_name(*value))).collect::<Vec<_>>();
    html! {
        <>
            <div class="e-form__row">
                <Select id="extension" label={t!("desk-rules-extension")} choices={extensions} value={desk.extension.clone()}
                    onchange={props.put(|draft: &mut Draft, value| draft.desk.extension = value)} />
                if desk.extension != "OFF" {
                    { props.number("extensionDays", t!("desk-rules-extension-days"), &desk.extension_days, None, |d, v| d.desk.extension_days = v) }
                }
                { props.number("inactivityDays", t!("desk-rules-inactivity"), &desk.inactivity, Some(t!("desk-rules-inactivity-hint")), |d, v| d.desk.inactivity = v) }
            </div>
            <TextField id="reminderDays" label={t!("desk-rules-reminders")} hint={t!("desk-rules-reminders-hint")} value={desk.reminders.clone()}
                autocomplete="off" oninput={props.put(|draft: &mut Draft, value| draft.desk.reminders = value)}
                error={texts::error_for(&props.errors, "reminderDays")} />
        </>
    }
}

fn use_name(counts: EvidenceUse) -> String {
    match counts {
        EvidenceUse::Off => t!("desk-use-off"),
        EvidenceUse::Shown => t!("desk-use-shown"),
        EvidenceUse::MinimumToRegister => t!("desk-use-register"),
        EvidenceUse::MinimumToApprove => t!("desk-use-approve"),
    }
}

fn extension_name(rule: ExtensionRule) -> String {
    match rule {
        ExtensionRule::Off => t!("desk-extension-off"),
        ExtensionRule::Once => t!("desk-extension-once"),
        ExtensionRule::Unlimited => t!("desk-extension-unlimited"),
    }
}

fn kind_name(kind: FieldKind) -> String {
    match kind {
        FieldKind::Text => t!("desk-kind-text"),
        FieldKind::Number => t!("desk-kind-number"),
        FieldKind::Date => t!("desk-kind-date"),
        FieldKind::Choice => t!("desk-kind-choice"),
    }
}
