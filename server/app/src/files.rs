//! Object storage: content-addressed blobs (logos) and uploads, through the `object_store` crate.

use std::path::Path as FsPath;
use std::sync::Arc;

use bytes::Bytes;
use entente_domain::id::FileId;
use futures::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::AppError;

/// Most bytes of an upload.
pub const UPLOAD_MAX: usize = 20 * 1024 * 1024;

/// Object storage.
#[derive(Clone)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// Opens (and creates) the local folder `objects` in the data folder.
    pub fn open(data_dir: &FsPath) -> Result<Self, AppError> {
        let folder = data_dir.join("objects");
        std::fs::create_dir_all(&folder).map_err(|e| AppError::Internal(format!("{}: {e}", folder.display())))?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder).map_err(AppError::internal)?)))
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

fn blob(hash: &str) -> Path {
    Path::from(format!("blobs/{}/{hash}", &hash[..2]))
}

fn upload(id: &FileId) -> Path {
    Path::from(format!("uploads/{id}"))
}
