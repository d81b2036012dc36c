//! `entente audit` on the log of a server that runs.

use entente_domain::user::Role;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::program::run;
use crate::support::{PATIENCE, TestApp};

/// Runs the subcommand; how it ended, what it said and what it complained of.
async fn audit(t: &TestApp, arguments: &[&str]) -> (Option<i32>, String, String) {
    let data = t.settings.data_dir.to_str().unwrap().to_owned();
    let settings = ["--env", "development", "--database", &t.settings.database, "--data-dir", &data, "audit"];
    let output = run(&[&settings, arguments].concat()).await;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_running_server_is_verified_against_an_anchor_and_exported() {
    let t = TestApp::start().await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    for customer in ["alpha", "beta", "gamma"] {
        assert!(t.register(&seller, customer).await["deal"]["id"].is_string());
    }
    let since = Instant::now();
    let report = loop {
        let (code, said, _) = audit(&t, &["verify", "--json"]).await;
        assert_eq!(code, Some(0), "{said}");
        let report: Value = serde_json::from_str(said.trim()).unwrap();
        if report["pending"] == 0 && report["unchained"] == 0 && report["verified"].as_u64().unwrap() >= 3 {
            break report;
        }
        assert!(since.elapsed() < PATIENCE, "{report}");
        sleep(std::time::Duration::from_millis(50)).await;
    };
    let (seq, hash) = (report["last"]["seq"].as_i64().unwrap(), report["last"]["hash"].as_str().unwrap());
    let anchor = format!("{seq}:{hash}");
    let (code, said, _) = audit(&t, &["verify", "--anchor", &anchor]).await;
    assert!(code == Some(0) && said.contains(&format!("anchor {anchor}")), "{said}");
    let (code, _, complaint) = audit(&t, &["verify", "--anchor", &format!("{seq}:{}", "0".repeat(64))]).await;
    assert!(code == Some(1) && complaint.contains("another link than the anchor"), "{complaint}");
    let (_, lines, _) = audit(&t, &["export", "--from", &(seq - 2).to_string()]).await;
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.len() == 3 && events[2]["hash"] == hash && events.iter().all(|event| event["kind"] == "DEAL_REGISTERED"), "{lines}");
    t.end().await;
}
