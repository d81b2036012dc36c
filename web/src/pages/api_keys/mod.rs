//! Keys of integrators: what there is, who uses it, making one (its secret is shown once) and revoking.

mod create;

use entente_web_api::{
    MutationBuilder, QueryBuilder,
    api_key::{ApiKey, ApiKeyRevoke, ApiKeyRevokeVariables, ApiKeysQuery, ApiKeysVariables, ApiScope},
    error::field_errors,
    viewer::ViewerAction,
};
use yew::prelude::*;

use super::Forbidden;
use crate::{
    i18n::format,
    notice::use_notifier,
    paged::{PageOf, Paged, use_paged},
    remote::use_action,
    session::use_session,
    t, texts,
    ui::{Button, ButtonKind, Card, Column, EmptyState, IconName, Modal, PageHead, SkeletonBlock, Table, Tag, Tone},
};

const PAGE: i32 = 50;

#[component]
pub fn ApiKeys() -> Html {
    if !use_session().can(ViewerAction::ManageApiKeys) {
        return html! { <Forbidden /> };
    }
    html! { <Listing /> }
}

#[component]
fn Listing() -> Html {
    let creating = use_state_eq(|| false);
    let revoking = use_state_eq(|| None::<ApiKey>);
    let list = use_paged(
        ApiKeysVariables { first: Some(PAGE), after: None },
        |mut variables, after| {
            variables.after = after;
            ApiKeysQuery::build(variables)
        },
        |data: ApiKeysQuery| PageOf { nodes: data.api_keys.nodes, page_info: data.api_keys.page_info, total: data.api_keys.total_count },
    );
    let set_creating = |on: bool| {
        let creating = creating.setter();
        Callback::from(move |()| creating.set(on))
    };
    let onrevoke = {
        let revoking = revoking.setter();
        Callback::from(move |key: ApiKey| revoking.set(Some(key)))
    };
    let create = html! {
        <Button kind={ButtonKind::Primary} icon={IconName::Plus} onclick={set_creating(true).reform(|_: MouseEvent| ())}>
            { t!("settings-key-create") }
        </Button>
    };
    html! {
        <>
            <PageHead title={t!("nav-api-keys")} lead={t!("settings-keys-lead")}>{ create }</PageHead>
            { list.view(SkeletonBlock::Rows(4), |listed| {
                if listed.nodes.is_empty() {
                    return html! { <EmptyState icon={IconName::Key} title={t!("settings-keys-empty")} text={t!("settings-keys-empty-text")} /> };
                }
                html! {
                    <Card flush=true>
                        <Keys keys={listed.nodes.clone()} {onrevoke} />
                        { list.foot() }
                    </Card>
                }
            }) }
            if *creating {
                <create::Create onclose={set_creating(false)} oncreated={let list = list.clone(); Callback::from(move |()| list.reload())} />
            }
            if let Some(key) = (*revoking).clone() {
                <Revoke api_key={key} list={ListHandle(list)} onclose={let revoking = revoking.setter(); Callback::from(move |()| revoking.set(None))} />
            }
        </>
    }
}

fn scope_name(scope: ApiScope) -> String {
    match scope {
        ApiScope::Read => t!("settings-scope-read"),
        ApiScope::Write => t!("settings-scope-write"),
    }
}

#[derive(PartialEq, Properties)]
struct KeysProps {
    keys: Vec<ApiKey>,
    onrevoke: Callback<ApiKey>,
}

#[component]
fn Keys(props: &KeysProps) -> Html {
    html! {
        <Table
            caption={t!("nav-api-keys")}
            columns={vec![
                Column::new(t!("settings-name")),
                Column::new(t!("settings-key")),
                Column::new(t!("settings-scopes")),
                Column::new(t!("settings-created")),
                Column::new(t!("settings-last-used")),
                Column::new(t!("settings-status")),
                Column::new(t!("settings-actions")).end(),
            ]}
        >
            { for props.keys.iter().map(|key| row(key, &props.onrevoke)) }
        </Table>
    }
}

fn row(key: &ApiKey, onrevoke: &Callback<ApiKey>) -> Html {
    let revoke = {
        let (onrevoke, key) = (onrevoke.clone(), key.clone());
        Callback::from(move |_: MouseEvent| onrevoke.emit(key.clone()))
    };
    html! {
        <tr key={key.id.inner().to_owned()} class={key.revoked_at.is_some().then_some("e-row-off")}>
            <td data-label="">
                <span class="e-strong">{ &key.name }</span>
                if let Some(partner) = &key.partner { <div class="e-subtle">{ &partner.name }</div> }
            </td>
            <td data-label={t!("settings-key")}><code class="e-code">{ format!("{}…", key.prefix) }</code></td>
            <td data-label={t!("settings-scopes")}>
                <span class="e-row">{ for key.scopes.iter().map(|scope| html! { <Tag>{ scope_name(*scope) }</Tag> }) }</span>
            </td>
            <td data-label={t!("settings-created")}>
                <span>
                    <span class="e-nowrap">{ format::day_of(&key.created_at) }</span>
                    if let Some(person) = &key.created_by { <div class="e-subtle">{ &person.name }</div> }
                </span>
            </td>
            <td class="e-nowrap" data-label={t!("settings-last-used")}>
                { key.last_used_at.as_ref().map_or_else(|| t!("settings-never"), format::relative) }
            </td>
            <td data-label={t!("settings-status")}>
                if let Some(at) = &key.revoked_at {
                    <Tag dot=true>{ t!("settings-revoked", "day" => format::day_of(at)) }</Tag>
                } else {
                    <Tag tone={Tone::Ok} dot=true>{ t!("settings-active") }</Tag>
                }
            </td>
            <td class="e-end" data-label={t!("settings-actions")}>
                if key.revoked_at.is_none() {
                    <Button small=true onclick={revoke} aria_label={t!("settings-revoke-named", "name" => key.name.clone())}>
                        { t!("settings-revoke") }
                    </Button>
                }
            </td>
        </tr>
    }
}

/// The list, for a dialog to change; never a reason to draw anew.
struct ListHandle(Paged<ApiKey>);

impl PartialEq for ListHandle {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(PartialEq, Properties)]
struct RevokeProps {
    api_key: ApiKey,
    list: ListHandle,
    onclose: Callback<()>,
}

#[component]
fn Revoke(props: &RevokeProps) -> Html {
    let action = use_action();
    let notifier = use_notifier();
    let onclick = {
        let (action, list, onclose) = (action.clone(), props.list.0.clone(), props.onclose.clone());
        let id = props.api_key.id.clone();
        Callback::from(move |_: MouseEvent| {
            let (list, onclose, notifier) = (list.clone(), onclose.clone(), notifier.clone());
            action.run(ApiKeyRevoke::build(ApiKeyRevokeVariables { id: id.clone() }), move |answer| {
                match answer {
                    Err(error) => notifier.failure(texts::api_error(&error)),
                    Ok(data) => match (data.api_key_revoke.api_key, field_errors(data.api_key_revoke.errors).first()) {
                        (Some(key), None) => {
                            notifier.success(t!("settings-revoke-done", "name" => key.name.clone()));
                            list.update(|listed| {
                                if let Some(known) = listed.nodes.iter_mut().find(|known| known.id == key.id) {
                                    *known = key;
                                }
                            });
                        }
                        (_, Some(error)) => notifier.failure(error.message.clone()),
                        (None, None) => list.reload(),
                    },
                }
                onclose.emit(());
            });
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ t!("common-cancel") }</Button>
            <Button kind={ButtonKind::Danger} busy={action.busy} {onclick}>{ t!("settings-revoke") }</Button>
        </>
    };
    html! {
        <Modal title={t!("settings-revoke-title", "name" => props.api_key.name.clone())} onclose={props.onclose.clone()} {footer}>
            <p>{ t!("settings-revoke-text") }</p>
        </Modal>
    }
}
