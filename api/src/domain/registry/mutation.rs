//! Writes of the registry: correct, cancel, revoke, restore, issue again.
//! No rule enters here: `rules` knows what may follow what.

use async_graphql::{ComplexObject, Context, Object, SimpleObject};
use entity::award;
use entity::award_proposal::{self, Ground, State};
use entity::decision::Kind;
use entity::subject;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel};

use super::Award;
use super::behind::{Said, decide, revocable};
use super::correction::{alone, attach, classed, corrected, once, settled};
use super::inputs::{
    AwardActInput, AwardCancelProposeInput, AwardConfirmInput, AwardCorrectInput, AwardProposeInput,
};
use super::ledger::{Deed, Proposer, act};
use super::rules;
use crate::access::{Act, Gate, Tx};
use crate::domain::quota::{self, QuotaUse};
use crate::domain::subject::Subject;
use crate::domain::{Ask, input};
use crate::error::{Code, Fault, Result, UserError, outcome};
use crate::filter::input_id;
use crate::payload;
use crate::reference;
use crate::text::search_form;

macro_rules! payloads {
    ($($name:ident),*) => {
        $(payload!($name, award: Award, "award as it is now");)*
    };
}

payloads!(
    AwardCorrectPayload,
    AwardCancelProposePayload,
    AwardCancelConfirmPayload,
    AwardRevokeProposePayload,
    AwardRevokeConfirmPayload,
    AwardRestoreProposePayload,
    AwardReissuePayload
);

/// Outcome of the mutation: award as it is now or the reasons why not.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct AwardRestoreConfirmPayload {
    /// The award as it is now; null when there are errors.
    award: Option<Award>,
    /// Why nothing was done; empty on success.
    errors: Vec<UserError>,
}

#[ComplexObject]
impl AwardRestoreConfirmPayload {
    /// A warning: quotas of which the award takes its place again although others had taken what was left. It stands
    /// nevertheless; what is sent after it is refused until there is room. Empty where there is room.
    async fn over_quotas(&self, ctx: &Context<'_>) -> Result<Vec<QuotaUse>> {
        match &self.award {
            Some(award) => quota::over(ctx.gate()?, award.0.id).await,
            None => Ok(Vec::new()),
        }
    }
}

/// Changes of the registry.
#[derive(Default)]
pub struct RegistryMutation;

/// Changes of the registry.
#[Object]
impl RegistryMutation {
    /// Corrects what was recorded of an award, by decision (đính chính). To whom a decision of ours gave it, and whether for
    /// merit or for a sudden achievement or a movement, is not corrected (`SETTLED_BY_DECISION`). Roles: standing officer,
    /// central officer.
    async fn award_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The correction.")] input: AwardCorrectInput,
    ) -> async_graphql::Result<AwardCorrectPayload> {
        let key = input.idempotency_key.clone();
        AwardCorrectPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(correct(&gate, input))).await
            }
            .await,
        )
    }

    /// Proposes to cancel an award on one of the grounds of the law (hủy bỏ). A proposal that waits already is
    /// replaced; the version of the award moves on. Roles: standing officer, council secretary, central officer.
    async fn award_cancel_propose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to cancel, and why.")] input: AwardCancelProposeInput,
    ) -> async_graphql::Result<AwardCancelProposePayload> {
        let key = input.idempotency_key.clone();
        AwardCancelProposePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                let work = propose_cancel(&gate, input);
                gate.answer(Box::pin(work)).await
            }
            .await,
        )
    }

    /// Cancels an award by decision; never by the one who proposed it. Its place of the quotas comes back. Roles: chair,
    /// central officer.
    async fn award_cancel_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to cancel.")] input: AwardConfirmInput,
    ) -> async_graphql::Result<AwardCancelConfirmPayload> {
        let key = input.idempotency_key.clone();
        AwardCancelConfirmPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                let work = confirm(&gate, (Act::AwardCancelConfirm, Kind::Cancel), input);
                gate.answer(Box::pin(work)).await
            }
            .await,
        )
    }

    /// Proposes to strip the holder of an award (tước), where the law has it: of state honorary titles; every other award is
    /// cancelled (`NOT_REVOCABLE`). A proposal that waits already is replaced; the version of the award moves on. Roles:
    /// standing officer, council secretary, central officer.
    async fn award_revoke_propose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to revoke, and why.")] input: AwardProposeInput,
    ) -> async_graphql::Result<AwardRevokeProposePayload> {
        let key = input.idempotency_key.clone();
        AwardRevokeProposePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                let work = propose(&gate, (Act::AwardRevokePropose, Kind::Revoke, None), input);
                gate.answer(Box::pin(work)).await
            }
            .await,
        )
    }

    /// Strips the holder of an award by decision; never by the one who proposed it. Roles: chair, central officer.
    async fn award_revoke_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to revoke.")] input: AwardConfirmInput,
    ) -> async_graphql::Result<AwardRevokeConfirmPayload> {
        let key = input.idempotency_key.clone();
        AwardRevokeConfirmPayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                let work = confirm(&gate, (Act::AwardRevokeConfirm, Kind::Revoke), input);
                gate.answer(Box::pin(work)).await
            }
            .await,
        )
    }

    /// Proposes to give a cancelled or revoked award back (phục hồi). A proposal that waits already is replaced; the version
    /// of the award moves on. Roles: standing officer, council secretary, central officer.
    async fn award_restore_propose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to restore, and why.")] input: AwardProposeInput,
    ) -> async_graphql::Result<AwardRestoreProposePayload> {
        let key = input.idempotency_key.clone();
        AwardRestoreProposePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                let work = propose(&gate, (Act::AwardRestorePropose, Kind::Restore, None), input);
                gate.answer(Box::pin(work)).await
            }
            .await,
        )
    }

    /// Gives a cancelled or revoked award back by decision, unless the same was given anew since (`ALREADY_EXISTS`); never
    /// by the one who proposed it. It takes its place of the quotas again. Roles: chair, central officer.
    async fn award_restore_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to restore.")] input: AwardConfirmInput,
    ) -> async_graphql::Result<AwardRestoreConfirmPayload> {
        let key = input.idempotency_key.clone();
        let restored = async {
            let gate = ctx.once(key.as_deref())?;
            let work = confirm(&gate, (Act::AwardRestoreConfirm, Kind::Restore), input);
            gate.answer(Box::pin(work)).await
        };
        let (award, errors) = outcome(restored.await)?;
        Ok(AwardRestoreConfirmPayload { award, errors })
    }

    /// Issues the certificate of an award again, with a new public code; the old one shows nothing any more (cấp
    /// lại, cấp đổi). Roles: standing officer, central officer.
    async fn award_reissue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to issue again, and why.")] input: AwardActInput,
    ) -> async_graphql::Result<AwardReissuePayload> {
        let key = input.idempotency_key.clone();
        AwardReissuePayload::of(
            async {
                let gate = ctx.once(key.as_deref())?;
                gate.answer(Box::pin(reissue(&gate, input))).await
            }
            .await,
        )
    }
}

async fn correct(gate: &Gate, input: AwardCorrectInput) -> Result<Award> {
    let id = input_id::<Award>(&input.id, "input.id")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::AwardCorrect, Some(reason.clone())).await?;
    let before = tx.lock_version::<award::Entity>(id, input.expected_version).await?;
    rules::demand(Kind::Correct, before.state)?;
    let mut after = before.clone();
    if let Some(subject) = input::given(input.subject_id, "input.subjectId")? {
        let id = input_id::<Subject>(&subject, "input.subjectId")?;
        let found = tx.one::<subject::Entity>(Act::SubjectRead, id).await;
        attach(&mut after, &found.map_err(|fault| fault.at("input.subjectId"))?)?;
    }
    if let Some(name) = input::given(input.subject_name, "input.subjectName")? {
        after.subject_name_as_recorded = input::text(&name, "input.subjectName", input::NAME)?;
        after.name_search = search_form(&after.subject_name_as_recorded);
    }
    if let Some(year) = input::given(input.counting_from, "input.countingFrom")? {
        after.counting_from_year = input::year(year, "input.countingFrom")?;
    }
    if let Some(year) = input::given(input.counting_to, "input.countingTo")? {
        after.counting_to_year = input::year(year, "input.countingTo")?;
    }
    if after.counting_to_year < after.counting_from_year {
        return Err(Fault::at(Code::PeriodReversed, "input.countingTo").into());
    }
    if let Some(kind) = input::given(input.commendation_type, "input.commendationType")? {
        after.commendation_type = kind;
    }
    if !input.field.is_undefined() {
        let field = input.field.take();
        after.field = input::optional_text(field.as_deref(), "input.field", input::CODE)?;
    }
    if !input.achieved_on.is_undefined() {
        let day = input.achieved_on.take().map(|day| input::day(day, "input.achievedOn"));
        after.achieved_on = day.transpose()?;
    }
    classed(&mut after, input.leadership_class, input.enterprise)?;
    corrected(gate, &before, &after).await?;
    settled(&tx, &before, &after).await?;
    once(&tx, &before, &after).await?;
    let decision = decide(&tx, &before, Said::plain(input.decision, Kind::Correct)).await?;
    let deed =
        Deed { kind: Kind::Correct, decision: &decision, reason, ground: None, proposer: None };
    let after = act(&tx, &before, after, deed).await?;
    tx.answer(Award::from(after)).await
}

async fn open(tx: &Tx, award: &award::Model) -> Result<Option<award_proposal::Model>> {
    use award_proposal::Column::{AwardId, State as StateColumn};
    let this = Condition::all().add(AwardId.eq(award.id)).add(StateColumn.eq(State::Open));
    Ok(tx.all_of::<award_proposal::Entity>(award.tenant_id, this).await?.pop())
}

async fn settle(tx: &Tx, proposal: &award_proposal::Model, state: State) -> Result<()> {
    let mut changed = proposal.clone().into_active_model();
    changed.state = Set(state);
    tx.save::<award_proposal::Entity>(proposal, changed).await?;
    Ok(())
}

async fn propose_cancel(gate: &Gate, input: AwardCancelProposeInput) -> Result<Award> {
    let AwardCancelProposeInput { id, expected_version, ground, reason, idempotency_key } = input;
    if reference::cancel_ground(ground, gate.today()).is_none() {
        return Err(Fault::at(Code::NotInForce, "input.ground").into());
    }
    let input = AwardProposeInput { id, expected_version, reason, idempotency_key };
    propose(gate, (Act::AwardCancelPropose, Kind::Cancel, Some(ground)), input).await
}

async fn propose(
    gate: &Gate,
    (act, kind, ground): (Act, Kind, Option<Ground>),
    input: AwardProposeInput,
) -> Result<Award> {
    let id = input_id::<Award>(&input.id, "input.id")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(act, Some(reason.clone())).await?;
    let award = tx.lock_version::<award::Entity>(id, input.expected_version).await?;
    rules::demand(kind, award.state)?;
    revocable(&tx, &award, kind).await?;
    if let Some(earlier) = open(&tx, &award).await? {
        settle(&tx, &earlier, State::Superseded).await?;
    }
    let actor = gate.actor()?;
    let row = award_proposal::ActiveModel {
        tenant_id: Set(award.tenant_id),
        id: Set(gate.new_id()),
        award_id: Set(award.id),
        unit_id: Set(award.unit_id),
        kind: Set(kind),
        reason: Set(reason),
        ground: Set(ground),
        state: Set(State::Open),
        proposed_by: Set(actor.user),
        proposed_by_name: Set(actor.name.clone()),
        proposed_at: Set(gate.now()),
        version: Set(1),
    };
    tx.add::<award_proposal::Entity>(row).await?;
    // Whoever read the award before this proposal confirms nothing that stands in it.
    let award = tx.save::<award::Entity>(&award, award.clone().into_active_model()).await?;
    tx.answer(Award::from(award)).await
}

async fn confirm(
    gate: &Gate,
    (act_name, kind): (Act, Kind),
    input: AwardConfirmInput,
) -> Result<Award> {
    let id = input_id::<Award>(&input.id, "input.id")?;
    let tx = gate.begin(act_name).await?;
    quota::stand_by(&tx).await?;
    let before = tx.lock_version::<award::Entity>(id, input.expected_version).await?;
    rules::demand(kind, before.state)?;
    let Some(proposal) = open(&tx, &before).await?.filter(|proposal| proposal.kind == kind) else {
        return Err(Fault::at(Code::NotProposed, "input.id").into());
    };
    if proposal.proposed_by == gate.actor()?.user {
        return Err(Fault::at(Code::TwoPersonsRequired, "input.id").into());
    }
    revocable(&tx, &before, kind).await?;
    settle(&tx, &proposal, State::Confirmed).await?;
    let decision =
        decide(&tx, &before, Said { paper: input.decision, kind, issuer: input.issuer }).await?;
    if kind == Kind::Restore {
        // The register of numbers is held by now: nothing is restored beside it at the same time.
        alone(&tx, &before, "input.id").await?;
    }
    let proposer = Proposer { id: proposal.proposed_by, name: proposal.proposed_by_name };
    let deed = Deed {
        kind,
        decision: &decision,
        reason: proposal.reason,
        ground: proposal.ground,
        proposer: Some(proposer),
    };
    let after = act(&tx, &before, before.clone(), deed).await?;
    quota::follow(&tx, &after, (&decision, kind)).await?;
    tx.answer(Award::from(after)).await
}

async fn reissue(gate: &Gate, input: AwardActInput) -> Result<Award> {
    let kind = Kind::Reissue;
    let id = input_id::<Award>(&input.id, "input.id")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::AwardReissue, Some(reason.clone())).await?;
    let before = tx.lock_version::<award::Entity>(id, input.expected_version).await?;
    rules::demand(kind, before.state)?;
    let mut after = before.clone();
    if before.public_code.is_some() {
        after.public_code = Some(gate.new_code()?);
    }
    let decision =
        decide(&tx, &before, Said { paper: input.decision, kind, issuer: input.issuer }).await?;
    let deed = Deed { kind, decision: &decision, reason, ground: None, proposer: None };
    let after = act(&tx, &before, after, deed).await?;
    tx.answer(Award::from(after)).await
}
