//! Object storage: content-addressed blobs (logos) and uploads, through the `object_store` crate.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use entente_domain::id::FileId;
use futures::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, RetryConfig};
use url::Url;

use crate::AppError;

/// Most bytes of an upload.
pub const UPLOAD_MAX: usize = 20 * 1024 * 1024;

/// How long an answer of a bucket is waited for, with everything that is tried again.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where files are kept.
#[derive(Debug, Clone)]
pub enum FilesAt {
    /// In a folder of this machine: for one server, or for several that share it.
    Folder(PathBuf),
    /// In a bucket of S3, or of what speaks its language, as `s3://bucket/folder`. Region, keys and the address of another
    /// store than Amazon's are read from the variables that its own tools use (`AWS_REGION`, `AWS_ENDPOINT`, ...).
    Bucket(String),
}

/// Object storage.
#[derive(Clone)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// Opens what is there: a folder is made, a bucket has to exist and to open with the keys that are set.
    pub async fn open(at: &FilesAt) -> Result<Self, AppError> {
        match at {
            FilesAt::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|e| AppError::Internal(format!("{}: {e}", folder.display())))?;
                Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder).map_err(AppError::internal)?)))
            }
            FilesAt::Bucket(url) => {
                let files = bucket(url)?;
                // Found out now, not with the first file. What is not there is no error, except the bucket.
                let nothing = files.list(Some(&Path::from("nothing"))).try_next().await;
                nothing.map_err(|e| AppError::Internal(format!("ENTENTE_FILES (--files): {url} cannot be read: {e}")))?;
                Ok(Self(files))
            }
        }
    }

    /// Keeps the bytes under their BLAKE3 hash (hex), which it answers.
    pub async fn put(&self, bytes: Bytes) -> Result<String, AppError> {
        let hash = blake3::hash(&bytes).to_hex().to_string();
        self.0.put(&blob(&hash), bytes.into()).await.map_err(AppError::internal)?;
        Ok(hash)
    }

    /// The bytes kept under a hash; none when there are none.
    pub async fn get(&self, hash: &str) -> Result<Option<Bytes>, AppError> {
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(None);
        }
        self.read(&blob(hash)).await
    }

    /// Keeps an upload; `id` is its name from now on.
    pub async fn put_upload(&self, id: &FileId, bytes: Bytes) -> Result<(), AppError> {
        self.0.put(&upload(id), bytes.into()).await.map_err(AppError::internal)?;
        Ok(())
    }

    /// The bytes of an upload; none when there are none.
    pub async fn upload(&self, id: &FileId) -> Result<Option<Bytes>, AppError> {
        self.read(&upload(id)).await
    }

    /// The names of everything that is kept, sorted: for backups.
    pub async fn names(&self) -> Result<Vec<String>, AppError> {
        let all = self.0.list(None).map_ok(|object| object.location.to_string()).try_collect::<Vec<_>>().await;
        let mut all = all.map_err(AppError::internal)?;
        all.sort();
        Ok(all)
    }

    /// The bytes under a name of [`Files::names`]; none when they are gone.
    pub async fn named(&self, name: &str) -> Result<Option<Bytes>, AppError> {
        self.read(&Path::from(name)).await
    }

    /// Puts bytes back under a name of [`Files::names`].
    pub async fn put_named(&self, name: &str, bytes: Bytes) -> Result<(), AppError> {
        self.0.put(&Path::from(name), bytes.into()).await.map_err(AppError::internal)?;
        Ok(())
    }

    /// Removes what is kept under a name of [`Files::names`]; what is gone already is fine.
    pub async fn remove_named(&self, name: &str) -> Result<(), AppError> {
        match self.0.delete(&Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(AppError::internal(e)),
        }
    }

    async fn read(&self, path: &Path) -> Result<Option<Bytes>, AppError> {
        match self.0.get(path).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(AppError::internal)?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(AppError::internal(e)),
        }
    }
}

/// The bucket, or a folder of it, that an address names.
fn bucket(address: &str) -> Result<Arc<dyn ObjectStore>, AppError> {
    let wrong = |e: &dyn std::fmt::Display| AppError::Internal(format!("ENTENTE_FILES (--files): {address}: {e}"));
    let url = Url::parse(address).map_err(|e| wrong(&e))?;
    if url.scheme() != "s3" || url.host_str().is_none() {
        return Err(wrong(&"an address as s3://bucket or s3://bucket/folder is needed"));
    }
    let folder = Path::from_url_path(url.path()).map_err(|e| wrong(&e))?;
    // Whoever came first decides for the whole process; here nobody else asks.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let retry = RetryConfig { max_retries: 5, retry_timeout: PATIENCE, ..RetryConfig::default() };
    let store = AmazonS3Builder::from_env().with_url(address).with_retry(retry).build().map_err(|e| wrong(&e))?;
    Ok(if folder.as_ref().is_empty() { Arc::new(store) } else { Arc::new(PrefixStore::new(store, folder)) })
}

fn blob(hash: &str) -> Path {
    Path::from(format!("blobs/{}/{hash}", &hash[..2]))
}

fn upload(id: &FileId) -> Path {
    Path::from(format!("uploads/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_bucket_is_refused_by_the_name_of_the_setting() {
        for address in ["/var/files", "s3:bucket", "https://bucket.example/files", "gs://bucket"] {
            let Err(refused) = Files::open(&FilesAt::Bucket(address.into())).await.map(|_| ()) else { panic!("{address}") };
            assert!(refused.to_string().contains("ENTENTE_FILES") && refused.to_string().contains(address), "{refused}");
        }
    }
}
