//! Saved views of the queue: choosing one, keeping the filters as they are, and looking after those that there are. The default
//! one is applied when the queue is opened without any filter.

use entente_web_api::{
    FieldError, Id, MutationBuilder, QueryBuilder,
    error::field_errors,
    saved_view::{
        SavedView, SavedViewCreate, SavedViewCreateInput, SavedViewCreateVariables, SavedViewDelete, SavedViewDeleteVariables, SavedViewList,
        SavedViewUpdate, SavedViewUpdateInput, SavedViewUpdateVariables, SavedViewsQuery, SavedViewsVariables,
    },
};
use yew::prelude::*;

use super::filters::Filters;
use crate::{
    notice::use_notifier,
    pages::register::fresh_key,
    remote::{use_action, use_query},
    t, texts,
    ui::{Button, ButtonKind, CheckField, EmptyState, Icon, IconButton, IconName, Menu, MenuEntry, Modal, TextField},
};

const NAME_ID: &str = "view-name";

#[derive(PartialEq, Properties)]
pub struct ViewsProps {
    pub filters: Filters,
    /// Whether the screen was opened without any filter, so that the default view applies.
    pub blank: bool,
    pub onapply: Callback<Filters>,
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    Save,
    Manage,
}

#[component]
pub fn Views(props: &ViewsProps) -> Html {
    let query = use_query(SavedViewsVariables { list: SavedViewList::Queue }, SavedViewsQuery::build);
    let open = use_state_eq(|| Open::Nothing);
    let views: Vec<SavedView> = query.data().map(|data| data.saved_views.clone()).unwrap_or_default();
    let settled = use_mut_ref(|| false);
    {
        let (blank, onapply, views) = (props.blank, props.onapply.clone(), views.clone());
        use_effect_with(query.data().is_some(), move |there| {
            if *there
                && !settled.replace(true)
                && blank
                && let Some(view) = views.iter().find(|view| view.is_default)
            {
                onapply.emit(Filters::from_query(&view.query));
            }
        });
    }
    let current = views.iter().find(|view| Filters::from_query(&view.query) == props.filters).map(|view| view.id.clone());
    let mut entries: Vec<MenuEntry> = views
        .iter()
        .map(|view| {
            let (onapply, filters) = (props.onapply.clone(), Filters::from_query(&view.query));
            let label = if view.is_default { t!("queue-view-default", "name" => view.name.clone()) } else { view.name.clone() };
            MenuEntry::new(label, Callback::from(move |()| onapply.emit(filters.clone()))).checked(current.as_ref() == Some(&view.id))
        })
        .collect();
    let go = |to: Open| {
        let open = open.setter();
        Callback::from(move |()| open.set(to))
    };
    let save = MenuEntry::new(t!("queue-view-save"), go(Open::Save)).icon(IconName::Plus);
    entries.push(if views.is_empty() { save } else { save.first() });
    if !views.is_empty() {
        entries.push(MenuEntry::new(t!("queue-view-manage"), go(Open::Manage)).icon(IconName::Pencil));
    }
    let name = views.iter().find(|view| Some(&view.id) == current.as_ref()).map_or_else(|| t!("queue-views"), |view| view.name.clone());
    html! {
        <>
            <Menu
                toggle={html! { <><Icon name={IconName::List} />{ " " }{ name }{ " " }<Icon name={IconName::ChevronDown} /></> }}
                label={t!("queue-views")}
                toggle_class={classes!("e-filter__toggle")}
                {entries}
            />
            { match *open {
                Open::Nothing => html! {},
                Open::Save => html! { <Save filters={props.filters.clone()} onclose={go(Open::Nothing)} ondone={query.on_reload()} /> },
                Open::Manage => html! {
                    <Manage {views} filters={props.filters.clone()} onclose={go(Open::Nothing)} onchanged={query.on_reload()} />
                },
            } }
        </>
    }
}

/// A refusal in the words of the screen.
fn said(errors: &[FieldError]) -> Option<String> {
    errors.first().map(|error| match error.code.as_str() {
        "NAME_TAKEN" => t!("queue-view-taken"),
        "REQUIRED" => t!("deal-refused-required"),
        "TOO_LONG" => t!("deal-refused-too-long"),
        "TOO_MANY" => t!("queue-view-too-many"),
        _ => error.message.clone(),
    })
}

#[derive(PartialEq, Properties)]
struct SaveProps {
    filters: Filters,
    onclose: Callback<()>,
    ondone: Callback<()>,
}

#[component]
fn Save(props: &SaveProps) -> Html {
    let notifier = use_notifier();
    let action = use_action();
    let key = use_state(fresh_key);
    let (name, default, problem) = (use_state(String::new), use_state_eq(|| false), use_state(|| None::<String>));
    let submit = {
        let (action, name, default, problem, key) = (action.clone(), name.clone(), default.clone(), problem.clone(), key.clone());
        let (query, onclose, ondone) = (props.filters.to_query(), props.onclose.clone(), props.ondone.clone());
        Callback::from(move |()| {
            let input = SavedViewCreateInput {
                list: SavedViewList::Queue,
                name: (*name).clone(),
                query: query.clone(),
                is_default: Some(*default),
                idempotency_key: Some((*key).clone()),
            };
            let (problem, notifier, onclose, ondone, key) = (problem.setter(), notifier.clone(), onclose.clone(), ondone.clone(), key.setter());
            action.run(SavedViewCreate::build(SavedViewCreateVariables { input }), move |answer| match answer {
                Err(error) => problem.set(Some(texts::api_error(&error))),
                Ok(data) => match data.saved_view_create.view {
                    Some(view) => {
                        notifier.success(t!("queue-view-saved", "name" => view.name));
                        onclose.emit(());
                        ondone.emit(());
                    }
                    None => {
                        key.set(fresh_key());
                        problem.set(said(&field_errors(data.saved_view_create.errors)));
                    }
                },
            });
        })
    };
    let onsubmit = {
        let submit = submit.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            submit.emit(());
        })
    };
    use_effect_with((), |()| {
        gloo_timers::callback::Timeout::new(0, || super::keys::focus(NAME_ID)).forget();
    });
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Primary} busy={action.busy} onclick={submit.reform(|_: MouseEvent| ())}>{ t!("queue-view-keep") }</Button>
        </>
    };
    html! {
        <Modal title={t!("queue-view-save")} onclose={props.onclose.clone()} {footer}>
            <form class="e-form" {onsubmit} novalidate=true>
                <TextField
                    id={NAME_ID}
                    label={t!("queue-view-name")}
                    value={(*name).clone()}
                    oninput={let name = name.setter(); Callback::from(move |text| name.set(text))}
                    maxlength="80"
                    autocomplete="off"
                    required=true
                    error={(*problem).clone()}
                />
                <CheckField
                    id="view-default"
                    label={html! { { t!("queue-view-begin") } }}
                    checked={*default}
                    onchange={let default = default.setter(); Callback::from(move |on| default.set(on))}
                />
            </form>
        </Modal>
    }
}

#[derive(PartialEq, Properties)]
struct ManageProps {
    views: Vec<SavedView>,
    filters: Filters,
    onclose: Callback<()>,
    onchanged: Callback<()>,
}

#[component]
fn Manage(props: &ManageProps) -> Html {
    let notifier = use_notifier();
    let action = use_action();
    let change = {
        let (action, notifier, onchanged) = (action.clone(), notifier.clone(), props.onchanged.clone());
        Callback::from(move |(id, input): (Id, SavedViewUpdateInput)| {
            let (notifier, onchanged) = (notifier.clone(), onchanged.clone());
            action.run(SavedViewUpdate::build(SavedViewUpdateVariables { id, input }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(data) => {
                    if let Some(problem) = said(&field_errors(data.saved_view_update.errors)) {
                        notifier.failure(problem);
                    }
                    onchanged.emit(());
                }
            });
        })
    };
    let remove = {
        let onchanged = props.onchanged.clone();
        Callback::from(move |id: Id| {
            let (notifier, onchanged) = (notifier.clone(), onchanged.clone());
            action.run(SavedViewDelete::build(SavedViewDeleteVariables { id }), move |answer| match answer {
                Err(error) => notifier.failure(texts::api_error(&error)),
                Ok(_) => onchanged.emit(()),
            });
        })
    };
    let row = |view: &SavedView| {
        let send = |input: SavedViewUpdateInput| {
            let (change, id) = (change.clone(), view.id.clone());
            Callback::from(move |_: MouseEvent| change.emit((id.clone(), input.clone())))
        };
        let onrename = {
            let (change, id, old) = (change.clone(), view.id.clone(), view.name.clone());
            Callback::from(move |event: Event| {
                let name = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
                if name != old {
                    change.emit((id.clone(), SavedViewUpdateInput { name: Some(name), ..SavedViewUpdateInput::default() }));
                }
            })
        };
        let onremove = {
            let (remove, id) = (remove.clone(), view.id.clone());
            Callback::from(move |_: MouseEvent| remove.emit(id.clone()))
        };
        let begin = SavedViewUpdateInput { is_default: Some(!view.is_default), ..SavedViewUpdateInput::default() };
        let take = SavedViewUpdateInput { query: Some(props.filters.to_query()), ..SavedViewUpdateInput::default() };
        html! {
            <li key={view.id.inner().to_owned()} class="e-views__row">
                <span class="pf-v6-c-form-control">
                    <input type="text" value={view.name.clone()} maxlength="80" onchange={onrename} aria-label={t!("queue-view-rename", "name" => view.name.clone())} />
                </span>
                <Button onclick={send(begin)}>{ if view.is_default { t!("queue-view-not-begin") } else { t!("queue-view-begin") } }</Button>
                <Button onclick={send(take)}>{ t!("queue-view-take") }</Button>
                <IconButton name={IconName::Trash} label={t!("queue-view-remove", "name" => view.name.clone())} onclick={onremove} />
            </li>
        }
    };
    html! {
        <Modal title={t!("queue-view-manage")} onclose={props.onclose.clone()} wide=true>
            if props.views.is_empty() {
                <EmptyState icon={IconName::List} title={t!("queue-views-none")} text={t!("queue-views-none-text")} />
            } else {
                <ul class="e-views">{ for props.views.iter().map(row) }</ul>
            }
        </Modal>
    }
}
