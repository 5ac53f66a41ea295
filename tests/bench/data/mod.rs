//! The data set: a country in small, made from a fixed seed and written beneath the gate.
//! Nothing is measured here.

mod award;
mod contest;
mod council;
mod law;
mod proposal;
mod random;
mod territory;
mod writer;

use anyhow::{Context, Result, anyhow};
use argon2::{Argon2, PasswordHasher};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::award_type;
use entity::award_type::Model as AwardType;
use harness::ground::Ground;
use harness::people::PASSWORD;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use uuid::Uuid;

pub(crate) use council::{Hall, LIST};
use law::Listed;
use random::Random;
use territory::Province;
use writer::Writer;

use crate::options::Options;

/// The year of the comparison.
pub(crate) const YEAR: i32 = 2025;
/// Clusters, provinces and people that requests are spread over.
pub(crate) const TARGETS: usize = 8;

/// The name at sign-in of the officer of each province.
pub(crate) const OFFICER: &str = "bench.officer";

/// What the requests are about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Targets {
    /// Clusters of 20 members and 30 criteria with someone who coordinates each.
    pub(crate) clusters: Vec<Place>,
    /// Provinces with an officer of the standing agency in each.
    pub(crate) provinces: Vec<Place>,
    /// Submissions of 500 nominees, each with the officer of its province.
    pub(crate) lists: Vec<Place>,
    /// A council that votes.
    pub(crate) hall: Hall,
}

/// A cluster or the root of a province, and who asks about it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The cluster or the unit.
    pub(crate) id: Uuid,
    /// The tenant of the one who asks.
    pub(crate) tenant: Uuid,
    /// Its slug.
    pub(crate) slug: String,
    /// Name at sign-in.
    pub(crate) username: String,
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug)]
struct Size {
    provinces: usize,
    communes: usize,
    offices: usize,
    clusters: usize,
    submissions: usize,
    awards: usize,
    ballots: usize,
}

impl Size {
    /// Below a quarter of the country there are fewer provinces, each of the same size.
    fn of(options: &Options) -> Self {
        let part = |whole: u32, least: u32| least.max(rounded(f64::from(whole) * options.scale));
        let usize = |count: u32| usize::try_from(count).unwrap_or_default();
        Self {
            provinces: usize(part(34 * 4, 2).min(34)),
            communes: usize(part(3_000, 30)),
            offices: usize(part(20_000, 400)),
            clusters: usize(part(1_000, 8)),
            submissions: usize(part(200_000, 1_000)),
            awards: options.awards,
            ballots: options.ballots(),
        }
    }
}

/// To the next whole number; a scale is no bigger than some thousands.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "std has no other way from f64"
)]
fn rounded(number: f64) -> u32 {
    number.round() as u32
}

/// What is common to everything that is made.
struct Maker {
    random: Random,
    size: Size,
    award_types: Vec<AwardType>,
    password_hash: String,
    provinces: Vec<Province>,
    /// The people of the long lists, by province.
    listed: Vec<Vec<Listed>>,
    targets: Targets,
}

impl Maker {
    fn title(&self, code: &str) -> Result<AwardType> {
        let found = self.award_types.iter().find(|row| row.code == code);
        found.cloned().context("no such title")
    }
}

/// The wordings of titles and forms that are in force.
fn of_today() -> Condition {
    Condition::all().add(award_type::Column::ValidTo.is_null())
}

/// Fills a migrated, empty database.
pub(crate) fn load(ground: &Ground, options: &Options) -> Result<Targets> {
    let mut maker = Maker {
        random: Random::new(20_251_121),
        size: Size::of(options),
        award_types: ground.rows::<award_type::Entity>(of_today())?,
        password_hash: password_hash()?,
        provinces: Vec::new(),
        listed: Vec::new(),
        targets: Targets::default(),
    };
    let mut writer = Writer::begin(ground);
    maker.territory(&mut writer)?;
    maker.contests(&mut writer)?;
    maker.proposals(&mut writer)?;
    maker.lists(&mut writer)?;
    maker.awards(&mut writer)?;
    maker.council(&mut writer)?;
    writer.finish()?;
    Ok(maker.targets)
}

/// The hash of the password that everyone has.
fn password_hash() -> Result<String> {
    let hash = Argon2::default().hash_password(PASSWORD.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|fault| anyhow!("cannot hash a password: {fault}"))
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn moment(year: i32, minutes: i64) -> DateTime<Utc> {
    day(year, 1, 1).and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(minutes)
}

/// Cuts a whole into almost equal parts: how many fall to the part at this place.
fn share(whole: usize, parts: usize, place: usize) -> usize {
    whole / parts + usize::from(place < whole % parts)
}
