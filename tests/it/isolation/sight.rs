//! Who asks in a world, what must stay hidden from each, and how a text is searched for it.
//! No request is sent from here.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::role_grant::Role;
use harness::client::Client;
use harness::server::Server;
use harness::world::{Contest, Id, Person, Province, Seat, World};
use sea_orm::{ActiveEnum, Iterable};
use serde_json::Value;
use uuid::Uuid;

use super::WALL_1_OFF;
use crate::fitting::Fitting;

/// A province of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    A,
    B,
}

impl Side {
    pub(super) fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    pub(super) fn of(self, world: &World) -> &Province {
        match self {
            Self::A => &world.a,
            Self::B => &world.b,
        }
    }

    /// Who leads the crossing cluster from this province.
    fn leader(self, world: &World) -> &Person {
        match self {
            Self::A => &world.crossing_coordinator,
            Self::B => &world.crossing_deputy,
        }
    }

    /// The seat of this province in the crossing cluster.
    pub(super) fn seat(self, world: &World) -> &Seat {
        match self {
            Self::A => &world.crossing.seats[0],
            Self::B => &world.crossing.seats[1],
        }
    }
}

/// Where a person holds the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the province, its first office or its own cluster.
    Usual,
    /// In the other office, which has no seat in the crossing cluster.
    OtherOffice,
    /// In the crossing cluster.
    Crossing,
}

/// Someone who asks.
pub(super) struct Caller {
    pub(super) name: String,
    pub(super) side: Side,
    pub(super) role: Role,
    pub(super) client: Client,
    place: Place,
}

/// Everyone of both provinces, signed in.
pub(super) fn callers(world: &World, server: &Server) -> Vec<Caller> {
    let mut callers = Vec::new();
    for side in [Side::A, Side::B] {
        let province = side.of(world);
        let crossing = side.leader(world);
        let usual = Role::iter().map(|role| (province.person(role), Place::Usual));
        let others = [(&province.neighbour, Place::OtherOffice), (crossing, Place::Crossing)];
        for (person, place) in usual.chain(others) {
            let name = format!("{side:?} {} ({place:?})", person.role.to_value());
            let client = person.sign_in(server);
            callers.push(Caller { name, side, role: person.role, client, place });
        }
    }
    callers
}

impl Caller {
    /// Whether the crossing cluster is published to the caller: to the roles of both tenants, to the office that
    /// has a seat, and to those who lead it.
    pub(super) fn reads_crossing(&self) -> bool {
        if *WALL_1_OFF {
            return true;
        }
        match (self.role, self.place) {
            (Role::ClusterCoordinator | Role::ClusterDeputy, place) => place == Place::Crossing,
            (Role::UnitHead | Role::UnitOfficer, place) => place == Place::Usual,
            (Role::CouncilMember, _) => false,
            (
                Role::CentralOfficer
                | Role::ProvinceChair
                | Role::CouncilSecretary
                | Role::StandingOfficer
                | Role::Auditor
                | Role::TenantAdministrator,
                _,
            ) => true,
        }
    }

    /// How much the caller reads of the scores of a seat in the crossing cluster, before anything is published.
    pub(super) fn scores(&self, seat: Side) -> Scores {
        match self.role {
            _ if *WALL_1_OFF => Scores::All,
            _ if !self.reads_crossing() => Scores::Nothing,
            Role::TenantAdministrator | Role::CouncilMember => Scores::Nothing,
            Role::ClusterCoordinator | Role::ClusterDeputy => Scores::All,
            Role::UnitHead | Role::UnitOfficer if seat == self.side => Scores::All,
            // Both seats of a world score each other.
            Role::UnitHead | Role::UnitOfficer => Scores::Own,
            Role::CentralOfficer
            | Role::ProvinceChair
            | Role::CouncilSecretary
            | Role::StandingOfficer
            | Role::Auditor => {
                // A organises the cluster; B reads its own seat.
                if self.side == Side::A || seat == Side::B { Scores::All } else { Scores::Nothing }
            }
        }
    }
}

/// What is shown of the scores of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scores {
    Nothing,
    /// What the member reported of itself.
    Own,
    All,
}

/// Words that must not be read, and whose they are.
#[derive(Default)]
pub(super) struct Hidden(BTreeMap<String, String>);

impl Hidden {
    /// What must stay hidden from one caller: everything of the other province, and of the crossing cluster what
    /// is not published to the caller.
    pub(super) fn from(caller: &Caller, world: &World, fittings: &[Fitting<'_>; 2]) -> Self {
        let mut hidden = Self::default();
        hidden.province(caller.side.other().of(world));
        let leader = caller.side.other().leader(world);
        hidden.id("a user", leader.id);
        hidden.id("a grant", leader.grant);
        let [of_a, of_b] = fittings;
        let other = if caller.side == Side::A { of_b } else { of_a };
        hidden.id("draft", other.draft);
        if !caller.reads_crossing() {
            hidden.contest(&world.crossing);
            for fitting in fittings {
                hidden.id("invitation", fitting.invitation);
            }
        }
        for side in [Side::A, Side::B] {
            let seat = side.seat(world);
            let scores = caller.scores(side);
            if scores == Scores::Nothing {
                hidden.word(&seat.canary, "canary of a seat");
                hidden.id("own score", seat.own_score);
            }
            if scores != Scores::All {
                hidden.id("verified score", seat.verified_score);
            }
        }
        hidden
    }

    /// Every word of both provinces and of the crossing cluster.
    pub(super) fn everything(world: &World) -> Self {
        let mut hidden = Self::default();
        for side in [Side::A, Side::B] {
            hidden.province(side.of(world));
            hidden.seat(side.seat(world));
        }
        hidden.contest(&world.crossing);
        hidden
    }

    pub(super) fn province(&mut self, province: &Province) {
        self.word(&province.canary, "canary of a province");
        for (what, id) in private_ids(province) {
            self.id(what, id);
        }
        for (what, id) in province.given.all() {
            self.id(what, id);
        }
        self.id("a quota", province.quota);
        self.id("an entry of a fund", province.fund_entry);
        self.id("a target", province.target);
        self.id("a notice", province.notice);
        self.id("a complaint", province.complaint);
        for id in province.records.all() {
            self.id("a record", id);
        }
        for id in province.board.parts() {
            self.id("a part of a council", id);
        }
        self.contest(&province.cluster);
        for seat in &province.cluster.seats {
            self.seat(seat);
        }
    }

    pub(super) fn contest(&mut self, contest: &Contest) {
        self.word(&contest.canary, "canary of a cluster");
        for (what, id) in contest_ids(contest) {
            self.id(what, id);
        }
    }

    fn seat(&mut self, seat: &Seat) {
        self.word(&seat.canary, "canary of a seat");
        self.id("own score", seat.own_score);
        self.id("verified score", seat.verified_score);
    }

    /// A word that is not hidden after all.
    pub(super) fn show(&mut self, word: &str) {
        self.0.remove(word);
    }

    fn word(&mut self, word: &str, what: &str) {
        self.0.insert(word.to_owned(), what.to_owned());
    }

    /// The spellings of an id: the digits of the opaque one, the UUID without hyphens, and its last group.
    pub(super) fn id(&mut self, what: &str, id: Id) {
        self.uuid(what, id.uuid);
    }

    /// The same of an id whose type does not matter.
    pub(super) fn uuid(&mut self, what: &str, id: Uuid) {
        let opaque = api::scalar::encode("", id);
        let digits = opaque.trim_start_matches('_');
        let simple = id.simple().to_string();
        for word in [digits, simple.as_str(), &simple[20..]] {
            self.word(word, &format!("id of {what}"));
        }
    }

    /// The canaries in a text.
    pub(super) fn canaries(&mut self, what: &str, text: &str) {
        for word in canaries(text) {
            self.word(&word, &format!("canary of {what}"));
        }
    }

    /// Hidden words in a text, save those that were given in the question.
    pub(super) fn found_in(&self, text: &str, given: &str) -> Vec<String> {
        let cursors: Vec<String> = long(text).filter_map(decoded).collect();
        let texts = [text].into_iter().chain(cursors.iter().map(String::as_str));
        let known = texts.flat_map(words).filter_map(|word| Some((word, self.0.get(word)?)));
        let found = known.filter(|(word, _)| !given.contains(word));
        found.map(|(word, whose)| format!("{word} ({whose})")).collect()
    }

    /// The same question about things that do not exist; none when it names nothing hidden. The second part
    /// pairs what was replaced with what stands in its place.
    pub(super) fn twin(&self, question: &Value) -> Option<(Value, Vec<(String, String)>)> {
        let mut pairs = Vec::new();
        let twin = self.replaced(question, &mut pairs);
        (!pairs.is_empty()).then_some((twin, pairs))
    }

    fn replaced(&self, value: &Value, pairs: &mut Vec<(String, String)>) -> Value {
        match value {
            Value::String(text) => {
                let hidden: Vec<&str> =
                    words(text).filter(|word| self.0.contains_key(*word)).collect();
                let Some(word) = hidden.into_iter().next() else { return value.clone() };
                let known = pairs.iter().find(|(known, _)| known == word);
                let other = known.map_or_else(|| random(word), |(_, other)| other.clone());
                pairs.push((word.to_owned(), other.clone()));
                text.replace(word, &other).into()
            }
            Value::Array(items) => items.iter().map(|item| self.replaced(item, pairs)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter();
                fields.map(|(name, it)| (name.clone(), self.replaced(it, pairs))).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }
}

/// A word like another, of nothing that exists.
fn random(word: &str) -> String {
    if word.starts_with("canary") {
        let digits = Id::new("").uuid.simple().to_string();
        return format!("{}{}", &word[..word.len() - 8], &digits[24..]);
    }
    let opaque = Id::new("X").to_string();
    opaque[opaque.len() - word.len()..].to_owned()
}

/// The words of a text; a canary is found inside others too.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric();
    let run = move |text: &str| text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    let plain = runs(text, u8::is_ascii_alphanumeric).filter(|word| word.len() >= 12);
    let canaries = text.match_indices("canary").map(move |(at, _)| {
        let rest = &text[at..];
        &rest[..run(rest)]
    });
    plain.chain(canaries)
}

/// The canaries in a text.
pub(super) fn canaries(text: &str) -> impl Iterator<Item = String> {
    words(text).filter(|word| word.starts_with("canary")).map(str::to_owned)
}

/// The words of a text that are as long as cursors.
fn long(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: &u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_');
    runs(text, is_part).filter(|word| word.len() > 60)
}

/// The runs of a text of such letters; its bytes are looked at, because most of a long run of the cases is this.
fn runs(text: &str, is_part: impl Fn(&u8) -> bool) -> impl Iterator<Item = &str> {
    let runs = text.as_bytes().split(move |letter| !is_part(letter));
    runs.filter_map(|run| std::str::from_utf8(run).ok())
}

/// What stands in a cursor: a signature, the number of the list with its conditions, and the keys of a row.
fn decoded(cursor: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// A text whose cursors are read, but for the signature and the number that tell conditions apart.
pub(super) fn without_marks(text: &str) -> String {
    long(text).fold(text.to_owned(), |read, cursor| {
        let keys = decoded(cursor).and_then(|it| Some(it.rsplit_once(",[")?.1.to_owned()));
        keys.map_or(read.clone(), |keys| read.replace(cursor, &keys))
    })
}

/// Ids of a province that nobody else may know; the tenant itself is public.
pub(super) fn private_ids(province: &Province) -> Vec<(&'static str, Id)> {
    let Province { root, office, division, other_office, submission, audit_event, .. } = province;
    let (subject, collective) = (province.subject, province.collective);
    let people = Role::iter().map(|role| province.person(role)).chain([&province.neighbour]);
    let people = people.flat_map(|Person { id, grant, .. }| [("a user", *id), ("a grant", *grant)]);
    let mut ids = vec![
        ("a unit", *root),
        ("a unit", *office),
        ("a unit", *division),
        ("a unit", *other_office),
        ("a submission", submission.id),
        ("a nominee", submission.nominees[0]),
        ("a nominee", submission.nominees[1]),
        ("a document", submission.document),
        ("an audit entry", *audit_event),
        ("a decision", province.decision),
        ("a proposal", province.onward.drafts[0]),
        ("a proposal", province.onward.sent),
        ("a package", province.onward.packages[0]),
        ("a package", province.onward.packages[2]),
        ("a movement", province.movement),
        ("an exemplar", province.exemplar),
        ("a proposed initiative", province.proposals[0]),
        ("a proposed initiative", province.proposals[1]),
        ("an award", province.awards.valid),
        ("an award", province.awards.cancelling),
        ("an award", province.awards.revoking),
        ("an award", province.awards.revoked),
        ("a subject", subject),
        ("a subject", collective),
        ("a council", province.board.id),
        ("a session", province.board.sitting),
        ("a session", province.board.planned),
        ("a council", province.board.inventors),
        ("a session", province.board.hearing),
        ("a ballot", province.board.ballots[0]),
        ("a ballot", province.board.ballots[1]),
    ];
    ids.extend(people);
    ids
}

/// Ids of a cluster that only those may know to whom it is published.
pub(super) fn contest_ids(contest: &Contest) -> Vec<(&'static str, Id)> {
    let Contest { id, head, set, criteria, seats, .. } = contest;
    let mut ids = vec![("a cluster", *id), ("a head", *head), ("a criteria set", *set)];
    ids.extend(criteria.iter().map(|id| ("a criterion", *id)));
    ids.extend(seats.iter().map(|seat| ("a member", seat.id)));
    ids
}
