//! The floor: the same answers from hand-written SQL in plain actix handlers, on the pool of the server.
//! No token is checked here, no scope is built and no GraphQL is read.

mod driver;
mod law;
mod shape;
mod sql;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use actix_web::error::ErrorInternalServerError;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context, Result};
use api::access::{Address, Database};
use chrono::NaiveDate;
use clap::Parser;
use harness::wait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use driver::{postgres, sqlite};

/// Arguments of the process.
#[derive(Parser)]
pub(crate) struct Options {
    #[arg(long)]
    url: String,
    #[arg(long)]
    connections: u32,
}

/// How long a request waits for a connection: as long as the load waits for an answer.
const PATIENCE: Duration = crate::load::PATIENCE;

/// The pool of the database in use.
#[derive(Clone)]
enum Pool {
    Sqlite(sqlx::SqlitePool),
    Postgres(sqlx::PgPool),
}

/// Serves until the standard input is closed, so that it never outlives the benchmark.
/// Writes its port to the standard output.
pub(crate) fn main() -> Result<()> {
    std::thread::spawn(|| {
        let ended = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(i32::from(ended.is_err()));
    });
    wait(serve(Options::parse_from(std::env::args().skip(1))))
}

async fn serve(options: Options) -> Result<()> {
    let Options { url, connections } = options;
    let database = Database::open(&Address { url, connections }).await?;
    let pool = if database.is_postgres() {
        Pool::Postgres(patient(database.pool().get_postgres_connection_pool(), connections).await?)
    } else {
        Pool::Sqlite(database.pool().get_sqlite_connection_pool().clone())
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?.port())?;
    let site = move || {
        App::new()
            .app_data(web::Data::new(pool.clone()))
            .route("/comparison", web::get().to(comparison))
            .route("/inbox", web::get().to(inbox))
            .route("/units", web::get().to(units))
            .route("/statistics", web::get().to(statistics))
            .route("/eligibility", web::get().to(eligibility))
            .route("/cast", web::get().to(cast))
    };
    Ok(HttpServer::new(site).listen(listener)?.run().await?)
}

/// Connections told the same as the server's, but that no statement is ended: over millions of awards a `GROUP BY`
/// takes longer than the server would wait, and how long is what is measured.
async fn patient(servers: &sqlx::PgPool, connections: u32) -> Result<sqlx::PgPool> {
    let options = servers.connect_options().as_ref().clone();
    let options = options.options([("statement_timeout", "0")]);
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(connections);
    Ok(pool.acquire_timeout(PATIENCE).test_before_acquire(false).connect_with(options).await?)
}

#[derive(Deserialize)]
struct Comparison {
    cluster: Uuid,
    year: i32,
    /// With the units of this tenant.
    units: Option<Uuid>,
}

async fn comparison(
    pool: web::Data<Pool>,
    asked: web::Query<Comparison>,
) -> actix_web::Result<HttpResponse> {
    let Comparison { cluster, year, units } = *asked;
    let sheet = match &**pool {
        Pool::Sqlite(pool) => sqlite::comparison(pool, (cluster, year), units).await,
        Pool::Postgres(pool) => postgres::comparison(pool, (cluster, year), units).await,
    };
    answer(sheet.map(shape::comparison))
}

#[derive(Deserialize)]
struct Inbox {
    tenant: Uuid,
}

async fn inbox(pool: web::Data<Pool>, asked: web::Query<Inbox>) -> actix_web::Result<HttpResponse> {
    let page = match &**pool {
        Pool::Sqlite(pool) => sqlite::inbox(pool, asked.tenant).await,
        Pool::Postgres(pool) => postgres::inbox(pool, asked.tenant).await,
    };
    answer(page.map(shape::inbox))
}

#[derive(Deserialize)]
struct Units {
    tenant: Uuid,
    within: Uuid,
    on: NaiveDate,
}

async fn units(pool: web::Data<Pool>, asked: web::Query<Units>) -> actix_web::Result<HttpResponse> {
    let Units { tenant, within, on } = *asked;
    let rows = match &**pool {
        Pool::Sqlite(pool) => sqlite::units(pool, (tenant, within), on).await,
        Pool::Postgres(pool) => postgres::units(pool, (tenant, within), on).await,
    };
    answer(rows.map(shape::units))
}

#[derive(Deserialize)]
struct Statistics {
    tenant: Uuid,
    within: Uuid,
}

async fn statistics(
    pool: web::Data<Pool>,
    asked: web::Query<Statistics>,
) -> actix_web::Result<HttpResponse> {
    let Statistics { tenant, within } = *asked;
    let found = match &**pool {
        Pool::Sqlite(pool) => sqlite::statistics(pool, (tenant, within)).await,
        Pool::Postgres(pool) => postgres::statistics(pool, (tenant, within)).await,
    };
    answer(found.map(shape::statistics))
}

#[derive(Deserialize)]
struct Eligibility {
    tenant: Uuid,
    submission: Uuid,
    year: i32,
}

async fn eligibility(
    pool: web::Data<Pool>,
    asked: web::Query<Eligibility>,
) -> actix_web::Result<HttpResponse> {
    let Eligibility { tenant, submission, year } = *asked;
    let found = match &**pool {
        Pool::Sqlite(pool) => sqlite::eligibility(pool, (tenant, submission), year).await,
        Pool::Postgres(pool) => postgres::eligibility(pool, (tenant, submission), year).await,
    };
    answer(found.map(|people| law::judged(&people)))
}

#[derive(Deserialize)]
struct Vote {
    tenant: Uuid,
    ballot: Uuid,
    seat: Uuid,
    choices: String,
}

async fn cast(pool: web::Data<Pool>, asked: web::Query<Vote>) -> actix_web::Result<HttpResponse> {
    let Vote { tenant, ballot, seat, choices } = asked.into_inner();
    let receipt =
        api::access::receipt().map_err(|fault| ErrorInternalServerError(format!("{fault:?}")))?;
    let sealed = format!("{receipt}{choices}");
    let id = Uuid::parse_str(&receipt).map_err(ErrorInternalServerError)?;
    let vote = (ballot, seat, (id, sealed));
    let done = match &**pool {
        Pool::Sqlite(pool) => sqlite::cast(pool, tenant, vote).await,
        Pool::Postgres(pool) => postgres::cast(pool, tenant, vote).await,
    };
    answer(done.map(|()| json!({ "ballotCast": { "receipt": receipt, "errors": [] } })))
}

fn answer(found: sqlx::Result<impl Serialize>) -> actix_web::Result<HttpResponse> {
    let found = found.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(serde_json::to_vec(&found)?))
}
