//! Chains of refresh tokens in every history: renewed, lost, stolen, renewed eight times at once, ended.

use entity::refresh_token;
use futures_util::future::join_all;
use proptest::prelude::*;
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use super::tests::renew;
use super::world::{ADMIN, TENANT, World, request, world};
use super::*;
use crate::access::gate::find;

/// What may come in: any token ever issued, for renewal, eight times at once, or to sign out. A lost answer is
/// a renewal by the token before.
#[derive(Clone, Debug)]
enum Step {
    Renew(usize),
    Storm(usize),
    SignOut(usize),
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    // Counted from the newest token backwards: the interesting ones come often.
    let step = prop_oneof![
        16 => (0..3_usize).prop_map(Step::Renew),
        4 => (0..8_usize).prop_map(Step::Renew),
        1 => (0..3_usize).prop_map(Step::Storm),
        1 => (0..3_usize).prop_map(Step::SignOut),
    ];
    proptest::collection::vec(step, 1..14)
}

/// One session and what its rule says of it: only the newest token and the one it came from are worth anything;
/// any other ends the session.
struct Chain<'w> {
    world: &'w World,
    family: Uuid,
    tokens: Vec<String>,
    newest: usize,
    parent: Option<usize>,
    is_alive: bool,
    minute: i64,
}

impl<'w> Chain<'w> {
    /// A session without the slow hash of a sign-in.
    async fn begin(world: &'w World) -> Self {
        let request = request(0, None);
        let sessions = &world.sessions;
        let work = sessions.work(&request).await.unwrap();
        work.enter(TENANT).await.unwrap();
        let account = account::by_id(TENANT, ADMIN, &work.connection()).await.unwrap().unwrap();
        let tenant = account::tenant_by_id(TENANT, today(request.now), &work.connection()).await;
        let holder = Holder { tenant: tenant.unwrap().unwrap(), account };
        let session = sessions.open_session(&holder, &work).await.unwrap();
        work.commit().await.unwrap();
        Self {
            world,
            family: session.actor.family,
            tokens: vec![session.refresh_token],
            newest: 0,
            parent: None,
            is_alive: true,
            minute: 0,
        }
    }

    fn back(&self, back: usize) -> usize {
        self.tokens.len().saturating_sub(1 + back)
    }

    async fn step(&mut self, step: &Step) {
        self.minute += 1;
        match step {
            Step::Renew(back) => self.renew(self.back(*back), 1).await,
            Step::Storm(back) => self.renew(self.back(*back), 8).await,
            Step::SignOut(back) => {
                let token = &self.tokens[self.back(*back)];
                let request = request(self.minute, None);
                self.world.sessions.sign_out(token, &request).await.unwrap();
                self.is_alive = false;
            }
        }
        let live = self.live().await;
        assert_eq!(live.len(), usize::from(self.is_alive), "{:?}", self.tokens);
        let stands = self.is_alive;
        let actor = self.world.sessions.database.revocations();
        assert_eq!(!actor.is_ended(self.family), stands, "access tokens end with the session");
    }

    /// Brings one token so many times at once. If it is good, each gets an answer and one of them is the newest.
    async fn renew(&mut self, index: usize, times: usize) {
        let token = self.tokens[index].clone();
        let answers = join_all((0..times).map(|_| renew(self.world, &token, self.minute))).await;
        let is_good = self.is_alive && (index == self.newest || Some(index) == self.parent);
        let wrong: Vec<_> = answers.iter().filter(|answer| answer.is_ok() != is_good).collect();
        assert!(wrong.is_empty(), "{index} of {:?}: {wrong:?}", self.tokens);
        self.is_alive = is_good;
        if !is_good {
            return;
        }
        let live = self.live().await;
        let issued = answers.into_iter().map(|answer| answer.unwrap());
        let (newest, lost): (Vec<_>, Vec<_>) =
            issued.partition(|token| live.contains(&refresh::hash(token)));
        self.tokens.extend(lost.into_iter().chain(newest));
        (self.newest, self.parent) = (self.tokens.len() - 1, Some(index));
    }

    /// Hashes of the tokens that could still be used.
    async fn live(&self) -> Vec<String> {
        use refresh_token::Column::{FamilyId, RevokedAt, UsedAt, UserId};
        let live = Condition::all()
            .add(UserId.eq(ADMIN))
            .add(FamilyId.eq(self.family))
            .add(UsedAt.is_null())
            .add(RevokedAt.is_null());
        let rows = find::<refresh_token::Entity>().filter(live);
        let rows = rows.all(self.world.database.pool()).await.unwrap();
        rows.into_iter().map(|row| row.token_hash).collect()
    }
}

async fn check_history(world: &World, steps: Vec<Step>) {
    let mut chain = Chain::begin(world).await;
    for step in &steps {
        chain.step(step).await;
    }
}

/// `PROPTEST_CASES=100000` for the full size.
#[test]
fn a_chain_obeys_its_rule_in_every_history() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let world = runtime.block_on(world());
    let of_library = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    // The library's own number means that none was asked for.
    let cases = if of_library.cases == 256 { 60 } else { of_library.cases };
    let config = ProptestConfig { cases, ..of_library };
    proptest!(config, |(steps in history())| runtime.block_on(check_history(&world, steps)));
}
