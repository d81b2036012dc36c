//! Starting and stopping: sockets are told to come back, requests finish, and what must not start does not.

use std::time::Instant;

use entente_domain::user::Role;
use entente_server::{Server, Settings};

use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_tells_its_sockets_to_come_back_and_finishes_what_it_began() {
    let t = TestApp::start().await;
    let other = t.another_server().await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(crate::support::Socket::introduced(&other, Some(&seller.token)).await);
    }
    let address = other.address();
    let kept = reqwest::Client::new();
    let healthy = async || kept.get(format!("http://{address}/healthz")).send().await.map(|answer| answer.status().as_u16());
    assert_eq!(healthy().await.unwrap(), 200);
    // A password hash takes long enough to be under way when the server stops.
    let under_way = tokio::spawn(async move {
        let body =
            r#"{"query":"mutation { sessionCreate(input: {email: \"nobody@people.test\", password: \"a long password\"}) { errors { message } } }"}"#;
        let client = reqwest::Client::new();
        client.post(format!("http://{address}/graphql")).header("content-type", "application/json").body(body).send().await
    });
    let in_flight = async || {
        let text = kept.get(format!("http://{address}/metrics")).send().await.unwrap().text().await.unwrap();
        text.lines().find_map(|line| line.strip_prefix("entente_http_requests_in_flight ")?.parse::<f64>().ok()).unwrap()
    };
    // The question itself is one.
    while in_flight().await < 2.0 && !under_way.is_finished() {
        tokio::task::yield_now().await;
    }
    let since = Instant::now();
    // The second request is sent on an open connection by a client that cannot know yet.
    let mut stopping = Box::pin(other.stop());
    let late = async {
        tokio::select! {
            biased;
            stopped = &mut stopping => panic!("stopped before it answered: {stopped:?}"),
            answer = healthy() => answer,
        }
    };
    assert_eq!(late.await.unwrap(), 200);
    let stopping = tokio::spawn(stopping);
    for socket in &mut sockets {
        assert_eq!(socket.closed().await, 1012);
    }
    assert_eq!(under_way.await.unwrap().unwrap().status(), 200);
    stopping.await.unwrap().unwrap();
    assert!(since.elapsed().as_secs() < 10, "{:?}", since.elapsed());
    assert!(reqwest::get(format!("http://{address}/healthz")).await.is_err(), "nothing listens any more");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_not_start_says_why() {
    let t = TestApp::start().await;
    let taken = Settings { listen: t.server.address(), ..t.settings.clone() };
    let error = failure(&taken).await;
    assert!(error.contains("ENTENTE_LISTEN") && error.contains("in use"), "{error}");
    let unreachable = Settings { mongodb_uri: "mongodb://127.0.0.1:1/?replicaSet=rs0&serverSelectionTimeoutMS=300".into(), ..t.settings.clone() };
    let error = failure(&unreachable).await;
    assert!(error.contains("MONGODB_URI"), "{error}");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn production_refuses_demo_accounts() {
    let t = TestApp::start().await;
    let email = t.person(Role::Admin, None).await;
    let store = &t.server.app().store;
    let (mut user, _) = store.user_by_email(&email).await.unwrap().unwrap();
    user.demo = true;
    user.version = 2;
    store.save_user(&user, None, Some(1), &[]).await.unwrap();
    let key = std::env::temp_dir().join(format!("{}.pem", user.id));
    std::fs::write(&key, entente_app::session::keys::generate().unwrap()).unwrap();
    let production = Settings { env: entente_server::Environment::Production, signing_key: Some(key.clone()), ..t.settings.clone() };
    let error = failure(&production).await;
    assert!(error.contains("ENTENTE_ENV") && error.contains("demo accounts"), "{error}");
    std::fs::remove_file(key).unwrap();
    t.end().await;
}

async fn failure(settings: &Settings) -> String {
    match Server::start(settings).await {
        Ok(_) => panic!("it started"),
        Err(error) => format!("{error:#}"),
    }
}
