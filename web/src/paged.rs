//! Lists that grow by "load more": the first page anew whenever the variables change, further pages appended by cursor.

use std::rc::Rc;

use entente_web_api::{
    Operation, PageInfo,
    client::{decode, encode},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use yew::prelude::*;

use crate::{
    exchange::{Anything, Exchange, Merge, use_exchange},
    remote::{Remote, in_place},
    ui::{Button, Failure, LoadMore, SkeletonBlock},
};

/// One page of a connection, taken apart.
pub struct PageOf<N> {
    pub nodes: Vec<N>,
    pub page_info: PageInfo,
    pub total: i32,
}

/// Everything loaded so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<N> {
    pub nodes: Vec<N>,
    pub total: i32,
    pub has_more: bool,
    cursor: Option<String>,
}

/// A list and what is loaded of it.
pub struct Paged<N> {
    pub state: Remote<Listed<N>>,
    exchange: Rc<Exchange>,
    reload: Callback<()>,
    more: Callback<String>,
}

impl<N> Clone for Paged<N> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), exchange: self.exchange.clone(), reload: self.reload.clone(), more: self.more.clone() }
    }
}

impl<N: Clone + 'static> Paged<N> {
    pub fn data(&self) -> Option<&Rc<Listed<N>>> {
        self.state.data()
    }

    /// Reads the first page again; what is there stays in view meanwhile.
    pub fn reload(&self) {
        self.reload.emit(());
    }

    /// Appends the next page.
    pub fn load_more(&self) {
        if let Some(listed) = self.data()
            && listed.has_more
            && let Some(cursor) = &listed.cursor
            && !self.exchange.is_appending()
        {
            self.more.emit(cursor.clone());
        }
    }

    /// Changes what is shown at once, as when a live event brings a newer version.
    pub fn update(&self, change: impl FnOnce(&mut Listed<N>)) {
        self.exchange.update(change);
    }

    /// As `Query::view`.
    pub fn view(&self, waiting: SkeletonBlock, show: impl FnOnce(&Rc<Listed<N>>) -> Html) -> Html {
        let retry = self.reload.clone();
        match &self.state {
            Remote::Loading => waiting.html(),
            Remote::Ready(listed) => in_place(false, html! {}, show(listed)),
            Remote::Refreshing(listed) => in_place(true, html! {}, show(listed)),
            Remote::Failed(error, None) => html! { <Failure error={error.clone()} {retry} /> },
            Remote::Failed(error, Some(listed)) => in_place(false, html! { <Failure error={error.clone()} {retry} inline=true /> }, show(listed)),
        }
    }

    /// The button that asks for more, for lists that do not say how many there are.
    pub fn more(&self, label: String) -> Html {
        if !self.data().is_some_and(|listed| listed.has_more) {
            return html! {};
        }
        let list = self.clone();
        html! {
            <div class="e-load-more">
                <Button small=true onclick={Callback::from(move |_: MouseEvent| list.load_more())}>{ label }</Button>
            </div>
        }
    }

    /// The foot of the list: how many of how many, and the button for more.
    pub fn foot(&self) -> Html {
        let Some(listed) = self.data() else { return html! {} };
        let onmore = {
            let list = self.clone();
            Callback::from(move |()| list.load_more())
        };
        html! {
            <LoadMore
                shown={listed.nodes.len()}
                total={listed.total}
                has_more={listed.has_more}
                busy={self.exchange.is_appending()}
                {onmore}
            />
        }
    }
}

/// Reads a list again whenever `revision` grows; what it begins with is read anyway.
#[hook]
pub fn use_reload<N: Clone + 'static>(list: &Paged<N>, revision: u32) {
    let list = list.clone();
    let first = use_mut_ref(|| true);
    use_effect_with(revision, move |_| {
        if !first.replace(false) {
            list.reload();
        }
    });
}

/// `let deals = use_paged(variables, |mut variables, after| { variables.after = after; DealsQuery::build(variables) },
/// |data| PageOf { nodes: data.deals.nodes, page_info: data.deals.page_info, total: data.deals.total_count });`
#[hook]
pub fn use_paged<D, V, N, B, T>(variables: V, build: B, take: T) -> Paged<N>
where
    D: DeserializeOwned + 'static,
    V: Clone + Serialize + 'static,
    N: Clone + 'static,
    B: Fn(V, Option<String>) -> Operation<D, V> + 'static,
    T: Fn(D) -> PageOf<N> + 'static,
{
    let take = Rc::new(take);
    let read = move |data: Value, earlier: Vec<N>| decode::<D>(data).map(|data| Rc::new(appended(earlier, take(data))) as Anything);
    let next: Merge = {
        let read = read.clone();
        Rc::new(move |data, earlier: Option<Anything>| {
            let earlier = earlier.and_then(|listed| listed.downcast::<Listed<N>>().ok());
            read(data, earlier.map(|listed| listed.nodes.clone()).unwrap_or_default())
        })
    };
    let first: Merge = Rc::new(move |data, _| read(data, Vec::new()));
    let (exchange, reload) = use_exchange(encode(&build(variables.clone(), None)), first);
    let more = {
        let exchange = exchange.clone();
        Callback::from(move |after: String| {
            exchange.ask(encode(&build(variables.clone(), Some(after))), true, next.clone());
        })
    };
    Paged { state: exchange.state(), exchange, reload, more }
}

fn appended<N>(mut nodes: Vec<N>, page: PageOf<N>) -> Listed<N> {
    nodes.extend(page.nodes);
    Listed { nodes, total: page.total, has_more: page.page_info.has_next_page, cursor: page.page_info.end_cursor }
}
