//! Sessions as a browser sees them: the token, the cookie and its flags, rotation and reuse.

use entente_domain::user::Role;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, cookie_of};

#[tokio::test(flavor = "multi_thread")]
async fn the_refresh_cookie_is_out_of_reach_and_rotates() {
    let t = TestApp::start().await;
    let email = t.person(Role::PartnerSales, Some(0)).await;
    let response = t.sign_in_response(&email, PASSWORD).await;
    let set = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    for flag in ["HttpOnly", "SameSite=Strict", "Path=/graphql", "Max-Age="] {
        assert!(set.contains(flag), "{set}");
    }
    assert!(!set.contains("Secure"), "over http a browser would drop it: {set}");
    let first = cookie_of(&response).unwrap();

    let refreshed = t.refresh(Some(&first)).await;
    let second = cookie_of(&refreshed).expect("a new cookie");
    assert_ne!(first, second);
    let answer: Value = refreshed.json().await.unwrap();
    let token = answer["data"]["sessionRefresh"]["accessToken"].as_str().unwrap().to_owned();
    let viewer = t.ask(Some(&token), "{ viewer { user { email } } }", json!({})).await;
    assert_eq!(viewer["data"]["viewer"]["user"]["email"], email.as_str(), "{viewer}");

    let reused = t.refresh(Some(&first)).await;
    assert!(reused.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"), "the cookie is taken away");
    let after: Value = t.refresh(Some(&second)).await.json().await.unwrap();
    assert!(after["data"]["sessionRefresh"]["accessToken"].is_null(), "reuse ends the family: {after}");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_the_cookie_is_secure_and_browsers_are_told_to_stay() {
    let t = TestApp::start_with(&["--public-url", "https://partners.example.com"]).await;
    let email = t.person(Role::Admin, None).await;
    let response = t.sign_in_response(&email, PASSWORD).await;
    assert!(response.headers()["set-cookie"].to_str().unwrap().ends_with("; Secure"));
    assert!(response.headers().contains_key("strict-transport-security"));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_gives_neither_token_nor_cookie_and_signing_out_ends_it() {
    let t = TestApp::start().await;
    let email = t.person(Role::Admin, None).await;
    let response = t.sign_in_response(&email, "not the password").await;
    assert!(response.headers().get("set-cookie").is_none());
    let answer: Value = response.json().await.unwrap();
    assert!(answer["data"]["sessionCreate"]["accessToken"].is_null());
    assert_eq!(answer["data"]["sessionCreate"]["errors"].as_array().unwrap().len(), 1);

    let session = t.sign_in(&email).await;
    let body = json!({ "query": "mutation { sessionRevoke { __typename } }" }).to_string();
    let bearer = format!("Bearer {}", session.token);
    let headers = [("content-type", "application/json"), ("cookie", session.cookie.as_str()), ("authorization", &bearer)];
    let revoked = t.post("/graphql", &headers, body).await;
    assert!(revoked.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    let after: Value = t.refresh(Some(&session.cookie)).await.json().await.unwrap();
    assert!(after["data"]["sessionRefresh"]["accessToken"].is_null(), "{after}");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_does_not_hold_is_refused_and_still_lets_one_sign_in() {
    let t = TestApp::start().await;
    let email = t.person(Role::Admin, None).await;
    for token in ["rubbish", "ent_rubbish", "a.b.c"] {
        let answer = t.ask(Some(token), "{ viewer { user { id } } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
        assert!(answer.get("data").is_none(), "{answer}");
    }
    let query = "mutation($input: SessionCreateInput!) { sessionCreate(input: $input) { accessToken } }";
    let answer = t.ask(Some("rubbish"), query, json!({ "input": { "email": email, "password": PASSWORD } })).await;
    assert!(answer["data"]["sessionCreate"]["accessToken"].is_string(), "{answer}");
    t.end().await;
}
