//! Thi Đua.
pub mod access;
pub mod domain;
pub mod error;
pub mod filter;
pub mod page;
pub mod scalar;
pub mod text;
