//! What the law says of the nominees of submissions when these take a step: read before the transaction, frozen in it.
//! No rule is evaluated here, and nobody is refused here: the step asks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use async_graphql::dataloader;
use entity::appraisal::{self, Step};
use entity::award_type::Level;
use entity::{appraisal_finding, award_type, nominee, submission};
use sea_orm::{ColumnTrait, Condition, QueryOrder};
use uuid::Uuid;

use super::twice;
use crate::access::{Act, Gate, Loader, Tx, today};
use crate::domain::award::{decided_apart, said, subject_missing};
use crate::domain::rule::{self, Asked, EligibilityCheck, Verdict};
use crate::error::{Code, Error, Fault, Result};

/// One nominee with what the law says; nothing of a name that was only written down.
struct Line {
    nominee: nominee::Model,
    award: Arc<award_type::Model>,
    check: Option<EligibilityCheck>,
    /// Proposed for the same twice: in this list, or in another that waits.
    is_twice: bool,
}

/// Nominees of submissions and what the law says of each.
#[derive(Default)]
pub(in crate::domain) struct Door(Vec<Line>);

/// Why a list cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Refusal {
    /// The law stands against somebody.
    Law(Against),
    /// Nobody decides this title together with the others.
    Apart((String, String)),
    /// A name without a subject stands for a title of the State level.
    Unlinked(Unlinked),
}

/// Who is a name and no subject, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Unlinked {
    nominee: String,
    award: (String, String),
}

/// Who is refused, for what and by which rule: the first of the list, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Against {
    nominee: String,
    award: (String, String),
    rule_vi: String,
    rule_en: String,
    citation: String,
    count: usize,
}

impl Refusal {
    /// The refusal as it is answered.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::Law(it) => Fault::at(Code::EligibilityFailed, "input.id")
                .with("nominee", &it.nominee)
                .about((&it.award.0, &it.award.1))
                .with("rule_vi", &it.rule_vi)
                .with("rule_en", &it.rule_en)
                .with("citation", &it.citation)
                .with("count", it.count),
            Self::Apart((vi, en)) => Fault::at(Code::DecidersDiffer, "input.id").about((vi, en)),
            Self::Unlinked(it) => {
                subject_missing(&it.nominee, (&it.award.0, &it.award.1), "input.id")
            }
        }
    }
}

impl Door {
    /// The nominees of a submission that is sent now, or whose step is taken now.
    pub(super) async fn of_submission(gate: &Gate, id: Uuid, step: Step) -> Result<Self> {
        Self::read(gate, Condition::all().add(nominee::Column::SubmissionId.eq(id)), step).await
    }

    /// Nominees of any submissions that the caller may read; the number of statements does not grow with them.
    pub(in crate::domain) async fn read(gate: &Gate, which: Condition, step: Step) -> Result<Self> {
        use nominee::Column;
        let rows = gate
            .rows::<nominee::Entity>(Act::SubmissionRead)?
            .filter(which)
            .shape(|select| select.order_by_asc(Column::Position).order_by_asc(Column::Id))
            .all()
            .await?;
        let these = rows.iter().map(|row| row.submission_id);
        let of = gate
            .rows::<submission::Entity>(Act::SubmissionRead)?
            .filter(submission::Column::Id.is_in(these))
            .all()
            .await?;
        let types: HashSet<Uuid> = rows.iter().map(|row| row.award_type_id).collect();
        let awards = gate.shared::<award_type::Entity>(types).await?;
        let mut lines = Vec::new();
        let mut asked = HashSet::new();
        for nominee in rows {
            let Some(of) = of.iter().find(|row| row.id == nominee.submission_id) else { continue };
            let Some(award) = awards.get(&nominee.award_type_id) else { continue };
            let question = nominee.subject_id.map(|subject| Asked {
                subject,
                award: award.code.clone(),
                year: of.year,
                commendation: of.commendation_type,
                achieved_on: nominee.achieved_on,
                received_on: received(gate, of, step),
                decided_on: gate.today(),
            });
            asked.extend(question.clone());
            lines.push((nominee, Arc::clone(award), question));
        }
        let found = judged(gate, asked).await?;
        let line = |(nominee, award, question): (_, _, Option<Asked>)| Line {
            nominee,
            award,
            check: question.and_then(|question| found.get(&question).cloned()),
            is_twice: false,
        };
        let mut lines: Vec<Line> = lines.into_iter().map(line).collect();
        if step == Step::Send {
            twice::mark(gate, &of, lines.iter_mut().map(|it| (&it.nominee, &mut it.is_twice)))
                .await?;
        }
        Ok(Self(lines))
    }

    /// Who stands against the step; none when nobody does. When a list is sent the law must hold as far as it is
    /// known; afterwards people judge of the ways to qualify, and only the conditions stop it, and what people have
    /// denied.
    pub(super) fn refusal(&self, step: Step) -> Result<Option<Refusal>> {
        let mut refused = Vec::new();
        for line in &self.0 {
            let against = line.check.as_ref().and_then(|check| match step {
                Step::Send => check.refused_by(),
                Step::Appraise | Step::Agenda => {
                    check.condition_against().or_else(|| check.denied_by())
                }
            });
            match against {
                Some(it) => refused.push((line, it.rule, it.cited())),
                None if line.is_twice => {
                    let rule = rule::one_achievement()?;
                    refused.push((line, rule, rule.citation.clone()));
                }
                None => {}
            }
        }
        let Some((line, rule, citation)) = refused.first() else {
            return Ok(self.apart(step).or_else(|| self.unlinked(step)));
        };
        Ok(Some(Refusal::Law(Against {
            nominee: line.nominee.name.clone(),
            award: owned(said(&line.award)),
            rule_vi: rule.name_vi.clone(),
            rule_en: rule.name_en.clone(),
            citation: citation.clone(),
            count: refused.len(),
        })))
    }

    /// A list is answered by one decision: what nobody decides together is parted before it is approved.
    fn apart(&self, step: Step) -> Option<Refusal> {
        let awards = self.0.iter().filter(|_| step == Step::Appraise).map(|line| &*line.award);
        Some(Refusal::Apart(owned(said(decided_apart(awards)?))))
    }

    /// A name without a subject for a title of the State: no council votes on it, and nothing goes above. What was sent can
    /// still be returned to be linked; what was approved cannot.
    fn unlinked(&self, step: Step) -> Option<Refusal> {
        let is_one =
            |line: &&Line| line.nominee.subject_id.is_none() && line.award.level == Level::State;
        let mut lines = self.0.iter().filter(|_| step == Step::Appraise);
        let line = lines.find(is_one)?;
        let (nominee, award) = (line.nominee.name.clone(), owned(said(&line.award)));
        Some(Refusal::Unlinked(Unlinked { nominee, award }))
    }

    /// Writes down what the law said, of every submission for itself.
    pub(in crate::domain) async fn freeze(&self, tx: &Tx, step: Step) -> Result<()> {
        let mut of: BTreeMap<Uuid, Vec<&Line>> = BTreeMap::new();
        for line in &self.0 {
            of.entry(line.nominee.submission_id).or_default().push(line);
        }
        for (submission_id, lines) in of {
            let Some(first) = lines.first() else { continue };
            let checks = lines.iter().filter_map(|line| line.check.as_ref());
            let (rules, rules_hash) = rule::freeze_rules(checks)?;
            let actor = tx.gate().actor()?;
            let row = appraisal::Model {
                tenant_id: first.nominee.tenant_id,
                id: tx.gate().new_id(),
                submission_id,
                unit_id: first.nominee.unit_id,
                step,
                rules_hash,
                rules,
                actor_id: actor.user,
                actor_name: actor.name.clone(),
                at: tx.gate().now(),
            };
            let findings = lines.iter().map(|line| line.finding(tx.gate(), row.id));
            let findings = findings.collect::<Result<Vec<_>>>()?;
            tx.add_many_derived::<appraisal::Entity>(vec![row]).await?;
            tx.add_many_derived::<appraisal_finding::Entity>(findings).await?;
        }
        Ok(())
    }
}

fn owned((one, other): (&str, &str)) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

/// What the law says of what is asked; nothing is read when nothing is asked.
async fn judged(gate: &Gate, asked: HashSet<Asked>) -> Result<HashMap<Asked, EligibilityCheck>> {
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let asked: Vec<Asked> = asked.into_iter().collect();
    Ok(rule::check(gate, &asked).await?.into_iter().collect())
}

/// What is sent now is received today.
fn received(gate: &Gate, of: &submission::Model, step: Step) -> chrono::NaiveDate {
    let sent = of.sent_at.filter(|_| step != Step::Send);
    sent.map_or_else(|| gate.today(), today)
}

impl Line {
    fn finding(&self, gate: &Gate, appraisal_id: Uuid) -> Result<appraisal_finding::Model> {
        let check = self.check.as_ref();
        let verdict = check.map_or(Verdict::Unknown, EligibilityCheck::stands);
        Ok(appraisal_finding::Model {
            tenant_id: self.nominee.tenant_id,
            id: gate.new_id(),
            appraisal_id,
            unit_id: self.nominee.unit_id,
            position: self.nominee.position,
            nominee_id: self.nominee.id,
            nominee_name: self.nominee.name.clone(),
            subject_id: self.nominee.subject_id,
            award_type_code: self.award.code.clone(),
            verdict: verdict.name().to_owned(),
            rules_of: check.map(EligibilityCheck::ruled_on),
            outcomes: check.map_or_else(|| Ok("[]".to_owned()), rule::freeze)?,
        })
    }
}

/// Why one submission could not take its next step, as far as the law is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Refused(pub(super) Uuid, pub(super) Step);

impl dataloader::Loader<Refused> for Loader {
    type Value = Option<Refusal>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Refused]) -> Result<HashMap<Refused, Self::Value>, Arc<Error>> {
        let mut found = HashMap::new();
        for step in [Step::Send, Step::Appraise] {
            let ids: Vec<Uuid> = keys.iter().filter(|key| key.1 == step).map(|key| key.0).collect();
            if ids.is_empty() {
                continue;
            }
            let these = Condition::all().add(nominee::Column::SubmissionId.is_in(ids));
            let read = Door::read(self.gate(), these, step).await.map_err(Arc::new)?;
            let mut of: HashMap<Uuid, Vec<Line>> = HashMap::new();
            for line in read.0 {
                of.entry(line.nominee.submission_id).or_default().push(line);
            }
            for (id, lines) in of {
                let refusal = Door(lines).refusal(step).map_err(Arc::new)?;
                found.insert(Refused(id, step), refusal);
            }
        }
        Ok(found)
    }
}
