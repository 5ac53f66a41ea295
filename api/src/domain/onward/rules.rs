//! What can become of a package that was sent to an authority above, as one table.
//! No SQL, no roles and no clock enter here.

use async_graphql::Enum;
use entity::onward_event::Kind;
use strum::IntoStaticStr;

use crate::error::{Code, Fault};

/// Where a proposal to an authority above stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum OnwardState {
    /// Not sent yet (dự thảo).
    Draft,
    /// Sent (đã gửi).
    Sent,
    /// Received by the addressee (đã tiếp nhận).
    Received,
    /// Being appraised (đang thẩm định).
    UnderAppraisal,
    /// Returned to the sender (bị trả lại).
    Returned,
    /// Decided: at least one is commended (đã quyết định khen thưởng).
    Awarded,
    /// Decided: nobody is commended (không khen thưởng).
    Refused,
    /// The awards are in the registry of the sender (đã ghi sổ khen thưởng).
    Registered,
}

impl OnwardState {
    /// What follows from the last event.
    pub(super) fn after(last: Option<Kind>) -> Self {
        match last {
            None => Self::Draft,
            Some(Kind::Sent) => Self::Sent,
            Some(Kind::Received) => Self::Received,
            Some(Kind::UnderAppraisal) => Self::UnderAppraisal,
            Some(Kind::Returned) => Self::Returned,
            Some(Kind::Awarded) => Self::Awarded,
            Some(Kind::Refused) => Self::Refused,
            Some(Kind::Registered) => Self::Registered,
        }
    }

    fn name(self) -> &'static str {
        self.into()
    }
}

/// On which side someone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The tenant that proposes; for an addressee outside it writes down what it hears from there.
    Sender { is_outside: bool },
    /// The tenant it was sent to.
    Addressee,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Sender,
    Receiver,
    Either,
}

struct Edge {
    kind: Kind,
    from: &'static [OnwardState],
    by: By,
}

use OnwardState as S;

const TABLE: [Edge; 7] = [
    Edge { kind: Kind::Sent, from: &[S::Draft, S::Returned], by: By::Sender },
    Edge { kind: Kind::Received, from: &[S::Sent], by: By::Receiver },
    Edge { kind: Kind::UnderAppraisal, from: &[S::Received], by: By::Receiver },
    Edge {
        kind: Kind::Returned,
        from: &[S::Sent, S::Received, S::UnderAppraisal],
        by: By::Receiver,
    },
    // The paper decision may reach the sender before the addressee has written anything here.
    Edge { kind: Kind::Awarded, from: &[S::Sent, S::Received, S::UnderAppraisal], by: By::Either },
    Edge { kind: Kind::Refused, from: &[S::Sent, S::Received, S::UnderAppraisal], by: By::Either },
    Edge { kind: Kind::Registered, from: &[S::Awarded], by: By::Sender },
];

/// Why something cannot happen now by the hand of one side; none when it can.
pub(super) fn obstacle(kind: Kind, state: OnwardState, side: Side) -> Option<Fault> {
    let edge = TABLE.iter().find(|edge| edge.kind == kind)?;
    let may = match (edge.by, side) {
        (By::Either, _)
        | (By::Sender, Side::Sender { .. })
        | (By::Receiver, Side::Addressee | Side::Sender { is_outside: true }) => true,
        (By::Sender, Side::Addressee) | (By::Receiver, Side::Sender { is_outside: false }) => false,
    };
    if !may {
        return Some(Fault::at(Code::Forbidden, "input.id"));
    }
    if edge.from.contains(&state) {
        return None;
    }
    Some(Fault::at(Code::WrongState, "input.id").with("state", state.name()))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use expect_test::expect;
    use sea_orm::{ActiveEnum, Iterable};

    fn list(names: &[&str]) -> String {
        if names.is_empty() { "-".to_owned() } else { names.join(" ") }
    }

    #[test]
    fn the_whole_table_is_as_reviewed() {
        let states = std::iter::once(None).chain(Kind::iter().map(Some)).map(OnwardState::after);
        let states: Vec<_> = states.collect();
        let mut table = String::new();
        for kind in Kind::iter() {
            let mut from = |side| {
                let can = states.iter().filter(|state| obstacle(kind, **state, side).is_none());
                let names: Vec<&str> = can.map(|state| state.name()).collect();
                write!(table, "| {} ", list(&names)).unwrap();
            };
            from(Side::Sender { is_outside: false });
            from(Side::Sender { is_outside: true });
            from(Side::Addressee);
            writeln!(table, "=> {}", kind.to_value()).unwrap();
        }
        // By the sender to an addressee of the register, by the sender to one outside, by the addressee.
        expect![[r"
             | DRAFT RETURNED | DRAFT RETURNED | - => SENT
             | - | SENT | SENT => RECEIVED
             | - | RECEIVED | RECEIVED => UNDER_APPRAISAL
             | - | SENT RECEIVED UNDER_APPRAISAL | SENT RECEIVED UNDER_APPRAISAL => RETURNED
             | SENT RECEIVED UNDER_APPRAISAL | SENT RECEIVED UNDER_APPRAISAL | SENT RECEIVED UNDER_APPRAISAL => AWARDED
             | SENT RECEIVED UNDER_APPRAISAL | SENT RECEIVED UNDER_APPRAISAL | SENT RECEIVED UNDER_APPRAISAL => REFUSED
             | AWARDED | AWARDED | - => REGISTERED
        "]]
        .assert_eq(&table);
    }
}
