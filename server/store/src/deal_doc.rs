//! deal documents
