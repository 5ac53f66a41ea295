//! What proves the audit log: checkpoints, inclusion, consistency.
//! No hash is made here.

use async_graphql::{Context, ID, Object, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::AuditEvent;
use crate::access::audit::note::{Signed, verifier_key};
use crate::access::audit::tree::{self, Hash};
use crate::domain::Ask;
use crate::error::{Code, Error, Fault, Result};
use crate::filter::row_id;
use crate::scalar::DateTime;

/// Most checkpoints of one list.
const MOST: i32 = 100;

/// A signed statement of what the audit log of all tenants was at a size. Keep one, or give it to somebody
/// else: nothing before it can change any more without being noticed. Made every second in which something
/// was written.
pub(crate) struct AuditCheckpoint {
    size: i32,
    signed: Signed,
}

impl TryFrom<Signed> for AuditCheckpoint {
    type Error = Error;

    fn try_from(signed: Signed) -> Result<Self> {
        Ok(Self { size: count(signed.checkpoint.size)?, signed })
    }
}

/// A signed statement of what the audit log of all tenants was at a size. Keep one, or give it to somebody
/// else: nothing before it can change any more without being noticed. Made every second in which something
/// was written.
#[Object]
impl AuditCheckpoint {
    /// Number of entries.
    async fn size(&self) -> i32 {
        self.size
    }

    /// Root of the Merkle tree over the entries (RFC 6962, SHA-256), in base 64.
    async fn root_hash(&self) -> String {
        STANDARD.encode(self.signed.checkpoint.root)
    }

    /// When it was signed.
    async fn at(&self) -> DateTime {
        DateTime(self.signed.checkpoint.at)
    }

    /// The signed note, as transparency logs write them: origin, size, root and time, a line each; an empty
    /// line; the signature line, whose last word is the base 64 of 4 bytes of key id and 64 bytes of
    /// Ed25519 signature over the four lines with their line ends.
    async fn note(&self) -> String {
        self.signed.note()
    }

    /// The key that signed, in the form `name+id+key`: the base 64 of a byte 1 and the 32 bytes of an Ed25519
    /// key. Compare it with the one the operator published.
    async fn verifier_key(&self) -> String {
        verifier_key(&self.signed.public_key)
    }
}

/// Shows that an entry is in the audit log as it was written. To check: SHA-256 of a byte 0 and the bytes of
/// `entry` is `leafHash`; then, with i = `position` and n = `checkpoint.size` - 1, take each hash h of `path`:
/// if i is odd or i = n, the hash becomes SHA-256 of a byte 1, h and the hash, and while i is even and not 0
/// both are halved; else SHA-256 of a byte 1, the hash and h; then halve both. What is left is
/// `checkpoint.rootHash`, and its signature fits.
#[derive(SimpleObject)]
pub(crate) struct AuditProof {
    /// The entry as it is sealed: JSON of every field, with a random salt.
    entry: String,
    /// Hash of the entry, in base 64.
    leaf_hash: String,
    /// Number of entries of all tenants before it; null for the second or so until it is sealed.
    position: Option<i32>,
    /// Hashes of the neighbouring subtrees from the leaf upwards, in base 64.
    path: Vec<String>,
    /// The newest checkpoint, to whose root the path leads; null until the entry is sealed.
    checkpoint: Option<AuditCheckpoint>,
}

/// Shows that the log of one size begins with the whole log of another (RFC 6962, section 2.1.2).
#[derive(SimpleObject)]
pub(crate) struct AuditConsistency {
    /// Size of the earlier log.
    from: i32,
    /// Size of the later log.
    to: i32,
    /// The proof: hashes of subtrees in the order of RFC 6962, in base 64; empty when both sizes are one.
    path: Vec<String>,
    /// The checkpoint of the earlier size; null where none was made of it.
    earlier: Option<AuditCheckpoint>,
    /// The checkpoint of the later size; null where none was made of it.
    later: Option<AuditCheckpoint>,
}

/// Questions for proofs of the audit trail.
#[derive(Default)]
pub struct AuditProofQuery;

/// Questions for proofs of the audit trail.
#[Object]
impl AuditProofQuery {
    /// The proof of an audit entry; null when there is none or the caller may not read it.
    async fn audit_proof(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the audit entry.")] event_id: ID,
    ) -> Option<Result<AuditProof>> {
        async { proof(ctx, &event_id).await }.await.transpose()
    }

    /// The proof that the log of all tenants only grew between two sizes. Roles: everyone.
    async fn audit_consistency(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Size of the earlier log, such as that of a kept checkpoint.")] from: i32,
        #[graphql(desc = "Size of the later log, at most that of the newest checkpoint.")] to: i32,
    ) -> Result<AuditConsistency> {
        let gate = ctx.gate()?;
        let path = gate.audit_consistency(from.into(), to.into()).await?;
        let earlier = gate
            .audit_checkpoint(Some(from.into()))
            .await?
            .map(AuditCheckpoint::try_from)
            .transpose()?;
        let later = gate
            .audit_checkpoint(Some(to.into()))
            .await?
            .map(AuditCheckpoint::try_from)
            .transpose()?;
        Ok(AuditConsistency { from, to, path: texts(&path), earlier, later })
    }

    /// A checkpoint of the log of all tenants; null when none was made of that size. Roles: everyone.
    async fn audit_checkpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its size; the newest one when absent.")] size: Option<i32>,
    ) -> Option<Result<AuditCheckpoint>> {
        let found = async { ctx.gate()?.audit_checkpoint(size.map(i64::from)).await };
        Some(found.await.transpose()?.and_then(AuditCheckpoint::try_from))
    }

    /// Checkpoints of the log of all tenants, newest first. Roles: everyone.
    async fn audit_checkpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.", default = 25)] first: i32,
        #[graphql(desc = "Only those of a smaller size.")] below: Option<i32>,
    ) -> Result<Vec<AuditCheckpoint>> {
        let bounded = u64::try_from(first).ok().filter(|_| (1..=MOST).contains(&first));
        let fault = || Fault::at(Code::OutOfRange, "first").with("min", 1).with("max", MOST);
        let first = bounded.ok_or_else(|| Error::from(fault()))?;
        let found = ctx.gate()?.audit_checkpoints(below.map(i64::from), first).await?;
        found.into_iter().map(AuditCheckpoint::try_from).collect()
    }
}

async fn proof(ctx: &Context<'_>, id: &ID) -> Result<Option<AuditProof>> {
    let gate = ctx.gate()?;
    gate.actor()?;
    let Some(id) = row_id::<AuditEvent>(id) else { return Ok(None) };
    let Some(found) = gate.audit_inclusion(id).await? else { return Ok(None) };
    let leaf_hash = STANDARD.encode(tree::leaf(found.text.as_bytes()));
    let mut proof = AuditProof {
        entry: found.text,
        leaf_hash,
        position: None,
        path: Vec::new(),
        checkpoint: None,
    };
    if let Some(seal) = found.seal {
        proof.position = Some(count(seal.position)?);
        proof.path = texts(&seal.path);
        proof.checkpoint = Some(seal.checkpoint.try_into()?);
    }
    Ok(Some(proof))
}

fn texts(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| STANDARD.encode(hash)).collect()
}

/// A number of entries as GraphQL writes it.
fn count(number: u64) -> Result<i32> {
    i32::try_from(number).map_err(|fault| Error::broken(&format!("entries: {fault}")))
}
