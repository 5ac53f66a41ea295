//! Nominees who were only written down become subjects, so that an award has somebody who has it.
//! No award enters here.

use std::collections::{HashMap, HashSet};

use entity::{nominee, subject, subject_membership};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::access::{Gate, Tx};
use crate::error::Result;
use crate::text::search_form;

/// By nominee: the one subject of that name, kind and unit, or a new one. The number of statements does not grow with the
/// nominees.
pub(in crate::domain) async fn subjects_of(
    tx: &Tx,
    nominees: &[&nominee::Model],
) -> Result<HashMap<Uuid, subject::Model>> {
    let mut found = HashMap::new();
    if nominees.is_empty() {
        return Ok(found);
    }
    let mut known = alike(tx, nominees).await?;
    let mut new = Vec::new();
    for nominee in nominees {
        let row = only(&known, nominee).unwrap_or_else(|| {
            let row = newcomer(tx.gate(), nominee);
            known.push(row.clone());
            new.push(row.clone());
            row
        });
        found.insert(nominee.id, row);
    }
    let members = new.iter().map(|row| membership(tx.gate(), row)).collect();
    tx.add_many::<subject::Entity>(new).await?;
    tx.add_many_derived::<subject_membership::Entity>(members).await?;
    Ok(found)
}

/// Subjects that have one of these names in one of these units; who is meant, [`only`] says.
async fn alike(tx: &Tx, nominees: &[&nominee::Model]) -> Result<Vec<subject::Model>> {
    use subject::Column::{Name, UnitId};
    let units: HashSet<Uuid> = nominees.iter().map(|row| row.unit_id).collect();
    let names: HashSet<&str> = nominees.iter().map(|row| row.name.as_str()).collect();
    let alike = Condition::all().add(UnitId.is_in(units)).add(Name.is_in(names));
    tx.all_of::<subject::Entity>(tx.gate().actor()?.tenant, alike).await
}

/// The subject that a nominee can only be; of several nobody knows which.
fn only(known: &[subject::Model], nominee: &nominee::Model) -> Option<subject::Model> {
    let is_alike = |row: &&subject::Model| {
        row.unit_id == nominee.unit_id && row.kind == nominee.kind && row.name == nominee.name
    };
    let mut same = known.iter().filter(is_alike);
    let one = same.next()?;
    same.next().is_none().then(|| one.clone())
}

fn newcomer(gate: &Gate, nominee: &nominee::Model) -> subject::Model {
    subject::Model {
        tenant_id: nominee.tenant_id,
        id: gate.new_id(),
        kind: nominee.kind,
        code: None,
        name_search: search_form(&nominee.name),
        name: nominee.name.clone(),
        unit_id: nominee.unit_id,
        is_unit: false,
        sex: None,
        leadership_class: None,
        direct_worker: None,
        manager: None,
        occupation: None,
        size_class: None,
        flag_eligible: None,
        founded_on: None,
        created_at: gate.now(),
        version: 1,
        user_id: None,
        enterprise: None,
    }
}

fn membership(gate: &Gate, of: &subject::Model) -> subject_membership::Model {
    subject_membership::Model {
        tenant_id: of.tenant_id,
        id: gate.new_id(),
        subject_id: of.id,
        unit_id: of.unit_id,
        valid_from: gate.today(),
        valid_to: None,
        version: 1,
    }
}
