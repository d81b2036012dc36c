//! Entente's front end: a single-page app in WebAssembly. Owns what is on the screen; talks to the server only through
//! `entente-web-api`, checks input with the rules of `entente-domain`. See `app` for how it is put together.

mod app;
mod crash;
mod exchange;
mod i18n;
mod layout;
mod live;
mod notice;
mod paged;
mod pages;
mod program;
mod remote;
mod routes;
mod session;
mod settings;
mod texts;
mod ui;

fn main() {
    crash::install();
    settings::apply_remembered();
    let root = web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id("app"));
    if let Some(root) = root {
        // What stands there until now is the picture of starting.
        root.set_inner_html("");
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
