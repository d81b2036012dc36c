//! The settings: each with a flag, an environment variable and a default, checked before anything starts.
//!
//! A setting that cannot be used stops the server with its name.

mod limits;
mod mail;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Parser, ValueEnum};
use entente_app::AppOptions;
use entente_app::clock::Clock;
use entente_app::files::FilesAt;
use entente_app::session::keys;
use entente_store::StoreOptions;

pub use limits::LimitSettings;
pub use mail::MailSettings;

/// Written above a key that was made up here, so that it is known again wherever the file is carried.
const GENERATED: &str = "# Made by entente for development; refused in production.\n";

/// Fewest characters of a token that opens the metrics.
const TOKEN_MIN: usize = 16;

/// Where the server is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Environment {
    /// By somebody who tries or develops it: a signing key is made up, GraphiQL and introspection are on.
    Development,
    /// For real: demo accounts and a made-up signing key are refused.
    Production,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}

/// The settings of the server.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Address and port to listen on
    #[arg(long, env = "ENTENTE_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,

    /// Address under which people reach the server, as https://partners.example.com [default: http://LISTEN]
    #[arg(long, env = "ENTENTE_PUBLIC_URL", value_name = "URL", global = true)]
    pub public_url: Option<String>,

    /// Development or production
    #[arg(long, env = "ENTENTE_ENV", value_enum, default_value = "production", global = true)]
    pub env: Environment,

    /// MongoDB connection string; names a replica set
    #[arg(long, env = "MONGODB_URI", value_name = "URI", hide_env_values = true, global = true)]
    #[arg(default_value = "mongodb://127.0.0.1:27017/?replicaSet=rs0")]
    pub mongodb_uri: String,

    /// Name of the database
    #[arg(long, env = "ENTENTE_DATABASE", value_name = "NAME", default_value = "entente", global = true)]
    pub database: String,

    /// Most connections to MongoDB
    #[arg(long, env = "ENTENTE_DATABASE_POOL", value_name = "COUNT", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=10_000), global = true)]
    pub database_pool: u32,

    /// Redis, by which servers wake each other; without it they poll the database
    #[arg(long, env = "REDIS_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub redis_url: Option<String>,

    /// Folder of uploaded and generated files
    #[arg(long, env = "ENTENTE_DATA_DIR", value_name = "DIR", default_value = "entente-data", global = true)]
    pub data_dir: PathBuf,

    /// Bucket for uploaded and generated files, as s3://bucket/folder, on S3 or what speaks its language; region, keys and endpoint
    /// come from AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT [default: a folder in the data folder]
    #[arg(long, env = "ENTENTE_FILES", value_name = "URL", global = true)]
    pub files: Option<String>,

    /// File with the Ed25519 key that signs tokens (PKCS#8 PEM); needed in production, made up in development
    #[arg(long, env = "ENTENTE_SIGNING_KEY", value_name = "FILE", global = true)]
    pub signing_key: Option<PathBuf>,

    /// How long a WebSocket may take to introduce itself, in milliseconds
    #[arg(long, env = "ENTENTE_SOCKET_INIT_MS", value_name = "MS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(50..=60_000), global = true)]
    pub socket_init_ms: u32,

    /// Header in which a proxy in front names the client, as X-Forwarded-For; only if every request comes through it
    #[arg(long, env = "ENTENTE_PROXY_HEADER", value_name = "HEADER", global = true)]
    pub proxy_header: Option<String>,

    /// Answer introspection [default: in development]
    #[arg(long, env = "ENTENTE_INTROSPECTION", value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", global = true)]
    pub introspection: Option<bool>,

    /// Serve GraphiQL at /graphiql [default: in development]
    #[arg(long, env = "ENTENTE_GRAPHIQL", value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", global = true)]
    pub graphiql: Option<bool>,

    /// What is logged: a level, or levels by module as info,entente_live=debug
    #[arg(long, env = "ENTENTE_LOG", value_name = "FILTER", default_value = "info", global = true)]
    pub log: String,

    /// How it is logged [default: json in production where nobody looks on, else text]
    #[arg(long, env = "ENTENTE_LOG_FORMAT", value_enum, value_name = "FORMAT", global = true)]
    pub log_format: Option<LogFormat>,

    /// An operation that takes this many milliseconds is counted and logged as slow
    #[arg(long, env = "ENTENTE_SLOW_OPERATION_MS", value_name = "MS", default_value_t = 500, global = true)]
    pub slow_operation_ms: u32,

    /// Opens /metrics to whoever sends it as a bearer token; without it only this machine reads them
    #[arg(long, env = "ENTENTE_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true, global = true)]
    pub metrics_token: Option<String>,

    /// Collector of traces (OTLP over HTTP), as http://127.0.0.1:4318; without it nothing is traced
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL", global = true)]
    pub otlp_endpoint: Option<String>,

    /// Where letters go
    #[command(flatten)]
    pub mail: MailSettings,

    /// How much one client may have open and ask for
    #[command(flatten)]
    pub limits: LimitSettings,
}

/// The settings alone, without a subcommand.
#[derive(Debug, Parser)]
struct Alone {
    #[command(flatten)]
    settings: Settings,
}

impl Settings {
    /// The settings that these flags, the environment and the defaults come to, checked.
    pub fn from_arguments(arguments: &[&str]) -> Result<Self> {
        Alone::try_parse_from([&["entente"], arguments].concat())?.settings.check()
    }

    /// Checks what needs no file and no network, so that every subcommand says the same about it.
    pub fn check(mut self) -> Result<Self> {
        self.public_url = set(self.public_url);
        self.redis_url = set(self.redis_url);
        self.proxy_header = set(self.proxy_header);
        self.metrics_token = set(self.metrics_token);
        self.otlp_endpoint = set(self.otlp_endpoint);
        self.signing_key = self.signing_key.filter(|path| !path.as_os_str().is_empty());
        if let Some(url) = &self.public_url {
            check_public_url(url)?;
        }
        if let Some(url) = &self.redis_url {
            ensure!(
                ["redis://", "rediss://", "unix://", "redis+unix://"].iter().any(|s| url.starts_with(s)),
                "REDIS_URL (--redis-url) is not an address like redis://127.0.0.1:6379"
            );
        }
        let uri = &self.mongodb_uri;
        ensure!(
            uri.starts_with("mongodb://") || uri.starts_with("mongodb+srv://"),
            "MONGODB_URI (--mongodb-uri) is not an address like mongodb://127.0.0.1:27017/?replicaSet=rs0"
        );
        let named =
            !self.database.is_empty() && self.database.len() <= 63 && self.database.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
        ensure!(named, "ENTENTE_DATABASE (--database) is {:?}: a name has 1 to 63 letters, digits, _ or -", self.database);
        if let Some(token) = &self.metrics_token {
            let usable = token.len() >= TOKEN_MIN && token.bytes().all(|b| b.is_ascii_graphic());
            ensure!(usable, "ENTENTE_METRICS_TOKEN (--metrics-token) has at least {TOKEN_MIN} characters and no spaces");
        }
        if let Some(url) = &self.otlp_endpoint {
            ensure!(
                url.starts_with("http://"),
                "OTEL_EXPORTER_OTLP_ENDPOINT (--otlp-endpoint) is {url:?}: it is http:// and a collector beside the server, which \
                 encrypts on the way further"
            );
        }
        self.mail = self.mail.check()?;
        if let Some(header) = &self.proxy_header {
            let valid = header.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            ensure!(valid, "ENTENTE_PROXY_HEADER (--proxy-header) is {header:?}, which is no name of a header");
        }
        Ok(self)
    }

    /// Whether the server is run for real.
    pub fn is_production(&self) -> bool {
        self.env == Environment::Production
    }

    /// See [`Settings::public_url`]; without a slash at the end.
    pub fn public_url(&self) -> String {
        let given = self.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        given.unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// Whether introspection is answered.
    pub fn introspection(&self) -> bool {
        self.introspection.unwrap_or(!self.is_production())
    }

    /// Whether GraphiQL is served.
    pub fn graphiql(&self) -> bool {
        self.graphiql.unwrap_or(!self.is_production())
    }

    /// How log lines are written; `terminal` is whether somebody looks on.
    pub fn log_format(&self, terminal: bool) -> LogFormat {
        let usual = if self.is_production() && !terminal { LogFormat::Json } else { LogFormat::Text };
        self.log_format.unwrap_or(usual)
    }

    /// How the database is reached.
    pub fn store(&self) -> StoreOptions {
        StoreOptions { uri: self.mongodb_uri.clone(), database: self.database.clone(), max_pool: self.database_pool }
    }

    /// What the application is made of. `background` is for the server itself; a subcommand signs nothing, so any key
    /// does for it.
    pub fn app(&self, background: bool) -> Result<AppOptions> {
        let signing_key = if background { self.signing_pem()? } else { keys::generate().context("a key cannot be made")? };
        Ok(AppOptions {
            store: self.store(),
            redis_url: self.redis_url.clone(),
            files: self.files(),
            public_url: self.public_url(),
            signing_key,
            mail: self.mail.options(&self.data_dir, self.is_production())?,
            clock: Clock::System,
            background,
        })
    }

    /// Where files are kept.
    pub fn files(&self) -> FilesAt {
        self.files.clone().map_or_else(|| FilesAt::Folder(self.data_dir.join("objects")), FilesAt::Bucket)
    }

    fn signing_pem(&self) -> Result<String> {
        let Some(path) = &self.signing_key else {
            if self.is_production() {
                bail!(
                    "ENTENTE_SIGNING_KEY (--signing-key) is not set: production needs a key of its own, as made by \
                     `openssl genpkey -algorithm ed25519`. To try the server, set ENTENTE_ENV=development"
                );
            }
            return development_key(&self.data_dir);
        };
        let name = "ENTENTE_SIGNING_KEY (--signing-key)";
        let pem = fs::read_to_string(path).with_context(|| format!("{name}: cannot read {}", path.display()))?;
        if self.is_production() && pem.contains(GENERATED.trim()) {
            bail!("{name}: {} was made up for development; production needs a key of its own", path.display());
        }
        let pem = without_comments(&pem);
        keys::SigningKeys::from_pem(&pem).with_context(|| format!("{name}: {}", path.display()))?;
        Ok(pem)
    }
}

/// An empty variable is one that is not set.
fn set(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.trim().is_empty())
}

fn check_public_url(url: &str) -> Result<()> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.trim_end_matches('/'));
    let plain = |host: &str| !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]_".contains(&b));
    ensure!(host.is_some_and(plain), "ENTENTE_PUBLIC_URL (--public-url) is {url:?}: it is http:// or https:// and a host, without a path");
    Ok(())
}

fn without_comments(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('#')).fold(String::new(), |all, line| all + line + "\n")
}

/// The key of a server in development: made once and kept, so that sessions outlive a restart.
fn development_key(data_dir: &Path) -> Result<String> {
    let path = data_dir.join("development-signing-key.pem");
    if let Ok(pem) = fs::read_to_string(&path) {
        return Ok(without_comments(&pem));
    }
    fs::create_dir_all(data_dir).with_context(|| format!("ENTENTE_DATA_DIR (--data-dir): cannot make {}", data_dir.display()))?;
    let pem = keys::generate().context("a key cannot be made")?;
    write_private(&path, &format!("{GENERATED}{pem}")).with_context(|| format!("ENTENTE_DATA_DIR (--data-dir): cannot write {}", path.display()))?;
    Ok(pem)
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(arguments: &[&str]) -> Result<Settings> {
        Settings::from_arguments(arguments)
    }

    #[test]
    fn a_bad_setting_is_named() {
        for (arguments, name) in [
            (["--listen", "nowhere"], "--listen"),
            (["--public-url", "ftp://x"], "ENTENTE_PUBLIC_URL"),
            (["--public-url", "https://x.example/path"], "ENTENTE_PUBLIC_URL"),
            (["--redis-url", "127.0.0.1"], "REDIS_URL"),
            (["--mongodb-uri", "localhost"], "MONGODB_URI"),
            (["--database", "a/b"], "ENTENTE_DATABASE"),
            (["--database-pool", "0"], "--database-pool"),
            (["--env", "staging"], "--env"),
            (["--proxy-header", "a b"], "ENTENTE_PROXY_HEADER"),
            (["--metrics-token", "short"], "ENTENTE_METRICS_TOKEN"),
            (["--otlp-endpoint", "https://far.example"], "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ] {
            let error = settings(&arguments).unwrap_err().to_string();
            assert!(error.contains(name), "{arguments:?}: {error}");
        }
    }

    #[test]
    fn what_is_safe_in_production_is_the_default() {
        let production = settings(&[]).unwrap();
        assert!(production.is_production() && !production.introspection() && !production.graphiql());
        assert!(production.app(true).unwrap_err().to_string().contains("ENTENTE_SIGNING_KEY"));
        let development = settings(&["--env", "development", "--graphiql=false"]).unwrap();
        assert!(development.introspection() && !development.graphiql());
        assert_eq!(development.public_url(), "http://127.0.0.1:8080");
        assert_eq!((production.log_format(false), development.log_format(false)), (LogFormat::Json, LogFormat::Text));
    }

    #[test]
    fn a_made_up_key_is_kept_and_refused_in_production() {
        let folder = std::env::temp_dir().join(format!("entente-key-{}", std::process::id()));
        let first = development_key(&folder).unwrap();
        assert_eq!(development_key(&folder).unwrap().trim(), first.trim());
        let file = folder.join("development-signing-key.pem");
        let carried = settings(&["--signing-key", file.to_str().unwrap()]).unwrap();
        assert!(carried.app(true).unwrap_err().to_string().contains("made up for development"));
        fs::remove_dir_all(folder).unwrap();
    }
}
