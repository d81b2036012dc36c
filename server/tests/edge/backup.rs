//! Backups taken while people write: consistent at one moment, restored into an empty database, and served again.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use entente_app::App;
use entente_domain::event::{Event, EventKind, Subject};
use entente_domain::id::EventId;
use entente_domain::policy::Scope;
use entente_domain::user::Role;
use entente_server::{Server, Settings};
use entente_store::{DealFilter, Saved, Store};
use futures::future::join_all;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::program::run;
use crate::support::{PATIENCE, TestApp};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a subcommand on a database and data folder of its own; what it said, and whether it went well.
async fn entente(database: &str, data: &Path, arguments: &[&str]) -> (bool, String) {
    let settings = ["--env", "development", "--database", database, "--data-dir", data.to_str().unwrap()];
    let output = run(&[&settings, arguments].concat()).await;
    (output.status.success(), text(&output.stdout) + &text(&output.stderr))
}

fn count(manifest: &Value, collection: &str) -> u64 {
    let parts = manifest["collections"].as_array().unwrap();
    parts.iter().find(|part| part["name"] == collection).unwrap_or_else(|| panic!("no {collection}"))["documents"].as_u64().unwrap()
}

/// The numbers of all events, in order.
async fn numbers(store: &Store) -> Vec<(i64, String)> {
    let mut all = Vec::new();
    loop {
        let after = all.last().map_or(0, |(seq, _)| *seq);
        let more = store.events_after(after, 500).await.unwrap();
        if more.is_empty() {
            return all;
        }
        all.extend(more.into_iter().map(|e| (e.seq, e.event.id.as_str().to_owned())));
    }
}

/// Every deal has its claims, its event and its key, or none of them: one transaction is whole or absent.
async fn whole(app: &App, manifest: &Value) {
    let deals = count(manifest, "deals");
    let all = DealFilter { scope: Scope::All, ..DealFilter::default() };
    assert_eq!(app.store.count_deals(&all).await.unwrap(), deals);
    assert_eq!(count(manifest, "idempotency"), deals);
    assert_eq!(count(manifest, "customers"), deals);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_whole_and_comes_back_with_its_numbers() {
    let t = Arc::new(TestApp::start().await);
    let logo = t.server.app().files.put(b"a logo".as_slice().into()).await.unwrap();
    let (going, written) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
    let mut writers = Vec::new();
    for writer in 0..4 {
        let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
        let (t, going, written) = (t.clone(), going.clone(), written.clone());
        writers.push(tokio::spawn(async move {
            let mut round = 0;
            while going.load(Ordering::Relaxed) {
                let registered = t.register(&seller, &format!("customer{writer}x{round}")).await;
                assert!(registered["deal"]["id"].is_string(), "{registered}");
                written.fetch_add(1, Ordering::Relaxed);
                round += 1;
            }
        }));
    }
    let busy = Instant::now();
    while written.load(Ordering::Relaxed) < 20 {
        assert!(busy.elapsed() < PATIENCE * 6, "the writers write");
        sleep(std::time::Duration::from_millis(10)).await;
    }
    let data = t.settings.data_dir.clone();
    // On a machine that is busy with something else a writer may come to nothing meanwhile; then it is taken again.
    let (mut folder, mut before, mut given, mut overlapped) = (data.clone(), 0, 0, false);
    for attempt in 0..5 {
        folder = data.join(format!("backup{attempt}"));
        before = written.load(Ordering::Relaxed);
        given = t.server.app().store.last_seq().await.unwrap();
        let (done, said) = entente(&t.settings.database, &data, &["backup", folder.to_str().unwrap()]).await;
        assert!(done, "{said}");
        overlapped = written.load(Ordering::Relaxed) > before;
        if overlapped {
            break;
        }
    }
    going.store(false, Ordering::Relaxed);
    join_all(writers).await.into_iter().for_each(|ended| ended.unwrap());
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert!(overlapped, "somebody wrote while it was taken");
    assert!(count(&manifest, "deals") >= before as u64, "what was acknowledged before is in it");
    assert_eq!(manifest["files"].as_array().unwrap().len(), 1);
    let (again, said) = entente(&t.settings.database, &data, &["backup", folder.to_str().unwrap()]).await;
    assert!(!again && said.contains("is not empty"), "{said}");

    // Not into the database that is in use, and not from a backup that was touched.
    let (done, said) = entente(&t.settings.database, &data, &["restore", folder.to_str().unwrap()]).await;
    assert!(!done && said.contains("is not empty"), "{said}");
    let restored = format!("{}_r", t.settings.database);
    let elsewhere = data.join("restored");
    let deals = folder.join("collections/deals.bson.gz");
    let kept = fs::read(&deals).unwrap();
    fs::write(&deals, &kept[..kept.len() / 2]).unwrap();
    let (done, said) = entente(&restored, &elsewhere, &["restore", folder.to_str().unwrap()]).await;
    assert!(!done && said.contains("deals"), "{said}");
    fs::write(&deals, kept).unwrap();
    let (done, said) = entente(&restored, &elsewhere, &["restore", folder.to_str().unwrap()]).await;
    assert!(done && said.contains("counted and compared"), "{said}");

    let settings = ["--listen", "127.0.0.1:0", "--env", "development", "--database", &restored, "--data-dir", elsewhere.to_str().unwrap()];
    let server = Server::start(&Settings::from_arguments(&settings).unwrap()).await.unwrap();
    let app = server.app();
    whole(app, &manifest).await;
    assert_eq!(app.files.get(&logo).await.unwrap().as_deref(), Some(b"a logo".as_slice()));
    // Numbers that were given stay with their events; what had none is numbered after them, without a hole.
    let (there, here) = (numbers(&t.server.app().store).await, numbers(&app.store).await);
    assert_eq!(here.len() as u64, count(&manifest, "events"));
    assert!(here.iter().zip(1..).all(|((seq, _), n)| *seq == n), "no hole");
    let same = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    println!("{} events, {same} of them with the number that they have in the original", here.len());
    assert!(same as i64 >= given, "the numbers that were given by then are kept");
    // And life goes on: what happens next gets the next number.
    let id = EventId::new(app.ulid());
    let mut program = app.store.program().await.unwrap().unwrap();
    let changed = crate::support::event(app, EventKind::ProgramChanged, Subject::Program { id: program.id.clone() });
    let version = program.version;
    program.version += 1;
    assert_eq!(app.store.save_program(&program, Some(version), &[Event { id: id.clone(), ..changed }]).await.unwrap(), Saved::Done);
    let since = Instant::now();
    while numbers(&app.store).await.last() != Some(&(here.len() as i64 + 1, id.as_str().to_owned())) {
        assert!(since.elapsed() < PATIENCE, "the next event is numbered");
        sleep(std::time::Duration::from_millis(20)).await;
    }
    server.app().store.drop_database().await.unwrap();
    server.stop().await.unwrap();
    Arc::into_inner(t).unwrap().end().await;
}
