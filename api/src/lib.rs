//! Thi Đua: the API on which emulation and commendation work runs, from the Central council down to an office.
//!
//! # The rooms
//!
//! A request walks through them in one direction and never comes back to an earlier one:
//!
//! - [`http`] is the hall: bytes in, bytes out. It knows nothing of domains and sends no SQL.
//! - [`domain`] holds the rooms: one folder a domain, with nouns, reads, writes and pure rules.
//! - [`access`] is the gate: who may touch which rows. It alone holds the database, and it names no domain.
//! - `entity` and `migration` are packages of their own: the tables, and their history.
//!
//! [`error`], [`text`], [`filter`], [`page`] and [`scalar`] serve all of them. [`app`] puts everything together;
//! [`config`] and the command line start it; [`mod@reference`] and [`demo`] fill an empty database.
//!
//! `http -> domain -> access -> entity`: an arrow against this order does not compile, because the doors behind it
//! are private or banned by lints.

// Whether all questions and changes, merged into one object, may be sent between threads is asked deep down.
#![recursion_limit = "256"]

pub mod access;
mod alike;
pub mod app;
mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod error;
pub mod filter;
pub mod http;
pub mod page;
pub mod reference;
pub mod scalar;
mod schema;
pub mod text;

pub use cli::main;
