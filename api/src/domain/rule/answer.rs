//! What a check answers: how it stands, which rules apply, and what chose them.
//! Nothing is evaluated here.

use async_graphql::{ComplexObject, Context, SimpleObject};
use chrono::NaiveDate;
use entity::submission::CommendationType;

use super::check::{Choice, Ground, Silence};
use super::facts::{Question, Verdict};
use super::nouns::{EligibilityOutcome, language, outcomes};
use super::words::Names;
use crate::domain::subject::Subject;
use crate::scalar::Date;
use crate::text::{Language, phrase};

/// What the other rules say, where the law changed between receipt and decision.
#[derive(Clone, SimpleObject)]
pub(crate) struct EligibilityAlternative {
    /// The day whose rules these are.
    rules_of: Date,
    /// How it stands under them.
    verdict: Verdict,
    /// The article that chose between the two: which rules hold for what was received before the change.
    citation: String,
}

/// Whether a subject meets the law for a title or form, and why.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub struct EligibilityCheck {
    /// The subject.
    pub(super) subject: Subject,
    /// Code of the title or form.
    award_type_code: String,
    /// Year of the proposal.
    year: i32,
    /// Type of commendation.
    commendation_type: CommendationType,
    /// The day of receipt, for which the rules are chosen.
    received_on: Date,
    /// How it stands: what only warns decides nothing.
    pub(super) verdict: Verdict,
    /// The day whose rules apply: that of receipt, or that on which newer, more favourable ones came into force.
    pub(super) rules_of: Date,
    /// The rules that were not chosen; null where the law did not change in between.
    alternative: Option<EligibilityAlternative>,
    /// What came of each rule that applies.
    pub(super) outcomes: Vec<EligibilityOutcome>,
    #[graphql(skip)]
    silence: Option<Silence>,
    #[graphql(skip)]
    ground: Ground,
    #[graphql(skip)]
    unsettled: Vec<NaiveDate>,
}

#[ComplexObject]
impl EligibilityCheck {
    /// Why nothing could be decided and people must judge, in the language of `Accept-Language` (vi or en): no rule of
    /// the law or of the tenant says what the title or form is given for, to this kind of subject and by this type of
    /// commendation, on the day whose rules apply. Null where rules do, or a condition stands against it.
    async fn reason(&self, ctx: &Context<'_>) -> Option<String> {
        let language = language(ctx);
        let said = phrase("silence", self.silence?.into(), language);
        Some(said.replace("{day}", &written(self.rules_of.0, language)))
    }

    /// Why the rules of `rulesOf` apply, in the language of `Accept-Language` (vi or en): the day of receipt chose them,
    /// or a transition of the law did, which is then named with its article. Where the rules of one of the two days are
    /// not recorded, nothing was compared, and it says so. Every other day between receipt and decision on which rules
    /// changed is named; no transition is recorded for those.
    async fn rules_reason(&self, ctx: &Context<'_>) -> String {
        self.chosen_by(language(ctx))
    }
}

/// A day as it is written in a sentence.
fn written(day: NaiveDate, language: Language) -> String {
    let form = match language {
        Language::Vi => "%d/%m/%Y",
        Language::En => "%Y-%m-%d",
    };
    day.format(form).to_string()
}

impl EligibilityCheck {
    /// What chose the rules, in words.
    pub(super) fn chosen_by(&self, language: Language) -> String {
        let change = self.ground.transition();
        let from = change.map(|it| written(it.from, language));
        let said = phrase("rules_of", (&self.ground).into(), language);
        let said = said.replace("{day}", &written(self.received_on.0, language));
        let said = said.replace("{from}", &from.unwrap_or_default());
        let said = said.replace("{citation}", change.map_or("", |it| it.citation.as_str()));
        if self.unsettled.is_empty() {
            return said;
        }
        let days = self.unsettled.iter().map(|day| written(*day, language)).collect::<Vec<_>>();
        let more = phrase("rules_of", "UNSETTLED", language);
        format!("{said} {}", more.replace("{days}", &days.join(", ")))
    }

    /// A check as it is shown.
    pub(super) fn new(
        subject: Subject,
        question: &Question,
        choice: &Choice<'_>,
        names: &Names,
    ) -> Self {
        let other = choice.other.as_ref().zip(choice.ground.transition());
        Self {
            subject,
            award_type_code: question.award.clone(),
            year: question.year,
            commendation_type: question.commendation,
            received_on: Date(question.day),
            verdict: choice.chosen.verdict,
            rules_of: Date(choice.chosen.day),
            alternative: other.map(|(ruling, change)| EligibilityAlternative {
                rules_of: Date(ruling.day),
                verdict: ruling.verdict,
                citation: change.citation.clone(),
            }),
            outcomes: outcomes(&choice.chosen, names),
            silence: choice.chosen.silence(),
            ground: choice.ground.clone(),
            unsettled: choice.unsettled.clone(),
        }
    }
}
