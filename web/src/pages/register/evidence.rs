//! Evidence and the program's own fields in the registration form.

use entente_domain::deal::evidence::EvidenceRules;
use entente_web_api::desk::{CustomField, EvidenceUse, FieldKind};
use yew::prelude::*;

use super::form::FieldsProps;
use crate::{
    pages::deal::evidence_files::EvidenceFiles,
    t,
    ui::{Choice, DateField, Select, TextAreaField, TextField},
};

/// The domain's rules of evidence out of what the server says of them.
pub fn rules(of: &entente_web_api::desk::EvidenceRules) -> EvidenceRules {
    use entente_domain::deal::evidence::EvidenceUse as Use;
    let counts = match of.counts {
        EvidenceUse::Off => Use::Off,
        EvidenceUse::Shown => Use::Shown,
        EvidenceUse::MinimumToRegister => Use::MinimumToRegister,
        EvidenceUse::MinimumToApprove => Use::MinimumToApprove,
    };
    EvidenceRules {
        counts,
        minimum: of.minimum,
        meeting: of.meeting,
        contact: of.contact,
        discovery: of.discovery,
        budget: of.budget,
        files: of.files,
    }
}

/// The program's own fields as the domain knows them.
pub fn own(fields: &[CustomField]) -> Vec<entente_domain::rules::fields::CustomField> {
    use entente_domain::rules::fields::{CustomField as Own, FieldKind as Kind};
    let kind = |kind| match kind {
        FieldKind::Text => Kind::Text,
        FieldKind::Number => Kind::Number,
        FieldKind::Date => Kind::Date,
        FieldKind::Choice => Kind::Choice,
    };
    let one =
        |f: &CustomField| Own { key: f.key.clone(), name: f.name.clone(), kind: kind(f.kind), options: f.options.clone(), required: f.required };
    fields.iter().map(one).collect()
}

/// What the program says of the score, where it counts.
fn score_hint(props: &FieldsProps) -> Option<String> {
    let of = &props.program.rules().evidence;
    let score = rules(of).score(&props.draft.evidence());
    match of.counts {
        EvidenceUse::Off => None,
        EvidenceUse::Shown => Some(t!("desk-score-now", "score" => score)),
        EvidenceUse::MinimumToRegister => Some(t!("desk-score-register", "score" => score, "minimum" => of.minimum)),
        EvidenceUse::MinimumToApprove => Some(t!("desk-score-approve", "score" => score, "minimum" => of.minimum)),
    }
}

/// Meeting, discovery, budget, files.
pub fn evidence(props: &FieldsProps) -> Html {
    let draft = &props.draft;
    let onfiles = {
        let (draft, onchange) = (draft.clone(), props.onchange.clone());
        Callback::from(move |files| onchange.emit(super::draft::Draft { files, ..draft.clone() }))
    };
    html! {
        <>
            <h2 id="evidence" tabindex="-1">{ t!("desk-evidence") }</h2>
            <p class="e-field__hint" aria-live="polite">{ score_hint(props).unwrap_or_else(|| t!("desk-evidence-lead")) }</p>
            if let Some(error) = props.error("evidence") { <p class="e-field__error">{ error }</p> }
            <div class="e-form__row">
                <DateField id="metOn" label={t!("desk-meeting")} value={draft.met_on.clone()}
                    onchange={props.typed(|draft, text| draft.met_on = text)} onblur={props.left("metOn")} error={props.error("metOn")} />
                <TextField id="budget" label={t!("desk-budget")} value={draft.budget.clone()} maxlength="200" autocomplete="off"
                    oninput={props.typed(|draft, text| draft.budget = text)} onblur={props.left("budget")} hint={t!("desk-budget-hint")} error={props.error("budget")} />
            </div>
            <TextAreaField id="discoveryNotes" label={t!("desk-discovery")} value={draft.discovery.clone()} rows={3} maxlength="4000"
                oninput={props.typed(|draft, text| draft.discovery = text)} hint={t!("desk-discovery-hint")} error={props.error("discoveryNotes")} />
            <EvidenceFiles id="fileIds" files={draft.files.clone()} onchange={onfiles} />
        </>
    }
}

/// The program's own fields.
pub fn own_fields(props: &FieldsProps) -> Html {
    let fields = &props.program.rules().fields;
    if fields.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h2>{ t!("desk-own-fields") }</h2>
            { for fields.iter().map(|field| own_field(props, field)) }
        </>
    }
}

fn own_field(props: &FieldsProps, field: &CustomField) -> Html {
    let (id, name) = (field.key.clone(), field.key.clone());
    let key = id.clone();
    let value = props.draft.fields.get(&name).cloned().unwrap_or_default();
    let put = props.typed(move |draft, text| {
        draft.fields.insert(name.clone(), text);
    });
    let error = props.error(&field.key);
    let label = field.name.clone();
    match field.kind {
        FieldKind::Text | FieldKind::Number => html! {
            <TextField {key} {id} {label} {value} oninput={put} required={field.required} autocomplete="off"
                inputmode={(field.kind == FieldKind::Number).then_some(AttrValue::from("decimal"))} {error} />
        },
        FieldKind::Date => html! { <DateField {key} {id} {label} {value} onchange={put} required={field.required} {error} /> },
        FieldKind::Choice => {
            let choices: Vec<Choice> = field.options.iter().map(|o| Choice::new(o.clone(), o.clone())).collect();
            html! {
                <Select {key} {id} {label} {choices} {value} onchange={put} required={field.required} placeholder={t!("desk-choose")} {error} />
            }
        }
    }
}
