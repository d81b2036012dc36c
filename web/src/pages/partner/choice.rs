//! Choosing a partner by typing, for the vendor's staff: whom a kit is for, whom a new account belongs to.

use entente_web_api::{
    QueryBuilder,
    deal::PartnerRef,
    partner::{PartnerOptionsQuery, PartnerOptionsVariables},
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    remote::use_query,
    t,
    ui::{Choice, Combobox},
};

const PAUSE_MS: u32 = 180;

#[derive(PartialEq, Properties)]
pub struct PartnerChoiceProps {
    pub id: AttrValue,
    pub label: AttrValue,
    /// The name of the partner that is chosen.
    #[prop_or_default]
    pub chosen: AttrValue,
    pub onchoose: Callback<PartnerRef>,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<String>,
}

#[component]
pub fn PartnerChoice(props: &PartnerChoiceProps) -> Html {
    let search = use_state_eq(|| None::<String>);
    let pause = use_mut_ref(|| None::<Timeout>);
    let query = use_query(PartnerOptionsVariables { search: (*search).clone() }, PartnerOptionsQuery::build);
    let partners: Vec<PartnerRef> = query.data().map(|data| data.partners.nodes.clone()).unwrap_or_default();
    let options = partners.iter().map(|partner| Choice::new(partner.id.inner().to_owned(), partner.name.clone())).collect::<Vec<_>>();
    let onsearch = {
        let search = search.setter();
        Callback::from(move |text: String| {
            let (search, text) = (search.clone(), text.trim().to_owned());
            let set = move || search.set((!text.is_empty()).then_some(text));
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MS, set));
        })
    };
    let onchoose = {
        let onchoose = props.onchoose.clone();
        Callback::from(move |choice: Choice| {
            if let Some(partner) = partners.iter().find(|partner| partner.id.inner() == choice.value.as_str()) {
                onchoose.emit(partner.clone());
            }
        })
    };
    html! {
        <Combobox
            id={props.id.clone()}
            label={props.label.clone()}
            {options}
            chosen={props.chosen.clone()}
            {onsearch}
            {onchoose}
            nothing={t!("directory-choice-empty")}
            required={props.required}
            hint={props.hint.clone()}
            error={props.error.clone()}
        />
    }
}
