//! Lists that grow by "load more": the first page anew whenever the variables change, further pages appended by cursor.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use entente_web_api::{ApiError, Operation, PageInfo};
use serde::{Serialize, de::DeserializeOwned};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    remote::{Remote, in_place},
    session::use_client,
    ui::{Failure, LoadMore, SkeletonBlock},
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

struct Inner<N> {
    state: RefCell<Remote<Listed<N>>>,
    generation: Cell<u32>,
    loading_more: Cell<bool>,
}

/// A list and what is loaded of it.
pub struct Paged<N> {
    pub state: Remote<Listed<N>>,
    inner: Rc<Inner<N>>,
    render: UseForceUpdateHandle,
    fetch: Callback<Option<String>>,
}

impl<N> Clone for Paged<N> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            inner: self.inner.clone(),
            render: self.render.clone(),
            fetch: self.fetch.clone(),
        }
    }
}

impl<N: Clone + 'static> Paged<N> {
    pub fn data(&self) -> Option<&Rc<Listed<N>>> {
        self.state.data()
    }

    /// Reads the first page again; what is there stays in view meanwhile.
    pub fn reload(&self) {
        self.fetch.emit(None);
    }

    /// Appends the next page.
    pub fn load_more(&self) {
        if let Some(listed) = self.data()
            && listed.has_more
            && !self.inner.loading_more.get()
        {
            self.fetch.emit(listed.cursor.clone());
        }
    }

    /// Changes what is shown at once, as when a live event brings a newer version.
    pub fn update(&self, change: impl FnOnce(&mut Listed<N>)) {
        let mut state = self.inner.state.borrow_mut();
        let listed = match &mut *state {
            Remote::Loading | Remote::Failed(_, None) => return,
            Remote::Ready(listed) | Remote::Refreshing(listed) | Remote::Failed(_, Some(listed)) => listed,
        };
        change(Rc::make_mut(listed));
        drop(state);
        self.render.force_update();
    }

    /// As `Query::view`.
    pub fn view(&self, waiting: SkeletonBlock, show: impl FnOnce(&Rc<Listed<N>>) -> Html) -> Html {
        let retry = {
            let fetch = self.fetch.clone();
            Callback::from(move |()| fetch.emit(None))
        };
        match &self.state {
            Remote::Loading => waiting.html(),
            Remote::Ready(listed) => in_place(false, html! {}, show(listed)),
            Remote::Refreshing(listed) => in_place(true, html! {}, show(listed)),
            Remote::Failed(error, None) => html! { <Failure error={error.clone()} {retry} /> },
            Remote::Failed(error, Some(listed)) => {
                in_place(false, html! { <Failure error={error.clone()} {retry} inline=true /> }, show(listed))
            }
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
                busy={self.inner.loading_more.get()}
                {onmore}
            />
        }
    }
}

/// `let deals = use_paged(variables, |mut variables, after| { variables.after = after; DealsQuery::build(variables) },
/// |data| PageOf { nodes: data.deals.nodes, page_info: data.deals.page_info, total: data.deals.total_count });`
#[hook]
pub fn use_paged<D, V, N, B, T>(variables: V, build: B, take: T) -> Paged<N>
where
    D: DeserializeOwned + 'static,
    V: PartialEq + Clone + Serialize + 'static,
    N: Clone + 'static,
    B: Fn(V, Option<String>) -> Operation<D, V> + 'static,
    T: Fn(D) -> PageOf<N> + 'static,
{
    let client = use_client();
    let render = use_force_update();
    let inner: Rc<Inner<N>> = (*use_memo((), |()| {
        Rc::new(Inner {
            state: RefCell::new(Remote::Loading),
            generation: Cell::new(0),
            loading_more: Cell::new(false),
        })
    }))
    .clone();
    let (build, take) = (Rc::new(build), Rc::new(take));

    let fetch: Callback<Option<String>> = {
        let (inner, render, variables) = (inner.clone(), render.clone(), variables.clone());
        Callback::from(move |after: Option<String>| {
            let mine = inner.generation.get() + 1;
            inner.generation.set(mine);
            let appending = after.is_some();
            inner.loading_more.set(appending);
            if !appending {
                let earlier = inner.state.borrow().data().cloned();
                *inner.state.borrow_mut() = earlier.map_or(Remote::Loading, Remote::Refreshing);
            }
            render.force_update();
            let operation = build(variables.clone(), after);
            let (client, inner, render, take) = (client.clone(), inner.clone(), render.clone(), take.clone());
            spawn_local(async move {
                let answer = client.run(operation).await.map(|data| take(data));
                if inner.generation.get() == mine {
                    inner.loading_more.set(false);
                    inner.accept(answer, appending);
                    render.force_update();
                }
            });
        })
    };

    {
        let fetch = fetch.clone();
        use_effect_with(variables, move |_| fetch.emit(None));
    }
    {
        let inner = inner.clone();
        use_effect_with((), move |()| move || inner.generation.set(u32::MAX / 2));
    }
    let state = inner.state.borrow().clone();
    Paged { state, inner, render, fetch }
}

impl<N: Clone> Inner<N> {
    fn accept(&self, answer: Result<PageOf<N>, ApiError>, appending: bool) {
        let earlier = self.state.borrow().data().cloned();
        let next = match answer {
            Err(error) => Remote::Failed(error, earlier),
            Ok(page) => {
                let mut nodes = if appending { earlier.map(|listed| listed.nodes.clone()).unwrap_or_default() } else { Vec::new() };
                nodes.extend(page.nodes);
                Remote::Ready(Rc::new(Listed {
                    nodes,
                    total: page.total,
                    has_more: page.page_info.has_next_page,
                    cursor: page.page_info.end_cursor,
                }))
            }
        };
        *self.state.borrow_mut() = next;
    }
}
