//! Names the input of a comparison by one number, so that a frozen table can be held against it.
//! No points, no ranks, no async, no SQL, no roles, no GraphQL enter here.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::rules::{Criterion, Entry, Input, Member};
use crate::{
    domain::criterion::rules::{Kind, Measure},
    scalar::Decimal,
};

/// Changes whenever the same input is to give another table.
const RULES: &str = "thidua.comparison.1";

/// SHA-256, in hexadecimal, of all that influences the table, in whatever order it was given.
///
/// Only the order of tie rules counts. The order of members decides nothing but the order of rows
/// that share a rank, so it is left out.
#[must_use]
pub fn inputs_hash(input: &Input) -> String {
    let mut feed = Feed(Sha256::new());
    feed.text(RULES);
    feed.id(input.set);
    feed.number(input.revision);
    feed.text(input.rounding.mode().into());
    feed.number(input.rounding.decimals());
    feed.list(&input.tie_rules, |feed, rule| feed.text(&rule.to_string()));
    feed.list(&by_id(&input.criteria, |one| one.id), |feed, one| feed.criterion(one));
    feed.list(&by_id(&input.members, |one| one.id), |feed, one| feed.member(one));
    let mut entries: Vec<&Entry> = input.entries.iter().collect();
    entries.sort_unstable();
    feed.list(&entries, |feed, one| feed.entry(one));
    let ballot: Vec<_> = input.ballot.iter().collect();
    feed.list(&ballot, |feed, (member, order)| {
        feed.id(**member);
        feed.number(**order);
    });
    hex::encode(feed.0.finalize())
}

fn by_id<T>(list: &[T], id: impl Fn(&&T) -> Uuid) -> Vec<&T> {
    let mut list: Vec<&T> = list.iter().collect();
    list.sort_by_key(id);
    list
}

/// Takes values one after another; each tells where it ends.
struct Feed(Sha256);

impl Feed {
    fn number(&mut self, number: impl Into<i128>) {
        self.0.update(number.into().to_be_bytes());
    }

    fn count(&mut self, count: usize) {
        self.number(u64::try_from(count).unwrap_or(u64::MAX));
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text);
    }

    fn id(&mut self, id: Uuid) {
        self.0.update(id);
    }

    fn decimal(&mut self, number: Decimal) {
        self.number(number.units());
    }

    fn option<T>(&mut self, value: Option<T>, feed: impl FnOnce(&mut Self, T)) {
        self.number(u8::from(value.is_some()));
        if let Some(value) = value {
            feed(self, value);
        }
    }

    fn list<T>(&mut self, list: &[T], feed: impl Fn(&mut Self, &T)) {
        self.count(list.len());
        for one in list {
            feed(self, one);
        }
    }

    fn criterion(&mut self, criterion: &Criterion) {
        let Criterion { id, code, parent, position, max, kind } = criterion;
        self.id(*id);
        self.text(code);
        self.option(*parent, Self::id);
        self.number(*position);
        self.decimal(*max);
        self.kind(kind);
    }

    fn kind(&mut self, kind: &Kind) {
        self.text(kind.code());
        match kind {
            Kind::Group | Kind::Direct | Kind::Qualitative | Kind::Ratio | Kind::AllOrNothing => {}
            Kind::Quantitative { with_target } => self.number(u8::from(*with_target)),
            Kind::Fixed { points_per_unit } => self.decimal(*points_per_unit),
            Kind::BonusPenalty { bonus, penalty, min, max } => {
                self.list(&[bonus, penalty, min, max], |feed, number| feed.decimal(**number));
            }
            Kind::Step { steps } => self.list(steps, |feed, step| {
                feed.decimal(step.from);
                feed.option(step.to, Self::decimal);
                feed.decimal(step.points);
            }),
            Kind::Sample { points_per_hit, precondition } => {
                self.decimal(*points_per_hit);
                self.text(precondition);
            }
        }
    }

    fn member(&mut self, member: &Member) {
        let Member { id, previous_rank } = member;
        self.id(*id);
        self.option(*previous_rank, Self::number);
    }

    fn entry(&mut self, entry: &Entry) {
        let Entry { criterion, member, layer, assessor, measure } = entry;
        self.id(*criterion);
        self.id(*member);
        self.text(layer.into());
        self.id(*assessor);
        let Measure { value, reference, met } = measure;
        self.option(*value, Self::decimal);
        self.option(*reference, Self::decimal);
        self.option(*met, |feed, met| feed.number(u8::from(met)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{
        super::{
            rules::Layer,
            tests::{criterion, d, id, input, tied},
        },
        *,
    };
    use crate::domain::criterion::{
        formula::{Rounding, RoundingMode},
        rules::Step,
    };

    #[test]
    fn whatever_decides_the_table_changes_the_hash() {
        let changes: [fn(&mut Input); 24] = [
            |_| {},
            |input| input.set = id("other"),
            |input| input.revision = 2,
            |input| input.rounding = Rounding::new(RoundingMode::Down, 2).unwrap(),
            |input| input.rounding = Rounding::new(RoundingMode::HalfUp, 3).unwrap(),
            |input| input.tie_rules.reverse(),
            |input| input.tie_rules.truncate(1),
            |input| input.criteria[0].max = d("99"),
            |input| input.criteria[0].code = "xx".to_owned(),
            |input| input.criteria[0].position = 1,
            |input| input.criteria[0].parent = Some(id("y")),
            |input| input.criteria[0].kind = Kind::Qualitative,
            |input| input.members[0].previous_rank = Some(1),
            |input| input.members.truncate(3),
            |input| input.criteria[0].id = id("z"),
            |input| input.members[0].id = id("z"),
            |input| input.entries[0].layer = Layer::Peer,
            |input| input.entries[0].criterion = id("z"),
            |input| input.entries[0].member = id("z"),
            |input| input.entries[0].assessor = id("z"),
            |input| input.entries[0].measure.reference = Some(d("10")),
            |input| input.entries[0].measure.met = Some(false),
            |input| input.entries.truncate(5),
            |input| input.ballot = BTreeMap::from([(id("a"), 1)]),
        ];
        let hash = |change: fn(&mut Input)| {
            let mut input = tied(&["BALLOT", "SHARED"]);
            change(&mut input);
            inputs_hash(&input)
        };

        let mut hashes: Vec<String> = changes.into_iter().map(hash).collect();
        assert!(hashes.iter().all(|hash| hash.len() == 64));
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), changes.len());
    }

    #[test]
    fn every_parameter_of_a_kind_changes_the_hash() {
        let step =
            |from, to, points| Step { from: d(from), to: Decimal::parse(to), points: d(points) };
        let sample = |hit, text: &str| Kind::Sample {
            points_per_hit: d(hit),
            precondition: text.to_owned(),
        };
        let bonus = |bonus, penalty, min| Kind::BonusPenalty {
            bonus: d(bonus),
            penalty: d(penalty),
            min: d(min),
            max: d("3"),
        };
        let kinds = [
            Kind::Quantitative { with_target: true },
            Kind::Quantitative { with_target: false },
            Kind::Fixed { points_per_unit: d("1") },
            Kind::Fixed { points_per_unit: d("2") },
            bonus("1", "2", "0"),
            bonus("2", "1", "0"),
            bonus("1", "2", "-1"),
            Kind::Step { steps: vec![step("1", "2", "3")] },
            Kind::Step { steps: vec![step("1", "", "3")] },
            Kind::Step { steps: vec![step("1", "", "2")] },
            Kind::Step { steps: vec![step("0", "", "3")] },
            Kind::Step { steps: vec![step("1", "2", "3"), step("2", "", "3")] },
            sample("1", "a"),
            sample("1", "b"),
            sample("2", "a"),
        ];

        let hash = |kind: Kind| inputs_hash(&input(vec![criterion("", "x", "3", kind)], &[]));
        let mut hashes: Vec<String> = kinds.clone().map(hash).to_vec();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), kinds.len());
    }
}
