//! Imports of CRM files against a real MongoDB: what goes in, what is reported, and that a second run changes nothing.
//! Needs `MONGODB_URI`, which `cargo xtask test` sets; every test has a database of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bytes::Bytes;
use entente_app::clock::Clock;
use entente_app::files::FilesAt;
use entente_app::import::crm::{self, CrmOptions};
use entente_app::import::{self, CrmFiles, CrmImportInput, ImportRefusal, ImportReport, SourceFile, parse_alias};
use entente_app::{App, AppOptions, Refused, seed, session};
use entente_domain::Timestamp;
use entente_domain::deal::claim::ClaimKey;
use entente_domain::deal::{Deal, DealSource, RegistrationStatus};
use entente_domain::id::{FileId, UserId};
use entente_domain::policy::{Actor, Scope};
use entente_domain::program::StageCategory;
use entente_domain::user::Role;
use entente_store::{DealFilter, Store, StoreOptions};

const ACCOUNTS: &str = "\
account,sector,year_established,revenue,employees,office_location,subsidiary_of
Cancity,retail,2001,718.62,2448,United States,
Isdom,medical,2002,3178.24,4540,United States,
Bioholding,medical,2012,587.34,1356,Philipines,
Hottechi,technolgy,1997,8170.38,16499,Korea,
";
const PRODUCTS: &str = "product,series,sales_price\nGTX Basic,GTX,550\nGTX Pro,GTX,4821\nMG Special,MG,fifty\n";
const TEAMS: &str = "\
sales_agent,manager,regional_office
Moses Frase,Dustin Brinkmann,Central
Anna Snelling,Dustin Brinkmann,Central
Zane Levy,Summer Sewald,West
";
const HEADER: &str = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n";
const PIPELINE: &str = "\
A1,Moses Frase,GTX Basic,Cancity,Won,10/20/2016,3/1/2017,600
A2,Moses Frase,GTX Basic,Cancity,Lost,10/21/2016,3/2/2017,0
A3,Zane Levy,GTX Pro,Isdom,Engaging,5/2/2017,,
A4,Moses Frase,GTX Pro,Isdom,Engaging,5/1/2017,,
A5,Anna Snelling,GTX Pro,,Prospecting,,,
A6,Anna Snelling,GTXPro,Bioholding,Won,5/1/2017,6/1/2017,4500
A7,Anna Snelling,GTX Pro,Cancity,Won,13/1/2017,6/1/2017,45.005
A1,Anna Snelling,GTX Pro,Cancity,Won,5/1/2017,6/1/2017,4500
A8,Anna Snelling,GTX Pro
A9,Nobody Knows,GTX Pro,Newco,Demo given,5/1/2017,,1054.5
";

struct World {
    app: App,
    dir: std::path::PathBuf,
}

impl World {
    async fn new() -> Self {
        let uri = std::env::var("MONGODB_URI").expect("MONGODB_URI names a replica set; `cargo xtask test integration` starts one");
        let name = format!("entente_test_{:032x}", rand::random::<u128>());
        let store = StoreOptions { uri, database: name.clone(), ..StoreOptions::default() };
        Store::connect(&store).await.unwrap().migrate().await.unwrap();
        let dir = std::env::temp_dir().join(name);
        let app = App::start(AppOptions {
            store,
            redis_url: None,
            files: FilesAt::Folder(dir.clone()),
            public_url: "http://127.0.0.1:8080".into(),
            signing_key: session::keys::generate().unwrap(),
            mail: entente_app::MailOptions::default(),
            clock: Clock::set_to("2026-11-21T09:00:00Z".parse::<Timestamp>().unwrap()),
            background: false,
        })
        .await
        .unwrap();
        seed::ensure_program(&app).await.unwrap();
        Self { app, dir }
    }

    async fn end(self) {
        self.app.store.drop_database().await.unwrap();
        self.app.shutdown().await;
        std::fs::remove_dir_all(&self.dir).unwrap();
    }

    async fn run(&self, files: CrmFiles, aliases: &[&str]) -> Result<ImportReport, Refused<ImportRefusal>> {
        let aliases = aliases.iter().map(|a| parse_alias(a).unwrap()).collect();
        crm::run(&self.app, None, files, CrmOptions { aliases, ..CrmOptions::default() }, &|_, _| ()).await
    }

    async fn deals(&self, ids: &[&str]) -> Vec<Deal> {
        let keys: Vec<String> = ids.iter().map(|id| format!("crm:{id}")).collect();
        let mut deals = self.app.store.deals_by_import_key(&keys).await.unwrap();
        deals.sort_by_key(|d| d.import_key.clone());
        deals
    }

    async fn count(&self) -> u64 {
        self.app.store.count_deals(&DealFilter { scope: Scope::All, ..DealFilter::default() }).await.unwrap()
    }
}

fn file(name: &str, text: &str) -> SourceFile {
    SourceFile { name: name.into(), bytes: Bytes::copy_from_slice(text.as_bytes()) }
}

fn files(pipeline: &str) -> CrmFiles {
    CrmFiles {
        accounts: Some(file("accounts.csv", ACCOUNTS)),
        products: Some(file("products.csv", PRODUCTS)),
        sales_teams: Some(file("sales_teams.csv", TEAMS)),
        sales_pipeline: file("sales_pipeline.csv", &format!("{HEADER}{pipeline}")),
    }
}

fn codes(report: &ImportReport) -> Vec<(&'static str, u64, Option<String>)> {
    report.issues.iter().map(|i| (i.code.name(), i.line, i.value.clone())).collect()
}

fn admin() -> Actor {
    let user_id = UserId::new(entente_app::clock::ulid_of("admin"));
    Actor { user_id, name: "Ada Admin".into(), roles: vec![Role::Admin], partner_id: None, api_key: None }
}

#[tokio::test]
async fn good_rows_go_in_and_bad_ones_are_reported() {
    let world = World::new().await;
    let report = world.run(files(PIPELINE), &[]).await.unwrap();
    assert_eq!((report.rows, report.created, report.unchanged, report.rejected), (10, 6, 0, 4));
    let value = |v: &str| Some(v.to_owned());
    assert_eq!(
        codes(&report),
        [
            ("UNKNOWN_COUNTRY", 4, value("Philipines")),
            ("UNKNOWN_COUNTRY", 5, value("Korea")),
            ("INVALID_VALUE", 4, value("fifty")),
            ("MISSING_VALUE", 4, None),
            ("CLAIM_HELD", 4, value("Isdom")),
            ("MISSING_VALUE", 5, None),
            ("MISSING_ACCOUNT", 6, None),
            ("MISSING_DATE", 6, None),
            ("MISSING_VALUE", 6, None),
            ("UNKNOWN_PRODUCT", 7, value("GTXPro")),
            ("INVALID_DATE", 8, value("13/1/2017")),
            ("VALUE_TOO_PRECISE", 8, value("45.005")),
            ("DUPLICATE_ID", 9, value("A1")),
            ("WRONG_FIELD_COUNT", 10, None),
            ("UNKNOWN_ACCOUNT", 11, value("Newco")),
            ("UNKNOWN_AGENT", 11, value("Nobody Knows")),
        ]
    );
    let unknown = report.issues.iter().find(|i| i.line == 7).unwrap();
    assert_eq!((unknown.file.as_str(), unknown.column.as_deref()), ("sales_pipeline.csv", Some("product")));
    assert!(unknown.reason.ends_with("product:GTXPro=GTX Pro"), "{}", unknown.reason);
    let stages: Vec<_> = report.stages.iter().map(|s| (s.name.as_str(), s.count, s.value.normalize().to_string())).collect();
    let expected = [("Prospecting", 1, "4821"), ("Engaging", 2, "9642"), ("Demo given", 1, "1054.5"), ("Won", 1, "600"), ("Lost", 1, "0")];
    assert_eq!(stages, expected.map(|(n, c, v)| (n, c, v.to_owned())));
    let added = report.added;
    assert_eq!((added.products, added.territories, added.stages, added.managers, added.partners), (2, 2, 1, 2, 4));
    let csv = String::from_utf8(report.to_csv().unwrap()).unwrap();
    assert!(csv.contains("ERROR,sales_pipeline.csv,7,product,GTXPro,UNKNOWN_PRODUCT,"), "{csv}");
    world.end().await;
}

#[tokio::test]
async fn deals_keep_their_dates_and_the_oldest_holds_the_claim() {
    let world = World::new().await;
    world.run(files(PIPELINE), &[]).await.unwrap();
    let deals = world.deals(&["A1", "A2", "A3", "A4", "A5", "A9"]).await;
    let [won, lost, later, older, bare, new] = deals.as_slice() else { panic!("{deals:?}") };
    assert!(deals.iter().all(|d| d.source == DealSource::Imported && d.status == RegistrationStatus::Approved && d.version == 1));
    assert_eq!((won.created_at.to_string().as_str(), won.closed_on.map(|d| d.to_string()).as_deref()), ("2016-10-20T00:00:00Z", Some("2017-03-01")));
    assert_eq!((won.updated_at.to_string().as_str(), won.title.as_str()), ("2017-03-01T00:00:00Z", "GTX Basic for Cancity"));
    assert_eq!((lost.value.amount.is_zero(), lost.stage_category), (true, StageCategory::Lost));
    assert_eq!((later.protected_until, older.protected_until.map(|t| t.to_string())), (None, Some("2027-02-19T09:00:00Z".into())));
    assert_eq!((bare.customer.is_none(), bare.created_at.to_string().as_str()), (true, "2026-11-21T09:00:00Z"));
    assert_eq!((new.stage.as_str(), new.territory.as_deref(), new.manager_id.as_ref()), ("demo-given", None, None));
    let customer = older.customer.as_ref().unwrap();
    assert_eq!((customer.country.as_deref(), customer.industry.as_deref()), (Some("US"), Some("medical")));
    assert_ne!(customer.id, later.customer.as_ref().unwrap().id, "each partner has a record of its own");
    let key = ClaimKey { customer_key: customer.key.clone(), product_id: older.product_ids[0].clone() };
    let claims = world.app.store.claims_on(&[key]).await.unwrap();
    assert_eq!(claims.into_iter().map(|c| c.deal_id).collect::<Vec<_>>(), std::slice::from_ref(&older.id));

    let timeline = world.app.store.timeline(&won.id, true, None, 10).await.unwrap();
    assert_eq!(timeline.len(), 1);
    assert_eq!((timeline[0].kind.name(), timeline[0].actor.name.as_str()), ("DEAL_IMPORTED", "Import"));
    assert_eq!(timeline[0].text.as_deref(), Some("Imported from sales_pipeline.csv, line 2"));

    let partner = world.app.store.partner(&won.partner_id).await.unwrap().unwrap();
    assert_eq!((partner.slug.as_str(), partner.published, partner.territories.as_slice()), ("moses-frase", false, &["central".to_owned()][..]));
    let manager = world.app.store.user(partner.manager_id.as_ref().unwrap()).await.unwrap().unwrap();
    assert_eq!((manager.name.as_str(), manager.active, manager.roles.as_slice()), ("Dustin Brinkmann", false, &[Role::ChannelManager][..]));
    assert_eq!(won.manager_id, partner.manager_id);
    world.end().await;
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_a_mended_file_adds_what_was_missing() {
    let world = World::new().await;
    let before = world.app.store.program().await.unwrap().unwrap().version;
    world.run(files(PIPELINE), &[]).await.unwrap();
    let program = world.app.store.program().await.unwrap().unwrap();
    assert_eq!(program.version, before + 1);
    let deals = world.deals(&["A1", "A3", "A4", "A5"]).await;
    let partner = world.app.store.partner(&deals[0].partner_id).await.unwrap();

    let again = world.run(files(PIPELINE), &[]).await.unwrap();
    assert_eq!((again.created, again.unchanged, again.rejected), (0, 6, 4));
    assert_eq!(again.added, Default::default());
    assert_eq!((again.stages.iter().map(|s| s.count).sum::<u64>(), world.count().await), (6, 6));
    assert_eq!(world.app.store.program().await.unwrap().unwrap(), program);
    assert_eq!(world.deals(&["A1", "A3", "A4", "A5"]).await, deals);
    assert_eq!(world.app.store.partner(&deals[0].partner_id).await.unwrap(), partner);

    let mended = world.run(files(&PIPELINE.replace("13/1/2017", "1/13/2017").replace("45.005", "45.5")), &["product:GTXPro=GTX Pro"]).await.unwrap();
    assert_eq!((mended.created, mended.unchanged, mended.rejected), (2, 6, 2));
    world.end().await;
}

#[tokio::test]
async fn a_claim_that_is_held_stays_where_it_is() {
    let world = World::new().await;
    world.run(files("B1,Moses Frase,GTX Pro,Isdom,Engaging,5/1/2017,,\n"), &[]).await.unwrap();
    let older = "B1,Moses Frase,GTX Pro,Isdom,Engaging,5/1/2017,,\nB0,Zane Levy,GTX Pro,Isdom,Engaging,4/1/2017,,\n";
    let report = world.run(files(older), &[]).await.unwrap();
    let held: Vec<_> = report.issues.iter().filter(|i| i.code.name() == "CLAIM_HELD").map(|i| i.line).collect();
    assert_eq!((report.created, report.unchanged, held), (1, 1, vec![3]));
    let deals = world.deals(&["B0", "B1"]).await;
    assert!(deals[0].protected_until.is_none() && deals[1].protected_until.is_some());
    world.end().await;
}

#[tokio::test]
async fn a_broken_file_writes_nothing() {
    let world = World::new().await;
    let before = world.app.store.program().await.unwrap();
    let mut no_column = files(PIPELINE);
    no_column.sales_teams = Some(file("sales_teams.csv", "sales_agent,manager\nMoses Frase,Dustin Brinkmann\n"));
    let mut no_text = files(PIPELINE);
    no_text.sales_pipeline.bytes = Bytes::from_static(b"opportunity_id,\xff\n");
    for (files, code) in [(no_column, "COLUMN_MISSING"), (no_text, "FILE_BROKEN")] {
        match world.run(files, &[]).await {
            Err(Refused::Refused(refusal)) => assert_eq!(refusal.code(), code),
            other => panic!("{other:?}"),
        }
    }
    let unknown = CrmOptions { mapping: Some("[values.colour]\na = \"b\"".into()), ..CrmOptions::default() };
    let refused = crm::run(&world.app, None, files(PIPELINE), unknown, &|_, _| ()).await;
    assert!(matches!(refused, Err(Refused::Refused(ImportRefusal::MappingInvalid { .. }))));
    assert_eq!((world.count().await, world.app.store.program().await.unwrap()), (0, before));
    assert_eq!(world.app.store.count_import_runs().await.unwrap(), 0);
    world.end().await;
}

#[tokio::test]
async fn a_dry_run_tells_and_writes_nothing() {
    let world = World::new().await;
    let before = world.app.store.program().await.unwrap();
    let options = CrmOptions { dry_run: true, ..CrmOptions::default() };
    let report = crm::run(&world.app, None, files(PIPELINE), options, &|_, _| ()).await.unwrap();
    assert_eq!((report.created, report.rejected, report.added.partners), (6, 4, 4));
    assert_eq!((world.count().await, world.app.store.program().await.unwrap()), (0, before));
    assert!(world.app.store.partner_by_slug("moses-frase").await.unwrap().is_none());
    world.end().await;
}

#[tokio::test]
async fn an_administrator_imports_uploads_in_the_background() {
    let world = World::new().await;
    let app = &world.app;
    let upload = async |text: &str| {
        let id = FileId::new(app.ulid());
        app.files.put_upload(&id, Bytes::copy_from_slice(text.as_bytes())).await.unwrap();
        id.to_string()
    };
    let input = CrmImportInput {
        products: Some(upload(PRODUCTS).await),
        sales_pipeline: upload(&format!("{HEADER}{PIPELINE}")).await,
        ..CrmImportInput::default()
    };
    let partner_admin = Actor { partner_id: Some(entente_domain::id::PartnerId::new(app.ulid())), roles: vec![Role::PartnerAdmin], ..admin() };
    assert!(matches!(import::start(app, &partner_admin, input.clone()).await, Err(Refused::Refused(ImportRefusal::NotAllowed))));
    assert!(import::get(app, &partner_admin, "imp_x").await.is_err());
    let missing = CrmImportInput { accounts: Some(FileId::new(app.ulid()).to_string()), ..input.clone() };
    match import::start(app, &admin(), missing).await {
        Err(Refused::Refused(refusal)) => assert_eq!((refusal.code(), refusal.path()[1].as_str()), ("NOT_FOUND", "accounts")),
        other => panic!("{other:?}"),
    }

    let run = import::start(app, &admin(), input.clone()).await.unwrap();
    assert_eq!((run.status.as_str(), run.total), ("RUNNING", 10));
    let begun = std::time::Instant::now();
    let mut seen = run.clone();
    while begun.elapsed().as_secs() < 60 {
        seen = import::get(app, &admin(), run.id.as_str()).await.unwrap().unwrap();
        if seen.status != "RUNNING" {
            break;
        }
        if let Err(Refused::Refused(refusal)) = import::start(app, &admin(), input.clone()).await {
            assert_eq!(refusal, ImportRefusal::AlreadyRunning);
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_eq!((seen.status.as_str(), seen.processed, seen.created + seen.unchanged, seen.rejected), ("DONE", 10, 6, 4));
    let total = import::count_issues(app, &admin(), &run.id).await.unwrap();
    assert_eq!(seen.issue_counts.iter().map(|c| c.3).sum::<i64>(), i64::try_from(total).unwrap());
    let page = import::issues(app, &admin(), &run.id, 2, None).await.unwrap();
    let rest = import::issues(app, &admin(), &run.id, 100, Some(&page.rows[1].0)).await.unwrap();
    assert_eq!((page.rows.len() + rest.rows.len()) as u64, total);
    assert_eq!(import::list(app, &admin(), 10, None).await.unwrap().rows.last().unwrap().1.id, run.id);
    let csv = String::from_utf8(import::report_csv(app, &run.id).await.unwrap().unwrap()).unwrap();
    assert_eq!(csv.lines().count() as u64, total + 1);
    world.end().await;
}

#[tokio::test]
async fn a_thousand_rows_of_two_imports_at_once_are_there_once() {
    let world = World::new().await;
    let rows: String = (0..1_200).map(|n| format!("C{n},Moses Frase,GTX Pro,Customer {},Engaging,5/1/2017,,\n", n % 700)).collect();
    let (one, two) = tokio::join!(world.run(files(&rows), &[]), world.run(files(&rows), &[]));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((one.created + two.created, one.created + one.unchanged, two.created + two.unchanged), (1_200, 1_200, 1_200));
    assert_eq!(world.count().await, 1_200);
    world.end().await;
}
