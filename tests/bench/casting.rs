//! Votes on lists of nominees: each member votes once on each ballot, so that every request is sent once.
//! What a vote costs is compared with a floor that writes the same rows and seals nothing.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use api::scalar::encode;
use harness::client::Client;
use harness::people::PASSWORD;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Arena;
use crate::data::{Hall, LIST};
use crate::load::{self, Connection, Measured, Shot, Target};
use crate::options::Options;
use crate::scenario::{get, graphql};
use crate::table::Outcome;

/// Its name in the table and on the command line.
pub(crate) const NAME: &str = "casting";
const CAST: &str = "mutation Cast($input: BallotCastInput!) {
  ballotCast(input: $input) { receipt errors { code message } }
}";

/// The ballots of one round, for one contestant.
struct Share<'a> {
    hall: &'a Hall,
    ballots: &'a [(Uuid, Vec<Uuid>)],
    tokens: &'a [String],
}

impl Share<'_> {
    /// The requests of all voters, one voter after the other; each begins at another ballot.
    fn shots(&self, request: impl Fn(&Self, usize, usize) -> Vec<u8>, length: usize) -> Vec<Shot> {
        let count = self.ballots.len();
        let voters = 0..self.hall.voters.len();
        let of_voter = |voter: usize| {
            let places = (0..count).map(move |place| (place + voter * count / 8) % count);
            places.map(move |place| (voter, place))
        };
        let shot = |(voter, place)| Shot { request: request(self, voter, place), length };
        voters.flat_map(of_voter).map(shot).collect()
    }

    fn to_floor(&self, voter: usize, place: usize) -> Vec<u8> {
        let Hall { tenant, voters, .. } = self.hall;
        let (seat, ballot) = (voters[voter].1, self.ballots[place].0);
        get(&format!(
            "/cast?tenant={tenant}&ballot={ballot}&seat={seat}&choices={}",
            "Y".repeat(LIST)
        ))
        .into_bytes()
    }

    fn to_server(&self, voter: usize, place: usize) -> Vec<u8> {
        let (ballot, asked) = &self.ballots[place];
        let choice =
            |id: &Uuid| json!({ "candidateId": encode("BallotCandidate", *id), "choice": "YES" });
        let choices: Vec<Value> = asked.iter().map(choice).collect();
        let input = json!({ "input": { "id": encode("Ballot", *ballot), "choices": choices } });
        graphql((CAST, &input), &self.tokens[voter])
    }
}

/// All rounds; afterwards every vote must be in the register and in the box.
pub(crate) fn measure(arena: &Arena, options: &Options) -> Result<Outcome> {
    let hall = &arena.targets.hall;
    let (floor, server) = arena.addresses()?;
    eprintln!("{NAME}: a vote on {LIST} nominees, by {} members", hall.voters.len());
    let client = Client::new(&format!("http://{server}"));
    let token = |(username, _): &(String, Uuid)| {
        client.sign_in(&hall.slug, username, PASSWORD).token().unwrap_or_default().to_owned()
    };
    let tokens: Vec<String> = hall.voters.iter().map(token).collect();
    let mut rounds = hall.ballots.chunks(options.votes);
    let mut share = || -> Result<Share<'_>> {
        let ballots = rounds.next().context("too few ballots")?;
        Ok(Share { hall, ballots, tokens: &tokens })
    };
    let lengths = lengths((floor, server), &mut share()?, &mut share()?)?;
    let [mut to_floor, mut to_server] = [Vec::new(), Vec::new()];
    for round in 1..=options.rounds {
        let shots = share()?.shots(Share::to_floor, lengths.0);
        to_floor.push(once(&arena.target(floor, arena.floor.child.id(), shots), hall)?);
        let shots = share()?.shots(Share::to_server, lengths.1);
        to_server.push(once(&arena.target(server, arena.process()?, shots), hall)?);
        let rate = |rounds: &[Measured]| rounds.last().map_or(0.0, Measured::rate);
        eprintln!("  round {round}: {:.0} and {:.0} votes/s", rate(&to_floor), rate(&to_server));
    }
    counted(arena, options)?;
    Ok(Outcome { scenario: NAME, floor: to_floor, server: to_server, bytes: lengths })
}

fn once(target: &Target, hall: &Hall) -> Result<Measured> {
    load::run_once(target, hall.voters.len())
}

/// Sends the votes of the round before the first one by one, and tells how long answers are.
fn lengths(
    (floor, server): (SocketAddr, SocketAddr),
    to_floor: &mut Share<'_>,
    to_server: &mut Share<'_>,
) -> Result<(usize, usize)> {
    let ask = |address: SocketAddr, shots: Vec<Shot>| -> Result<usize> {
        let mut connection = Connection::open(address)?;
        let mut length = 0;
        for shot in shots {
            let body = connection.ask(&shot.request)?;
            let answer: Value = serde_json::from_slice(body)?;
            let cast = answer.pointer("/data/ballotCast").unwrap_or(&answer["ballotCast"]);
            let receipt = cast["receipt"].as_str().unwrap_or_default();
            ensure!(receipt.len() == 32, "no vote: {answer}");
            length = body.len();
        }
        Ok(length)
    };
    let floor = ask(floor, to_floor.shots(Share::to_floor, 0))?;
    Ok((floor, ask(server, to_server.shots(Share::to_server, 0))?))
}

fn counted(arena: &Arena, options: &Options) -> Result<()> {
    let expected = i64::try_from(options.ballots() * arena.targets.hall.voters.len())?;
    for table in ["ballot_register", "ballot_box"] {
        let rows = arena.ground.query(&format!("SELECT count(*) FROM {table}"))?;
        let count: i64 = rows.first().context("no count")?.try_get_by_index(0)?;
        ensure!(count == expected, "{table}: {count} of {expected} votes");
    }
    Ok(())
}
