//! A replica set of real `mongod`s on the loopback, whose members can be killed, stopped and started again.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bson::{Document, doc};
use mongodb::options::ClientOptions;
use mongodb::{Client, Database};
use tokio::time::{Instant, sleep, timeout};

use crate::child::{Child, Spec};
use crate::{net, tools};

const SET: &str = "rs0";
/// How long a member may take to say how it is.
const ANSWER_LIMIT: Duration = Duration::from_millis(400);

/// How the set is made.
#[derive(Debug, Clone)]
pub struct SetOptions {
    /// How many members, 1 to 7.
    pub members: usize,
    /// After how long without a sign of the primary the others elect another, in milliseconds; MongoDB's own choice is 10,000.
    pub election_timeout_ms: i64,
    /// Size of each member's log of operations, in megabytes.
    pub oplog_mb: u32,
    /// Cache of each member, in gigabytes (0.25 at least).
    pub cache_gb: f32,
    /// Where the data goes; below the folder of the logs if nothing is named.
    pub data: Option<PathBuf>,
}

impl Default for SetOptions {
    fn default() -> Self {
        Self { members: 3, election_timeout_ms: 10_000, oplog_mb: 990, cache_gb: 0.5, data: None }
    }
}

#[derive(Debug)]
struct Member {
    port: u16,
    spec: Spec,
    child: Option<Child>,
    /// Straight to this member, whatever its role.
    direct: Database,
}

/// The set.
#[derive(Debug)]
pub struct ReplicaSet {
    members: Vec<Member>,
}

impl ReplicaSet {
    /// Starts the members with their data and logs below the folder, and waits for a primary and for all others to follow.
    pub async fn start(folder: &Path, options: &SetOptions) -> Result<Self> {
        let program = tools::mongod()?;
        let mut members = Vec::new();
        for number in 0..options.members {
            members.push(Member::start(&program, folder, number, options).await?);
        }
        let set = Self { members };
        set.initiate(options).await?;
        set.wait_healthy(Duration::from_secs(60)).await?;
        Ok(set)
    }

    /// `MONGODB_URI`.
    pub fn uri(&self) -> String {
        let hosts: Vec<String> = self.members.iter().map(|member| format!("127.0.0.1:{}", member.port)).collect();
        format!("mongodb://{}/?replicaSet={SET}", hosts.join(","))
    }

    /// A client of our own: journalled majority writes, majority reads from the primary.
    pub async fn client(&self) -> Result<Client> {
        let mut options = ClientOptions::parse(format!("{}&w=majority&readConcernLevel=majority", self.uri())).await?;
        options.app_name = Some("outside".to_owned());
        options.server_selection_timeout = Some(Duration::from_secs(20));
        Ok(Client::with_options(options)?)
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    async fn initiate(&self, options: &SetOptions) -> Result<()> {
        let hosts = self.members.iter().enumerate();
        let members: Vec<Document> = hosts.map(|(n, m)| doc! { "_id": n as i64, "host": format!("127.0.0.1:{}", m.port) }).collect();
        let settings =
            doc! { "electionTimeoutMillis": options.election_timeout_ms, "heartbeatIntervalMillis": (options.election_timeout_ms / 5).min(2_000) };
        let config = doc! { "_id": SET, "version": 1, "members": members, "settings": settings };
        for member in &self.members {
            // The first one asks all others whether they are there.
            member.direct.run_command(doc! { "ping": 1 }).await?;
        }
        let first = self.members.first().context("a set without members")?;
        first.direct.run_command(doc! { "replSetInitiate": config }).await?;
        Ok(())
    }

    /// The member that takes writes now, if one answers.
    pub async fn primary(&self) -> Option<usize> {
        let asked = self.members.iter().map(Member::is_primary);
        futures::future::join_all(asked).await.into_iter().position(|yes| yes)
    }

    /// Waits until a member other than `not` takes writes; answers which and how long it took.
    pub async fn wait_primary(&self, not: Option<usize>, limit: Duration) -> Result<(usize, Duration)> {
        let since = Instant::now();
        loop {
            let asked =
                self.members.iter().enumerate().filter(|(n, _)| Some(*n) != not).map(async |(n, member)| member.is_primary().await.then_some(n));
            if let Some(found) = futures::future::join_all(asked).await.into_iter().flatten().next() {
                return Ok((found, since.elapsed()));
            }
            if since.elapsed() > limit {
                bail!("no primary within {} s", limit.as_secs());
            }
            sleep(Duration::from_millis(25)).await;
        }
    }

    /// Waits until one member is primary and all others follow it: what is written now reaches every one of them. One that was
    /// killed calls itself a follower for a moment before it takes back what only it had, and is none until that is done.
    pub async fn wait_healthy(&self, limit: Duration) -> Result<()> {
        let since = Instant::now();
        loop {
            let asked = self.members.iter().map(Member::role);
            let roles: Vec<Option<Role>> = futures::future::join_all(asked).await;
            let primaries = roles.iter().filter(|role| **role == Some(Role::Primary)).count();
            let followers = roles.iter().filter(|role| **role == Some(Role::Secondary)).count();
            if primaries == 1 && primaries + followers == self.members.len() && self.reaches_all(&roles).await {
                return Ok(());
            }
            if since.elapsed() > limit {
                bail!("the replica set is not whole within {} s: {roles:?}", limit.as_secs());
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    async fn reaches_all(&self, roles: &[Option<Role>]) -> bool {
        let Some(primary) = roles.iter().position(|role| *role == Some(Role::Primary)) else { return false };
        let everywhere = doc! { "w": self.members.len() as i64, "wtimeout": 2_000 };
        let write = doc! { "insert": "reached", "documents": [{ "at": bson::DateTime::now() }], "writeConcern": everywhere };
        let database = self.members[primary].direct.client().database("probe");
        // A write that is not everywhere in time is no error of the command, but stands in its answer.
        matches!(timeout(Duration::from_secs(3), database.run_command(write)).await, Ok(Ok(answer)) if !answer.contains_key("writeConcernError"))
    }

    /// `kill -9` of a member.
    pub fn kill(&mut self, member: usize) {
        self.members[member].child = None;
    }

    /// A member stands still with its connections open.
    pub fn stop(&self, member: usize) {
        if let Some(child) = &self.members[member].child {
            child.stop();
        }
    }

    /// A member goes on.
    pub fn go_on(&self, member: usize) {
        if let Some(child) = &self.members[member].child {
            child.go_on();
        }
    }

    /// Starts a member again that was killed or has ended.
    pub fn restart(&mut self, member: usize) -> Result<()> {
        let member = &mut self.members[member];
        member.child = None;
        member.child = Some(member.spec.start()?);
        Ok(())
    }

    /// Lets no member write a file beyond that size, in bytes, as long as it runs: to them, the disk is full there.
    pub fn limit_files(&self, bytes: u64) -> Result<()> {
        self.members.iter().filter_map(|member| member.child.as_ref()).try_for_each(|child| child.limit_file_size(bytes))
    }

    /// Has every member that answers write everything to its disk now. A member that cannot write ends.
    pub async fn flush(&self) {
        let each = self.members.iter().map(|member| timeout(Duration::from_secs(2), member.direct.run_command(doc! { "fsync": 1 })));
        futures::future::join_all(each).await;
    }

    /// The members whose process has ended by itself.
    pub fn ended(&mut self) -> Vec<usize> {
        let members = self.members.iter_mut().enumerate();
        members.filter_map(|(n, member)| member.child.as_mut().is_none_or(|child| child.ended().is_some()).then_some(n)).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Primary,
    Secondary,
    Other,
}

impl Member {
    async fn start(program: &Path, folder: &Path, number: usize, options: &SetOptions) -> Result<Self> {
        let port = net::free_port()?;
        let data = options.data.as_deref().unwrap_or(folder).join(format!("mongo-{number}"));
        fs::create_dir_all(&data)?;
        let spec = Spec::new(&format!("mongod {number}"), program, &folder.join(format!("mongod-{number}.log")))
            .args(["--replSet", SET, "--bind_ip", "127.0.0.1", "--nounixsocket", "--port", &port.to_string()])
            .args(["--wiredTigerCacheSizeGB", &options.cache_gb.to_string(), "--oplogSize", &options.oplog_mb.to_string()])
            // A follower gives up a source that stands still only after a time of its own. With the usual 5 s that is later than
            // the election, and no majority confirms a write before: docs/operations.md advises this value.
            .args(["--setParameter", "oplogNetworkTimeoutBufferSeconds=1"])
            // A member that was killed begins at its last checkpoint. From one that is minutes old (it is killed again before the
            // next is due) mongod 6.0.5 may never end taking back what only it had.
            .args(["--syncdelay", "5"])
            .args(["--setParameter", "diagnosticDataCollectionEnabled=false", "--dbpath"])
            .args([&data]);
        let child = Some(spec.start()?);
        let mut direct = ClientOptions::parse(format!("mongodb://127.0.0.1:{port}/?directConnection=true")).await?;
        direct.server_selection_timeout = Some(Duration::from_secs(30));
        let direct = Client::with_options(direct)?.database("admin");
        Ok(Self { port, spec, child, direct })
    }

    async fn hello(&self) -> Option<Document> {
        // A member that stands still answers nothing, and a dead one is not worth a wait.
        timeout(ANSWER_LIMIT, self.direct.run_command(doc! { "hello": 1 })).await.ok()?.ok()
    }

    async fn is_primary(&self) -> bool {
        self.role().await == Some(Role::Primary)
    }

    async fn role(&self) -> Option<Role> {
        let hello = self.hello().await?;
        let is = |name: &str| hello.get_bool(name).unwrap_or(false);
        Some(match (is("isWritablePrimary"), is("secondary")) {
            (true, _) => Role::Primary,
            (_, true) => Role::Secondary,
            _ => Role::Other,
        })
    }
}
