//! Signing in, renewing, signing out; the cookie goes through the request's context.

use std::sync::Arc;

use entente_graphql::{CookieChange, RefreshCookie, RequestContext};
use serde_json::json;

use crate::world::{PASSWORD, SIGN_IN, World, context};

const REFRESH: &str =
    "mutation { sessionRefresh { accessToken expiresAt viewer { user { email } partner { slug } } errors { ... on SessionError { code } } } }";

fn with_cookie(token: Option<String>) -> (RequestContext, Arc<RefreshCookie>) {
    let cookie = Arc::new(RefreshCookie::new(token));
    // A stale token beside the cookie must not stand in the way.
    (RequestContext { refresh_cookie: cookie.clone(), auth_error: true, ..context(None) }, cookie)
}

fn set(cookie: &RefreshCookie) -> String {
    match cookie.take() {
        Some(CookieChange::Set { token, max_age_seconds }) => {
            assert!(max_age_seconds > 0);
            token
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_begins_rotates_and_ends() {
    let world = World::start().await;
    let (context, cookie) = with_cookie(None);
    let answer = world.ask_with(context, SIGN_IN, json!({"email": "Sales@Aurora-Systems.test", "password": PASSWORD})).await;
    let session = &answer["data"]["sessionCreate"];
    assert_eq!(session["viewer"]["user"]["email"], "sales@aurora-systems.test", "{answer}");
    assert_eq!(session["errors"], json!([]));
    let first = set(&cookie);

    let (context, cookie) = with_cookie(Some(first.clone()));
    let answer = world.ask_with(context, REFRESH, json!({})).await;
    assert_eq!(answer["data"]["sessionRefresh"]["viewer"]["partner"]["slug"], "aurora-systems", "{answer}");
    let second = set(&cookie);
    assert_ne!(first, second);

    // The old token is a thief's or the owner's: the family ends, the new one with it.
    for token in [first, second] {
        let (context, cookie) = with_cookie(Some(token));
        let answer = world.ask_with(context, REFRESH, json!({})).await;
        assert_eq!(answer["data"]["sessionRefresh"]["errors"][0]["code"], "SESSION_EXPIRED");
        assert_eq!(answer["data"]["sessionRefresh"]["accessToken"], json!(null));
        assert_eq!(cookie.take(), Some(CookieChange::Clear));
    }

    let (context, cookie) = with_cookie(None);
    world.ask_with(context, SIGN_IN, json!({"email": "manager@entente.test", "password": PASSWORD})).await;
    let token = set(&cookie);
    let (context, cookie) = with_cookie(Some(token.clone()));
    let answer = world.ask_with(context, "mutation { sessionRevoke { errors { message } } }", json!({})).await;
    assert_eq!(answer["data"]["sessionRevoke"]["errors"], json!([]));
    assert_eq!(cookie.take(), Some(CookieChange::Clear));
    let (context, _) = with_cookie(Some(token));
    assert_eq!(world.ask_with(context, REFRESH, json!({})).await["data"]["sessionRefresh"]["errors"][0]["code"], "SESSION_EXPIRED");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_counted_and_tell_nothing() {
    let world = World::start().await;
    let attempt = async |email: &str, password: &str| {
        let answer = world.ask(None, SIGN_IN, json!({"email": email, "password": password})).await;
        answer["data"]["sessionCreate"]["errors"][0].clone()
    };
    let unknown = attempt("nobody@entente.test", "wrong").await;
    let wrong = attempt("manager@entente.test", "wrong").await;
    assert_eq!(unknown, wrong);
    assert_eq!(wrong["code"], "WRONG_CREDENTIALS");
    let mut last = wrong;
    // The window in which they are counted may end meanwhile.
    for _ in 0..24 {
        last = attempt("manager@entente.test", "wrong").await;
        if last["code"] == "TOO_MANY_ATTEMPTS" {
            break;
        }
    }
    assert_eq!(last["code"], "TOO_MANY_ATTEMPTS");
    assert_eq!(attempt("manager@entente.test", PASSWORD).await["code"], "TOO_MANY_ATTEMPTS");
    assert_eq!(attempt("admin@entente.test", PASSWORD).await, json!(null));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_and_accounts_change() {
    let world = World::start().await;
    let (aurora, admin) = (world.aurora().await, world.admin().await);
    let update = "mutation($input: ViewerUpdateInput!) { viewerUpdate(input: $input) { viewer { language theme user { name } } errors { path ... on UserAccountError { code } } } }";
    let done = world.data(&aurora, update, json!({"input": {"language": "en", "theme": "DARK", "name": "M. Jessen"}})).await;
    assert_eq!(done["viewerUpdate"], json!({"viewer": {"language": "en", "theme": "DARK", "user": {"name": "M. Jessen"}}, "errors": []}));
    let read = world.data(&aurora, "{ viewer { language theme can } }", json!({})).await;
    assert_eq!((&read["viewer"]["theme"], &read["viewer"]["language"]), (&json!("DARK"), &json!("en")));
    assert_eq!(
        read["viewer"]["can"],
        json!(["REGISTER_DEAL", "MOVE_DEAL", "SEE_DEALS", "SEE_KITS", "KEEP_VIEWS", "SEE_LEADS", "SEE_DISPUTES", "OPEN_DISPUTE"])
    );

    let create = "mutation($input: UserCreateInput!) { userCreate(input: $input) { user { id version email roles partner { slug } } errors { path ... on UserAccountError { code } } } }";
    let input = json!({"name": "New One", "email": "New@Entente.test", "password": "a password for tests", "roles": ["SALES"]});
    let made = world.data(&admin, create, json!({"input": input})).await["userCreate"].clone();
    assert_eq!((&made["user"]["email"], &made["user"]["partner"]), (&json!("new@entente.test"), &json!(null)));
    let again = world.data(&admin, create, json!({"input": input})).await["userCreate"].clone();
    assert_eq!(again["errors"][0], json!({"path": ["input", "email"], "code": "EMAIL_TAKEN"}));
    let other = world.actor_with("new@entente.test", "a password for tests").await;
    let change = "mutation($id: ID!, $v: Int!, $input: UserUpdateInput!) { userUpdate(id: $id, expectedVersion: $v, input: $input) { user { active version } errors { ... on UserAccountError { code } } } }";
    let off = json!({"id": made["user"]["id"], "v": made["user"]["version"], "input": {"active": false}});
    assert_eq!(world.data(&admin, change, off.clone()).await["userUpdate"]["user"]["active"], false);
    assert_eq!(world.data(&admin, change, off).await["userUpdate"]["errors"][0]["code"], "STALE_VERSION");
    assert_eq!(world.app.refresh_actor(&other).await.unwrap(), None);
    world.end().await;
}
