//! Sign-in by an external provider (OpenID Connect), and the links between identities and users.
//! No token of a provider is read here: the gate room does that.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::account;

use super::factor::SignInPayload;
use super::mutation::{peer, sessions};
use super::{User, rules};
use crate::access::{Act, Arrival, Gate, Offer, Password};
use crate::domain::{Ask, input};
use crate::error::Result;
use crate::filter::input_id;
use crate::payload;

/// Input of `externalSignInStart`.
#[derive(InputObject)]
pub(crate) struct ExternalSignInStartInput {
    /// Slug or present code of the tenant.
    tenant: String,
    /// Name of the provider, as the installation calls it.
    provider: String,
    /// Where the provider sends the user back to; one of those that the installation names for it.
    redirect_uri: String,
}

/// Input of `externalSignIn`.
#[derive(InputObject)]
pub(crate) struct ExternalSignInInput {
    /// The attempt that `externalSignInStart` answered, within ten minutes.
    attempt: String,
    /// `code` of the address that the provider sent the user back to.
    code: String,
    /// `state` of the same address.
    state: String,
}

/// Input of `identityLink`.
#[derive(InputObject)]
pub(crate) struct IdentityLinkInput {
    /// The attempt that `externalSignInStart` answered, within ten minutes.
    attempt: String,
    /// `code` of the address that the provider sent the user back to.
    code: String,
    /// `state` of the same address.
    state: String,
    /// The caller's password.
    current_password: String,
}

/// Input of `identityUnlink`.
#[derive(InputObject)]
pub(crate) struct IdentityUnlinkInput {
    /// The user whose identities are unlinked.
    user_id: ID,
    /// Why, at most 4,000 characters; goes into the audit entry.
    reason: String,
}

/// Where a user signs in (chuyển đến trang đăng nhập).
#[derive(SimpleObject)]
pub(crate) struct ExternalSignInStart {
    /// Address of the provider, to which the user is sent.
    url: String,
    /// Kept by the client until the user comes back; never put it into an address.
    attempt: String,
}

/// An external provider by which users of a tenant sign in.
#[derive(SimpleObject)]
pub(crate) struct SignInProvider {
    /// Name by which `externalSignInStart` asks for it.
    name: String,
    /// What people are shown; null where the installation does not say it.
    label: Option<String>,
}

payload!(ExternalSignInStartPayload, start: ExternalSignInStart, "way to the provider");
payload!(IdentityLinkPayload, user: User, "user to whom the identity is linked");
payload!(IdentityUnlinkPayload, user: User, "user without external identities");

/// What the page of sign-in asks for.
#[derive(Default)]
pub struct ExternalQuery;

/// What the page of sign-in asks for.
#[Object]
impl ExternalQuery {
    /// The external providers by which users of a tenant may sign in, in the order of the installation; empty for a
    /// tenant that has none and for one that nobody knows. Needs no sign-in.
    async fn sign_in_providers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Slug or present code of the tenant.")] tenant: String,
    ) -> Result<Vec<SignInProvider>> {
        let offered = sessions(ctx)?.offered(&tenant, ctx.gate()?.request()).await?;
        let one = |offer: Offer| SignInProvider { name: offer.name, label: offer.label };
        Ok(offered.into_iter().map(one).collect())
    }
}

/// Sign-in by external providers.
#[derive(Default)]
pub struct ExternalMutation;

/// Sign-in by external providers.
#[Object]
impl ExternalMutation {
    /// Begins a sign-in by an external provider of a tenant (OpenID Connect). Needs no sign-in.
    async fn external_sign_in_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The provider, and the way back.")] input: ExternalSignInStartInput,
    ) -> async_graphql::Result<ExternalSignInStartPayload> {
        ExternalSignInStartPayload::of(start(ctx, &input).await)
    }

    /// Begins a session of the user to whom the identity is linked that the provider has verified, or asks for
    /// his second factor. Needs no sign-in.
    async fn external_sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the provider sent back.")] input: ExternalSignInInput,
    ) -> async_graphql::Result<SignInPayload> {
        let ExternalSignInInput { attempt, code, state } = input;
        let arrival = Arrival { attempt, code, state };
        let entered = async {
            let request = ctx.gate()?.request();
            sessions(ctx)?.sign_in_externally(&arrival, peer(ctx), request).await
        };
        SignInPayload::of(entered.await)
    }

    /// Links the identity that the provider has verified to the caller: from then on it signs him in. Everyone,
    /// for himself.
    async fn identity_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the provider sent back, and the caller's password.")]
        input: IdentityLinkInput,
    ) -> async_graphql::Result<IdentityLinkPayload> {
        IdentityLinkPayload::of(link(ctx, input).await)
    }

    /// Unlinks every external identity of a user, and ends his sessions. Role: tenant administrator, not for
    /// himself.
    async fn identity_unlink(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose identities, and why.")] input: IdentityUnlinkInput,
    ) -> async_graphql::Result<IdentityUnlinkPayload> {
        IdentityUnlinkPayload::of(async { unlink(ctx.gate()?, &input).await }.await)
    }
}

async fn start(ctx: &Context<'_>, input: &ExternalSignInStartInput) -> Result<ExternalSignInStart> {
    let way = (input.tenant.as_str(), input.provider.as_str(), input.redirect_uri.as_str());
    let departure = sessions(ctx)?.depart(way, ctx.gate()?.request()).await?;
    Ok(ExternalSignInStart { url: departure.url, attempt: departure.attempt })
}

async fn link(ctx: &Context<'_>, input: IdentityLinkInput) -> Result<User> {
    let IdentityLinkInput { attempt, code, state, current_password } = input;
    let arrival = Arrival { attempt, code, state };
    let password = Password::typed(&current_password);
    let shown = (&password, peer(ctx));
    let row = sessions(ctx)?.link_identity(&arrival, shown, ctx.gate()?.request()).await?;
    Ok(row.into())
}

async fn unlink(gate: &Gate, input: &IdentityUnlinkInput) -> Result<User> {
    let id = input_id::<User>(&input.user_id, "input.userId")?;
    let reason = input::reason(&input.reason)?;
    let tx = gate.begin_because(Act::IdentityUnlink, Some(reason)).await?;
    let row = tx.lock::<account::Entity>(id).await.map_err(|e| e.at("input.userId"))?;
    rules::not_oneself(gate.actor()?.user, row.id).map_err(|e| e.at("input.userId"))?;
    tx.unlink_identities(&row).await?;
    tx.commit(User::from(row)).await
}
