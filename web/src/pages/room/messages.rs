//! Messages of a room, newest first, page by page, and the box that writes one, with files.

use entente_web_api::{
    Id, MutationBuilder, PageInfo, QueryBuilder,
    cosell::{DealRoomMessage, DealRoomMessagesQuery, DealRoomMessagesVariables, Post, PostVariables},
    error::field_errors,
};
use web_sys::File;
use yew::{platform::spawn_local, prelude::*};

use super::words;
use crate::{
    i18n::format,
    notice::use_notifier,
    paged::{PageOf, use_paged, use_reload},
    pages::register::fresh_key,
    remote::use_action,
    session::use_client,
    t, texts,
    ui::{Alert, AlertTone, Button, Card, FilePicker, Icon, IconName, SkeletonBlock, TextAreaField},
};

const PAGE: i32 = 50;

#[derive(PartialEq, Properties)]
pub struct MessagesProps {
    pub deal_id: Id,
    /// Grows whenever something happened in the room: the newest messages are read again.
    pub revision: u32,
    pub may_write: bool,
    pub onchange: Callback<()>,
}

#[component]
pub fn Messages(props: &MessagesProps) -> Html {
    let list = use_paged(
        DealRoomMessagesVariables { deal_id: props.deal_id.clone(), first: Some(PAGE), after: None },
        |mut variables, after| {
            variables.after = after;
            DealRoomMessagesQuery::build(variables)
        },
        |data: DealRoomMessagesQuery| {
            let messages = data.deal_room.map(|room| room.messages);
            let (nodes, page_info) = messages.map_or((Vec::new(), PageInfo::default()), |page| (page.nodes, page.page_info));
            PageOf { total: 0, nodes, page_info }
        },
    );
    use_reload(&list, props.revision);
    html! {
        <Card title={t!("room-messages")}>
            <div class="e-stack">
                if props.may_write {
                    <Write deal_id={props.deal_id.clone()} onchange={props.onchange.clone()} />
                }
                { list.view(SkeletonBlock::Rows(3), |listed| if listed.nodes.is_empty() {
                    html! { <p class="e-subtle">{ t!("room-messages-none") }</p> }
                } else {
                    html! { <ol class="e-timeline">{ for listed.nodes.iter().map(message) }</ol> }
                }) }
                { list.more(t!("room-messages-earlier")) }
            </div>
        </Card>
    }
}

fn message(message: &DealRoomMessage) -> Html {
    let from = message.partner.as_ref().map_or_else(|| t!("room-vendor"), |p| p.name.clone());
    html! {
        <li key={message.id.inner().to_owned()} class="e-timeline__entry">
            <span class="e-timeline__icon"><Icon name={IconName::MessageCircle} /></span>
            <div class="e-timeline__body">
                <p class="e-timeline__head">
                    <strong>{ &message.author_name }</strong>
                    <span class="e-subtle">{ from }{ " · " }
                        <time datetime={message.sent_at.to_string()} title={format::date_time(&message.sent_at)}>{ format::relative(&message.sent_at) }</time>
                    </span>
                </p>
                <p class="e-timeline__text">{ &message.text }</p>
                if !message.files.is_empty() {
                    <ul class="e-rules">
                        { for message.files.iter().map(|file| html! {
                            <li><a href={file.url.clone()} download={file.name.clone()}>{ &file.name }</a>{ " " }
                                <span class="e-subtle e-small">{ t!("import-kilobytes", "n" => (f64::from(file.size) / 1_000.0).ceil()) }</span></li>
                        }) }
                    </ul>
                }
            </div>
        </li>
    }
}

#[derive(PartialEq, Properties)]
struct WriteProps {
    deal_id: Id,
    onchange: Callback<()>,
}

#[component]
fn Write(props: &WriteProps) -> Html {
    let client = use_client();
    let notifier = use_notifier();
    let action = use_action();
    let text = use_state(String::new);
    let typed = use_mut_ref(String::new);
    typed.borrow_mut().clone_from(&text);
    let file = use_state(|| None::<File>);
    let uploading = use_state_eq(|| false);
    let problem = use_state(|| None::<String>);
    let key = use_state(fresh_key);
    let onsubmit = {
        let (action, text, file, problem, key, uploading) =
            (action.clone(), text.clone(), file.clone(), problem.clone(), key.clone(), uploading.clone());
        let (deal_id, onchange) = (props.deal_id.clone(), props.onchange.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if text.trim().is_empty() {
                return problem.set(Some(t!("deal-refused-required")));
            }
            problem.set(None);
            let (action, client, notifier, onchange) = (action.clone(), client.clone(), notifier.clone(), onchange.clone());
            let (text_set, file_set, key_set, problem, uploading) =
                (text.setter(), file.setter(), key.setter(), problem.setter(), uploading.setter());
            let mut variables =
                PostVariables { deal_id: deal_id.clone(), text: (*text).clone(), file_ids: None, idempotency_key: Some((*key).clone()) };
            let chosen = (*file).clone();
            let (sent, typed) = ((*text).clone(), typed.clone());
            uploading.set(true);
            spawn_local(async move {
                if let Some(chosen) = chosen {
                    match client.upload_for_room(&chosen.name(), &chosen).await {
                        Ok(id) => variables.file_ids = Some(vec![id]),
                        Err(error) => {
                            uploading.set(false);
                            return problem.set(Some(texts::api_error(&error)));
                        }
                    }
                }
                uploading.set(false);
                action.run(Post::build(variables), move |answer: Result<Post, _>| match answer {
                    Ok(data) => {
                        let errors = field_errors(data.deal_room_post.errors);
                        if let Some(error) = errors.first() {
                            key_set.set(fresh_key());
                            return problem.set(Some(words::refusal(error)));
                        }
                        // What was typed since then is the next message.
                        if *typed.borrow() == sent {
                            text_set.set(String::new());
                        }
                        file_set.set(None);
                        key_set.set(fresh_key());
                        notifier.announce(t!("room-sent"));
                        onchange.emit(());
                    }
                    Err(error) => problem.set(Some(texts::api_error(&error))),
                });
            });
        })
    };
    html! {
        <form class="e-note-box" {onsubmit} novalidate=true>
            <TextAreaField
                id="room-message"
                label={t!("room-write")}
                value={(*text).clone()}
                oninput={let text = text.setter(); Callback::from(move |typed| text.set(typed))}
                rows={3}
                maxlength="4000"
                placeholder={t!("room-write-placeholder")}
            />
            <FilePicker
                id="room-file"
                label={t!("room-file")}
                accept=".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.pptx,.txt,.md,.csv,.eml"
                hint={t!("room-file-hint")}
                chosen={file.as_ref().map(|file| AttrValue::from(file.name()))}
                onfiles={let file = file.setter(); Callback::from(move |files: Vec<File>| file.set(files.into_iter().next()))}
                onclear={let file = file.setter(); Callback::from(move |()| file.set(None))}
                clear_label={t!("room-file-remove")}
            />
            if let Some(problem) = &*problem {
                <Alert tone={AlertTone::Danger} urgent=true title={problem.clone()} />
            }
            <div class="e-row e-row--between">
                <span class="e-subtle e-small">{ t!("room-write-who") }</span>
                <Button small=true submit=true busy={action.busy || *uploading} icon={IconName::Send}>{ t!("room-send") }</Button>
            </div>
        </form>
    }
}
