//! Which ways lead somewhere: each is asked for things of the own province by people who see much of it. A way that
//! leads nobody to anything proves nothing by leading strangers nowhere, so it fails.

use std::collections::BTreeMap;

use entity::role_grant::Role;
use harness::client::Answer;
use harness::server::Server;
use serde_json::json;

use super::Run;
use super::asker::{face, other};
use super::country::{self, Land, Principal};
use super::sdl::Sdl;
use super::ways::{self, Choice, PLAIN, Things, Way};

/// Ways that lead nobody of the world to anything, and why.
const DEAD_ENDS: [&str; 16] = [
    // A target is no node, so its ids are not known here; `read` asks for them.
    "awardTargets(id in)",
    "awardTargets(id eq)",
    "awardTargets(id or not neq)",
    // A preview is of an item that nobody votes on yet, with nominees; `read` and `vote` ask for it.
    "ballotPreview(itemId)",
    // The title that the generator names is of another kind of subject, which is refused; `own_bonus` asks for all kinds.
    "bonusPreview(subjectKind COLLECTIVE)",
    "bonusPreview(subjectKind HOUSEHOLD)",
    // The councils of a world are those of the tenant itself; `council` asks for that of an office.
    "councils(unitId in)",
    "councils(unitId eq)",
    "councils(unitId or not neq)",
    "councils(unitId notIn)",
    // Its title is of another kind of subject too, and `read` asks for one that fits.
    "eligibilityCheck(subjectId)",
    // A quota is no node, so its ids are not known here; `read` asks for them, with the unit.
    "quotaLedger(quotaId)",
    "quotaLedger(unitId)",
    "quotaUse(quotaId)",
    "quotaUse(unitId)",
    // Months need a period of decisions, which `read` names.
    "awardStatistics(groupBy MONTH)",
];

/// Roles that together see what there is, the one that sees most first.
const WIDE: [Role; 7] = [
    Role::StandingOfficer,
    Role::Auditor,
    Role::TenantAdministrator,
    Role::ProvinceChair,
    Role::CouncilSecretary,
    Role::ClusterCoordinator,
    Role::UnitOfficer,
];

/// Things of one request, and requests, that a way is tried with, after a first one of few: most ways lead somewhere by
/// that.
const THINGS: usize = 20;
const REQUESTS: usize = 3;
const FEW: usize = 3;

/// Cursors of one list and one province.
const CURSORS: usize = 2;

/// Types of ids that lead somewhere, by root field and argument or condition.
type Known = BTreeMap<(String, String), Vec<String>>;

/// A way that leads somewhere, or one that does not.
type Found = Result<Box<Way>, Box<Way>>;

impl<'a> Run<'a> {
    /// Finds the ways and the cursors.
    pub(super) fn new(server: &'a Server, land: &Land, people: &[Principal<'_>]) -> Self {
        let places = [0, 1, 2];
        let foreign = places.map(|place| [false, true].map(|is_over| land.foreign(place, is_over)));
        let own = places.map(|place| land.own(place));
        let (sdl, cursors) = (Sdl::read(), BTreeMap::new());
        let (ways, dead, asking) = (vec![], None, people.len());
        let mut run = Self { server, sdl, ways, dead, people: asking, own, foreign, cursors };
        let wide = |it: &&Principal<'_>| WIDE.iter().position(|role| *role == it.person.role);
        let scouts = people.iter().filter(|it| it.province == 0 && !it.is_over);
        let mut scouts: Vec<_> = scouts.filter(|it| wide(it).is_some()).collect();
        // Most ways lead the first of them somewhere.
        scouts.sort_by_key(wide);
        let mut scouting = Scouting { run: &run, scouts, known: Known::new() };
        let (mut ways, mut dead): (Vec<Way>, Vec<Way>) = (vec![], vec![]);
        for choice in ways::all(&run.sdl) {
            match scouting.leading(choice) {
                Ok(way) => ways.push(*way),
                Err(way) => dead.extend(way.map(|it| *it)),
            }
        }
        // A field that must be told what to look for has other ways.
        dead.retain(|way| way.path != PLAIN || !ways.iter().any(|it| it.field == way.field));
        let mut dead: Vec<String> = dead.iter().map(Way::name).collect();
        dead.retain(|name| !DEAD_ENDS.contains(&name.as_str()));
        run.dead = (!dead.is_empty()).then(|| {
            format!(
                "nobody of the world reads anything of the own province by {dead:?}: add rows that are found by it to \
                 tests/harness/world, or a shape that is understood to ways.rs, or, with a reason, the way to \
                 `DEAD_ENDS` of scout.rs"
            )
        });
        run.ways = ways;
        run.cursors = run.find_cursors(people);
        run
    }

    /// The first cursors of every list, for anyone who has one.
    fn find_cursors(&self, people: &[Principal<'_>]) -> BTreeMap<(usize, String), Vec<String>> {
        let lists: Vec<&Way> =
            self.ways.iter().filter(|way| way.things == Things::Cursors).collect();
        let mut cursors: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
        let who = people.iter().filter(|it| !it.is_over);
        for (principal, way) in who.flat_map(|it| lists.iter().map(move |way| (it, way))) {
            let known = cursors.entry((principal.province, way.field.clone())).or_default();
            if known.len() >= CURSORS {
                continue;
            }
            let text = format!("{{ {}(first: 1) {{ edges {{ cursor }} }} }}", way.field);
            let answer = principal.client(self.server).run(&text, json!({}));
            let cursor = &answer.body["data"][&way.field]["edges"][0]["cursor"];
            known.extend(cursor.as_str().map(str::to_owned));
        }
        cursors
    }
}

struct Scouting<'a> {
    run: &'a Run<'a>,
    /// People of the first province who see much.
    scouts: Vec<&'a Principal<'a>>,
    /// What was found for one comparator of a condition is known for the others.
    known: Known,
}

impl Scouting<'_> {
    /// The way of a choice that leads someone to something of the own province; otherwise the first one.
    fn leading(&mut self, choice: Choice) -> Result<Box<Way>, Option<Box<Way>>> {
        let mut first = None;
        for way in choice {
            match self.try_one(Box::new(way)) {
                Ok(way) => return Ok(way),
                Err(way) => first = first.or(Some(way)),
            }
        }
        Err(first)
    }

    /// The way with the types of ids by which it leads somewhere.
    fn try_one(&mut self, way: Box<Way>) -> Found {
        let is_found = match &way.things {
            Things::Ids(types) => {
                let types = types.clone();
                return self.by_ids(way, &types);
            }
            Things::Cursors => true,
            Things::Nothing => self.is_understood(&way),
            Things::Texts(node, column) => {
                let (texts, is_exact) = self.run.own[0].texts(node, column);
                !is_exact || self.leads(&way, &texts)
            }
        };
        if is_found { Ok(way) } else { Err(way) }
    }

    fn by_ids(&mut self, way: Box<Way>, types: &[String]) -> Found {
        let word = way.by.split(' ').next().unwrap_or_default().to_owned();
        let key = (way.field.clone(), word);
        let types = self.known.get(&key).map_or(types, Vec::as_slice);
        let leads = |node: &&String| self.leads(&way, &self.run.own[0].ids(&[(*node).clone()]));
        let mut types: Vec<String> = types.iter().filter(leads).cloned().collect();
        if types.is_empty() {
            return Err(way);
        }
        let _ = self.known.insert(key, types.clone());
        let is_public = |node: &String| country::PUBLIC.contains(&node.as_str());
        let all_public = types.iter().all(is_public);
        types.retain(|node| all_public || !is_public(node));
        Ok(Box::new(way.of_types(types, all_public)))
    }

    fn ask(&self, principal: &Principal<'_>, text: &str) -> Option<Answer> {
        let answer = principal.client(self.run.server).run(text, json!({}));
        let is_understood = answer.status == 200 && answer.top_codes().is_empty();
        is_understood.then_some(answer)
    }

    /// Whether anyone is answered.
    fn is_understood(&self, way: &Way) -> bool {
        self.scouts.iter().any(|principal| self.ask(principal, &way.text(&[])).is_some())
    }

    /// Whether the way leads anyone to any of these things: the answer is not that about things that do not exist.
    fn leads(&self, way: &Way, things: &[String]) -> bool {
        // A contrary condition leads to what is not named.
        let things: Vec<String> = if way.is_contrary() {
            things.iter().take(1).map(|thing| other(thing)).collect()
        } else {
            things.to_vec()
        };
        let most = way.batch().min(THINGS);
        let (few, more) = things.split_at(things.len().min(FEW));
        self.scouts.iter().any(|principal| {
            let mut tries = few.chunks(most.min(FEW)).chain(more.chunks(most).take(REQUESTS));
            tries.any(|things| self.finds(principal, way, things))
        })
    }

    fn finds(&self, principal: &Principal<'_>, way: &Way, things: &[String]) -> bool {
        let Some(found) = self.ask(principal, &way.text(things)) else { return false };
        let is_nothing = way.is_nothing(&found.body);
        if way.is_contrary() || is_nothing && matches!(way.things, Things::Ids(_)) {
            return !is_nothing;
        }
        let others: Vec<String> = things.iter().map(|thing| other(thing)).collect();
        let nothing = self.ask(principal, &way.text(&others));
        nothing.is_none_or(|nothing| face(&nothing, &others) != face(&found, things))
    }
}
