//! The statements run through the driver itself, once for each database.
//! Nothing is worked out here.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::Row;
use uuid::Uuid;

use super::law::People;
use super::sql;

/// Rows behind a comparison.
pub(super) struct Sheet {
    pub(super) state: Option<String>,
    pub(super) criteria: Vec<Criterion>,
    pub(super) members: Vec<Member>,
    pub(super) scores: Vec<Score>,
}

pub(super) struct Criterion {
    pub(super) id: Uuid,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) max: i64,
    pub(super) kind: String,
}

pub(super) struct Member {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) code: String,
    pub(super) slug: String,
    pub(super) previous_rank: Option<i32>,
    pub(super) unit: Option<(Uuid, String)>,
}

pub(super) struct Score {
    pub(super) criterion: Uuid,
    pub(super) member: Uuid,
    pub(super) layer: String,
    pub(super) value: Option<i64>,
    pub(super) reason: Option<String>,
}

/// Rows behind an inbox page.
pub(super) struct Page {
    pub(super) submissions: Vec<Submission>,
    pub(super) parts: Vec<Part>,
    pub(super) has_next: bool,
}

pub(super) struct Submission {
    pub(super) id: Uuid,
    pub(super) number: i32,
    pub(super) title: String,
    pub(super) state: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) sent_at: Option<DateTime<Utc>>,
    pub(super) version: i32,
    pub(super) unit: (Uuid, String),
}

/// Nominees of one submission for one title.
pub(super) struct Part {
    pub(super) submission: Uuid,
    pub(super) award: (Uuid, String, String),
    pub(super) count: i64,
}

pub(super) struct Unit {
    pub(super) id: Uuid,
    pub(super) parent: Option<Uuid>,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) kind: String,
}

/// Awards of one title, kind of subject and year.
pub(super) struct Group {
    pub(super) code: String,
    pub(super) kind: String,
    pub(super) year: i32,
    pub(super) events: i64,
    pub(super) subjects: i64,
}

fn ends(year: i32) -> (NaiveDate, NaiveDate) {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    (day(1, 1), day(12, 31))
}

macro_rules! driver {
    ($name:ident, $database:ty, $begin:literal, $lock:expr) => {
        pub(super) mod $name {
            use super::*;

            type Found<T> = sqlx::Result<T>;
            type Line = <$database as sqlx::Database>::Row;

            pub(crate) async fn comparison(
                pool: &sqlx::Pool<$database>,
                (cluster, year): (Uuid, i32),
                units: Option<Uuid>,
            ) -> Found<Sheet> {
                let (first, last) = ends(year);
                let mut connection = pool.acquire().await?;
                let rows = sqlx::query(sql::CRITERIA).bind(cluster).bind(year);
                let criteria = rows.fetch_all(&mut *connection).await?;
                let text = if units.is_some() { sql::MEMBERS_WITH_UNIT } else { sql::MEMBERS };
                let rows = sqlx::query(text).bind(cluster).bind(year - 1).bind(last).bind(first);
                let rows = if let Some(tenant) = units { rows.bind(tenant) } else { rows };
                let members = rows.fetch_all(&mut *connection).await?;
                let rows = sqlx::query(sql::SCORES).bind(cluster).bind(year);
                let scores = rows.fetch_all(&mut *connection).await?;
                let state = criteria.first().map(|row| row.try_get(5)).transpose()?.flatten();
                Ok(Sheet {
                    state,
                    criteria: criteria.iter().map(criterion).collect::<Found<_>>()?,
                    members: members
                        .iter()
                        .map(|row| member(row, units.is_some()))
                        .collect::<Found<_>>()?,
                    scores: scores.iter().map(score).collect::<Found<_>>()?,
                })
            }

            fn criterion(row: &Line) -> Found<Criterion> {
                Ok(Criterion {
                    id: row.try_get(0)?,
                    code: row.try_get(1)?,
                    name: row.try_get(2)?,
                    max: row.try_get(3)?,
                    kind: row.try_get(4)?,
                })
            }

            fn member(row: &Line, has_unit: bool) -> Found<Member> {
                let unit: Option<Uuid> = if has_unit { row.try_get(5)? } else { None };
                let unit = unit.map(|id| Ok::<_, sqlx::Error>((id, row.try_get(6)?)));
                Ok(Member {
                    id: row.try_get(0)?,
                    name: row.try_get(1)?,
                    code: row.try_get(2)?,
                    slug: row.try_get(3)?,
                    previous_rank: row.try_get(4)?,
                    unit: unit.transpose()?,
                })
            }

            fn score(row: &Line) -> Found<Score> {
                Ok(Score {
                    criterion: row.try_get(0)?,
                    member: row.try_get(1)?,
                    layer: row.try_get(2)?,
                    value: row.try_get(3)?,
                    reason: row.try_get(4)?,
                })
            }

            pub(crate) async fn inbox(pool: &sqlx::Pool<$database>, tenant: Uuid) -> Found<Page> {
                let mut connection = pool.acquire().await?;
                let rows = sqlx::query(sql::INBOX).bind(tenant);
                let rows = rows.fetch_all(&mut *connection).await?;
                let shown = rows.iter().take(sql::INBOX_PAGE).map(submission);
                let submissions = shown.collect::<Found<Vec<_>>>()?;
                let mut parts = sqlx::query(sql::SUMMARIES.as_str()).bind(tenant);
                for place in 0..sql::INBOX_PAGE {
                    let id = submissions.get(place).map_or(Uuid::nil(), |row| row.id);
                    parts = parts.bind(id);
                }
                let parts = parts.fetch_all(&mut *connection).await?;
                let parts = parts.iter().map(part).collect::<Found<_>>()?;
                Ok(Page { submissions, parts, has_next: rows.len() > sql::INBOX_PAGE })
            }

            fn submission(row: &Line) -> Found<Submission> {
                Ok(Submission {
                    id: row.try_get(0)?,
                    number: row.try_get(1)?,
                    title: row.try_get(2)?,
                    state: row.try_get(3)?,
                    created_at: row.try_get(4)?,
                    sent_at: row.try_get(5)?,
                    version: row.try_get(6)?,
                    unit: (row.try_get(7)?, row.try_get(8)?),
                })
            }

            fn part(row: &Line) -> Found<Part> {
                Ok(Part {
                    submission: row.try_get(0)?,
                    award: (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?),
                    count: row.try_get(4)?,
                })
            }

            pub(crate) async fn statistics(
                pool: &sqlx::Pool<$database>,
                (tenant, within): (Uuid, Uuid),
            ) -> Found<(Vec<Group>, i64, i64)> {
                let mut connection = pool.acquire().await?;
                let rows = sqlx::query(sql::STATISTICS).bind(tenant).bind(within);
                let groups = rows.fetch_all(&mut *connection).await?;
                let total = sqlx::query(sql::STATISTICS_TOTAL).bind(tenant).bind(within);
                let total = total.fetch_one(&mut *connection).await?;
                let groups = groups.iter().map(group).collect::<Found<_>>()?;
                Ok((groups, total.try_get(0)?, total.try_get(1)?))
            }

            pub(crate) async fn eligibility(
                pool: &sqlx::Pool<$database>,
                (tenant, submission): (Uuid, Uuid),
                year: i32,
            ) -> Found<People> {
                let mut connection = pool.acquire().await?;
                let mut people = People::default();
                let asked = |text: &'static str| sqlx::query(text).bind(tenant).bind(submission);
                for row in asked(sql::NOMINEES).fetch_all(&mut *connection).await? {
                    people.nominees.push((row.try_get(0)?, row.try_get(1)?));
                }
                for row in asked(sql::RATINGS).bind(year).fetch_all(&mut *connection).await? {
                    people.ratings.insert(row.try_get(0)?, row.try_get(1)?);
                }
                for row in asked(sql::AWARDS).bind(year).fetch_all(&mut *connection).await? {
                    people.awards.insert((row.try_get(0)?, row.try_get(1)?));
                }
                let first = ends(year).0;
                for row in asked(sql::INITIATIVES).bind(first).fetch_all(&mut *connection).await? {
                    people.initiatives.insert(row.try_get(0)?);
                }
                for row in asked(sql::CASES).fetch_all(&mut *connection).await? {
                    people.cases.insert(row.try_get(0)?);
                }
                Ok(people)
            }

            pub(crate) async fn cast(
                pool: &sqlx::Pool<$database>,
                tenant: Uuid,
                (ballot, seat, (id, sealed)): (Uuid, Uuid, (Uuid, String)),
            ) -> Found<()> {
                let mut tx = pool.begin_with($begin).await?;
                let row = sqlx::query($lock).bind(tenant).bind(ballot);
                let row = row.fetch_one(&mut *tx).await?;
                let (council, state): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
                let line = sqlx::query(sql::ROLL).bind(tenant).bind(ballot).bind(seat);
                let mode: String = line.fetch_one(&mut *tx).await?.try_get(0)?;
                if state != "OPEN" || mode != "ONLINE" {
                    return Err(sqlx::Error::RowNotFound);
                }
                let line = sqlx::query(sql::REGISTER).bind(tenant).bind(ballot).bind(seat);
                line.bind(council).execute(&mut *tx).await?;
                let line = sqlx::query(sql::BOX).bind(tenant).bind(id).bind(ballot).bind(sealed);
                line.execute(&mut *tx).await?;
                tx.commit().await
            }

            fn group(row: &Line) -> Found<Group> {
                Ok(Group {
                    code: row.try_get(0)?,
                    kind: row.try_get(1)?,
                    year: row.try_get(2)?,
                    events: row.try_get(3)?,
                    subjects: row.try_get(4)?,
                })
            }

            pub(crate) async fn units(
                pool: &sqlx::Pool<$database>,
                (tenant, within): (Uuid, Uuid),
                on: NaiveDate,
            ) -> Found<Vec<Unit>> {
                let rows = sqlx::query(sql::UNITS).bind(tenant).bind(within).bind(on);
                rows.fetch_all(pool).await?.iter().map(unit).collect()
            }

            fn unit(row: &Line) -> Found<Unit> {
                Ok(Unit {
                    id: row.try_get(0)?,
                    parent: row.try_get(1)?,
                    code: row.try_get(2)?,
                    name: row.try_get(3)?,
                    kind: row.try_get(4)?,
                })
            }
        }
    };
}

driver!(sqlite, sqlx::Sqlite, "BEGIN IMMEDIATE", sql::BALLOT);
driver!(postgres, sqlx::Postgres, "BEGIN", sql::BALLOT_LOCKED);
