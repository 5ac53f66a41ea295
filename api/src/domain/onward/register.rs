//! What the authority above has decided enters the registry of the tenant that proposed it.
//! Nothing is judged here: the decision stands as it was recorded.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::onward_event::{self, Kind};
use entity::{
    award_type, nominee, onward_nominee, onward_package, onward_result, subject, submission, unit,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::OnwardPackage;
use super::content::Listed;
use super::draft::package_id;
use super::follow::Package;
use super::inputs::OnwardResultRegisterInput;
use super::send::{Happened, tell};
use crate::access::{Act, Gate, Tx};
use crate::domain::council::below;
use crate::domain::decision::{Paper, Series, Wish, give, weigh};
use crate::domain::rule::Law;
use crate::domain::{bonus, quota, record, registry};
use crate::error::{Error, Result};

pub(super) async fn register(
    gate: &Gate,
    input: OnwardResultRegisterInput,
) -> Result<OnwardPackage> {
    let catalogue = gate.catalogue::<award_type::Entity>()?.all().await?;
    let decided_on = decided_on(gate, &input).await?;
    let tariff = bonus::Tariff::read(gate, decided_on).await?;
    let law = Law::read(gate).await?;
    let tx = gate.begin(Act::OnwardResultRegister).await?;
    quota::stand_by(&tx).await?;
    let package = Package::read(&tx, &input.id, input.expected_version).await?;
    let number = package.demand(gate, Kind::Registered)?;
    let event = package.events.last().ok_or_else(|| Error::broken("a package never sent"))?;
    let symbol = event.decision_symbol.as_deref().unwrap_or_default();
    let post = event.signer_post.as_deref();
    let paper = Paper::recorded((event.decision_number, symbol), decided_on, post, "input.id");
    let root = root(&tx).await?;
    let issuer = event.issuer.as_deref().and_then(|word| word.parse().ok());
    let series = Series::of(&root, issuer, event.issuer_name.clone())?;
    let known = Listing::read(&tx, &package).await?;
    let wishes = wishes(&tx, &known, &catalogue).await?;
    let worded = |wish: Wish| wish.worded(&catalogue, decided_on);
    let wishes: Vec<Wish> = wishes.into_iter().map(worded).collect();
    // One decision of the authority may answer several proposals.
    let earlier = series.known(&tx, &paper).await?;
    // The authority has decided: the law is asked only for the initiatives on which it rests.
    let weighed = weigh(&tx, law, &catalogue, (&wishes, &paper)).await?;
    let row = give(&tx, (&series, paper, earlier), wishes, (&catalogue, &tariff)).await?;
    record::spend(&tx, &weighed.uses).await?;
    let (submissions, answered) = known.answered(&catalogue)?;
    let submissions = submissions.as_slice();
    let decided = quota::Decided { submissions, answered, direct: Vec::new(), is_own: false };
    quota::decide(&tx, &row, (decided, &quota::Rulebook::of(&catalogue))).await?;
    let registered = Happened::plain(Kind::Registered, number, None);
    tell(&tx, &package.row, Happened { decision_id: Some(row.id), ..registered }).await?;
    tx.answer(OnwardPackage::from(package.row)).await
}

/// The day of the decision, read before the transaction; its version is compared there.
async fn decided_on(gate: &Gate, input: &OnwardResultRegisterInput) -> Result<NaiveDate> {
    let package = gate.load::<onward_package::Entity>(package_id(&input.id)?).await?;
    let Some(package) = package else { return Ok(gate.today()) };
    let events = below::<onward_event::Entity>(gate, package.onward_id).await?;
    Ok(events.last().and_then(|event| event.decided_on).unwrap_or_else(|| gate.today()))
}

/// The unit in whose register decisions of higher authorities stand.
async fn root(tx: &Tx) -> Result<unit::Model> {
    let tenant = tx.gate().actor()?.tenant;
    let top = Condition::all().add(unit::Column::ParentId.is_null());
    let rows = tx.all_of::<unit::Entity>(tenant, top).await?;
    rows.into_iter().next().ok_or_else(|| Error::broken("a tenant without root"))
}

/// What the authority has answered, with everyone it is about.
struct Listing {
    results: Vec<onward_result::Model>,
    listed: Vec<onward_nominee::Model>,
    people: People,
    /// As the package names them.
    names: HashMap<i32, String>,
}

impl Listing {
    async fn read(tx: &Tx, package: &Package) -> Result<Self> {
        let tenant = tx.gate().actor()?.tenant;
        let of_it = Condition::all().add(onward_result::Column::PackageId.eq(package.row.id));
        let mut results = tx.all_of::<onward_result::Entity>(tenant, of_it).await?;
        results.sort_by_key(|row| row.position);
        let of_it =
            Condition::all().add(onward_nominee::Column::OnwardId.eq(package.row.onward_id));
        let listed = tx.all_of::<onward_nominee::Entity>(tenant, of_it).await?;
        let people = People::read(tx, &listed).await?;
        let names =
            Listed::of(&package.row)?.into_iter().map(|line| (line.position, line.name)).collect();
        Ok(Self { results, listed, people, names })
    }

    fn of(&self, result: &onward_result::Model) -> Result<(&nominee::Model, &submission::Model)> {
        let line = self.listed.iter().find(|line| line.position == result.position);
        self.people.of(line.ok_or_else(|| Error::broken("a result for nobody"))?)
    }

    /// Those who are commended and were only written down.
    fn unknown(&self) -> Result<Vec<&nominee::Model>> {
        let given = self.results.iter().filter(|it| it.award_type_id.is_some());
        let given = given.map(|result| Ok(self.of(result)?.0)).collect::<Result<Vec<_>>>()?;
        Ok(given.into_iter().filter(|row| self.people.subject(row).is_none()).collect())
    }

    /// What quotas are told: the submissions, and what each answer gives of the title that was asked for.
    fn answered(
        &self,
        catalogue: &[award_type::Model],
    ) -> Result<(Vec<submission::Model>, Vec<quota::Answered>)> {
        let code = |id: Uuid| {
            let found = catalogue.iter().find(|row| row.id == id).map(|row| row.code.clone());
            found.ok_or_else(|| Error::broken("a title that is in no catalogue"))
        };
        let mut answered = Vec::new();
        for result in &self.results {
            let (nominee, of) = self.of(result)?;
            answered.push(quota::Answered {
                submission: of.id,
                kind: nominee.kind,
                name: nominee.name.clone(),
                proposed: code(nominee.award_type_id)?,
                given: result.award_type_id.map(code).transpose()?,
            });
        }
        Ok((self.people.submissions.values().cloned().collect(), answered))
    }
}

/// Everyone who is commended, as the package names him.
async fn wishes(tx: &Tx, known: &Listing, catalogue: &[award_type::Model]) -> Result<Vec<Wish>> {
    let made = registry::subjects_of(tx, &known.unknown()?).await?;
    let mut wishes = Vec::new();
    for result in &known.results {
        let Some(award) = result.award_type_id else { continue };
        let award = catalogue.iter().find(|row| row.id == award).cloned();
        let award_type = award.ok_or_else(|| Error::broken("a title that is in no catalogue"))?;
        let (nominee, of) = known.of(result)?;
        let subject = known.people.subject(nominee).or_else(|| made.get(&nominee.id)).cloned();
        let subject = subject.ok_or_else(|| Error::broken("a nominee without subject"))?;
        let name = known.names.get(&result.position).unwrap_or(&nominee.name).clone();
        let id = tx.gate().new_id();
        let wish = Wish::of(nominee, of, (subject, award_type), (id, "input.id"));
        wishes.push(Wish { name, ..wish });
    }
    Ok(wishes)
}

/// The nominees of a proposal with what belongs to them.
struct People {
    nominees: HashMap<Uuid, nominee::Model>,
    submissions: HashMap<Uuid, submission::Model>,
    subjects: HashMap<Uuid, subject::Model>,
}

impl People {
    async fn read(tx: &Tx, listed: &[onward_nominee::Model]) -> Result<Self> {
        let tenant = tx.gate().actor()?.tenant;
        let ids = listed.iter().map(|line| line.nominee_id);
        let these = Condition::all().add(nominee::Column::Id.is_in(ids));
        let nominees = tx.all_of::<nominee::Entity>(tenant, these).await?;
        let ids = listed.iter().map(|line| line.submission_id);
        let these = Condition::all().add(submission::Column::Id.is_in(ids));
        let submissions = tx.all_of::<submission::Entity>(tenant, these).await?;
        let ids = nominees.iter().filter_map(|row| row.subject_id);
        let these = Condition::all().add(subject::Column::Id.is_in(ids));
        let subjects = tx.all_of::<subject::Entity>(tenant, these).await?;
        Ok(Self {
            nominees: nominees.into_iter().map(|row| (row.id, row)).collect(),
            submissions: submissions.into_iter().map(|row| (row.id, row)).collect(),
            subjects: subjects.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    fn subject(&self, of: &nominee::Model) -> Option<&subject::Model> {
        self.subjects.get(&of.subject_id?)
    }

    fn of(&self, line: &onward_nominee::Model) -> Result<(&nominee::Model, &submission::Model)> {
        let nominee = self.nominees.get(&line.nominee_id);
        let submission = self.submissions.get(&line.submission_id);
        nominee.zip(submission).ok_or_else(|| Error::broken("a proposal without nominee"))
    }
}
