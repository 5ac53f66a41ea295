//! `thidua demo load`, and the demo of a first start, with a bar or with log lines.
//! No row is made here.

use std::io::IsTerminal;

use anyhow::bail;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use super::{migrate, open, out};
use crate::access::Database;
use crate::config::Config;
use crate::demo::{self, Content, Step};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Load the demo into an empty database; refused where other data is
    Load,
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let Command::Load = command;
    let database = open(config).await?;
    migrate::ensure(&database, true).await?;
    match demo::content(database.pool()).await? {
        Content::Nothing => {
            load(&database).await?;
            out::line(SIGN_INS);
        }
        Content::Demo => out::line("the demo is here already; nothing was changed"),
        Content::Other => bail!(
            "{} holds data of its own; the demo goes only into an empty database, such as: \
             thidua demo load --data-dir ./demo",
            config.shown_url()
        ),
    }
    Ok(database.close().await?)
}

/// Loads the demo and shows how far it is.
pub(super) async fn load(database: &Database) -> anyhow::Result<()> {
    let transaction = migrate::begin(database).await?;
    if std::io::stderr().is_terminal() {
        let bar = ProgressBar::new(0).with_style(style());
        let mut show = |step: Step| {
            bar.set_length(step.total);
            bar.set_position(step.done);
            bar.set_message(step.table);
        };
        demo::load(&transaction, &mut show).await?;
        transaction.commit().await?;
        bar.finish_with_message("demo loaded");
        return Ok(());
    }
    let mut show = |step: Step| {
        tracing::info!(table = step.table, rows = step.done, of = step.total, "loading the demo");
    };
    demo::load(&transaction, &mut show).await?;
    transaction.commit().await?;
    tracing::info!("demo loaded");
    Ok(())
}

fn style() -> ProgressStyle {
    let template = "{spinner} demo [{bar:32}] {pos}/{len} rows  {msg}";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Who can sign in to the demo, and what to try next.
pub(super) const SIGN_INS: &str = "\
Đăng nhập thử / demo sign-ins (password: thidua-demo):
  tenant      username                what it may do
  quang_tri   quang_tri.coordinator   điều phối cụm 351 / compares cluster 351
  central     northern.coordinator    điều phối cụm liên tỉnh 2017 / compares the cross-province cluster
  lai_chau    lai_chau.office         lập, gửi hồ sơ / writes and sends submissions
  lai_chau    lai_chau.officer        tiếp nhận, thẩm định / receives and appraises
  lai_chau    lai_chau.chair          phê duyệt / approves
  central     central.officer         cơ quan Trung ương / the Central council's office
  lao_cai, lang_son, quang_tri: the same with their own slug; also .secretary, .head, .auditor, .admin

Thử tiếp / try next: mở trang trên, đăng nhập quang_tri.coordinator và chạy tab \"clusterComparison\"
  (cụm 351, năm 2025). Open the page, sign in as quang_tri.coordinator and run that tab.";
