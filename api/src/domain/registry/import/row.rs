//! One row of older records, as a client or a data file gives it.
//! Nothing is resolved here.

use std::collections::HashSet;

use async_graphql::{ID, InputObject};
use entity::nominee::SubjectKind;
use entity::subject::{LeadershipClass, Sex};
use entity::submission::CommendationType;
use entity::{subject, unit};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::domain::subject::Subject;
use crate::domain::unit::Unit;
use crate::filter::row_id;
use crate::scalar::Date;
use crate::text::{official_form, search_form};

/// One award of older records, or a number of them whose subjects are not named.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct AwardRow {
    /// The unit of the subject at that time; or `unitCode`.
    pub(crate) unit_id: Option<ID>,
    /// The same by its code within the tenant.
    pub(crate) unit_code: Option<String>,
    /// The one who has it; or `subjectCode`, or `subjectName`. None of them: the record gives a number only.
    pub(crate) subject_id: Option<ID>,
    /// The same by its code within the tenant, at most 60 characters; with `subjectName` it is entered when there is
    /// none.
    pub(crate) subject_code: Option<String>,
    /// Name as recorded, at most 300 characters; without id and code a subject of that name, kind and unit is found
    /// or entered.
    pub(crate) subject_name: Option<String>,
    /// A person, a collective or a household; may be absent where subject or title tell.
    pub(crate) subject_kind: Option<SubjectKind>,
    /// The title or form: its code, or any name under which it is or was known, at most 300 characters. The award keeps
    /// the name as it is given here; for a code the official name on that day.
    pub(crate) award_type: String,
    /// First year of the achievements it counts, 1948 to this year.
    pub(crate) counting_from: i32,
    /// Last year, at most this one; the first one when absent.
    pub(crate) counting_to: Option<i32>,
    /// Type of commendation; merit when absent.
    pub(crate) commendation_type: Option<CommendationType>,
    /// How many years the movement lasted, where it was given in one: 1 to 100.
    pub(crate) movement_years: Option<i32>,
    /// Day of the achievement, by which sudden ones and movements of a year are told apart.
    pub(crate) achieved_on: Option<Date>,
    /// Field of activity, at most 60 characters.
    pub(crate) field: Option<String>,
    /// Who gave it, as recorded, at most 300 characters; without another field of the issuer the tenant is read from
    /// it.
    pub(crate) issuer_name: Option<String>,
    /// The tenant that gave it, by the code it had at that time, such as `02` of 2018.
    pub(crate) issuer_tenant_code: Option<String>,
    /// The tenant that gave it, by the name it had at that time, such as `Hà Giang`.
    pub(crate) issuer_tenant_name: Option<String>,
    /// Number and symbol of the decision, such as `123/QĐ-UBND`, at most 60 characters; it needs `decidedOn`.
    pub(crate) decision_label: Option<String>,
    /// Day of the decision.
    pub(crate) decided_on: Option<Date>,
    /// Post of the one who signed, at most 300 characters.
    pub(crate) signer_post: Option<String>,
    /// Number of awards the row stands for (lượt), 1 to 1,000,000; more than 1 only without a subject. 1 when absent.
    pub(crate) events: Option<i32>,
    /// Sex of the person.
    pub(crate) sex: Option<Sex>,
    /// Leadership class of the person at that time.
    pub(crate) leadership_class: Option<LeadershipClass>,
    /// Whether the person worked directly at that time.
    pub(crate) direct_worker: Option<bool>,
    /// Whether the person managed others at that time.
    pub(crate) manager: Option<bool>,
    /// Whether the collective was an enterprise (doanh nghiệp) at that time.
    pub(crate) enterprise: Option<bool>,
    /// Bonus paid, in đồng, as a whole number in text.
    pub(crate) bonus_paid: Option<String>,
}

impl AwardRow {
    pub(super) fn unit(&self) -> Option<Uuid> {
        row_id::<Unit>(self.unit_id.as_ref()?)
    }

    /// The label of the decision, in one spelling.
    pub(super) fn label(&self) -> Option<String> {
        self.decision_label.as_deref().map(official_form)
    }

    /// The subjects that rows may mean.
    pub(super) fn subjects(rows: &[Self], units: &[unit::Model]) -> Condition {
        use subject::Column::{Code, Id, NameSearch, UnitId};
        let id = |row: &Self| row_id::<Subject>(row.subject_id.as_ref()?);
        let code = |row: &Self| Some(row.subject_code.as_deref()?.trim().to_owned());
        let name = |row: &Self| Some(search_form(row.subject_name.as_deref()?));
        let names: HashSet<String> = rows.iter().filter_map(name).collect();
        let by_name = Condition::all()
            .add(UnitId.is_in(units.iter().map(|unit| unit.id)))
            .add(NameSearch.is_in(names));
        Condition::any()
            .add(Id.is_in(rows.iter().filter_map(id)))
            .add(Code.is_in(rows.iter().filter_map(code)))
            .add(by_name)
    }
}
