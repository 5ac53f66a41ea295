//! What can go wrong: expected answers with stable codes, and faults of our own.
//! No words enter here: they stand in [`crate::text`].

mod code;
mod payload;
#[cfg(test)]
mod raised;
mod taken;

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, ErrorExtensions};

use crate::reference;
use crate::text::{self, Language};

pub use code::Code;
pub use payload::{UserError, outcome};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What stops an operation.
#[derive(Clone, Debug)]
pub enum Error {
    /// No valid sign-in.
    Unauthenticated,
    /// An expected answer: the input, the rule or the permission says no.
    Fault(Box<Fault>),
    /// Our fault: logged once with the request id, never shown.
    Broken(Arc<anyhow::Error>),
}

/// An expected no: its code, the input it is about, and what the message needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// Stable code.
    pub code: Code,
    /// Path into the arguments, from `input` on.
    pub path: Vec<String>,
    /// Values for the message.
    pub parameters: Vec<(&'static str, String)>,
    /// Version of the row now, when someone was faster.
    pub current_version: Option<i32>,
}

/// The parameter beside `award` with the English name of a tenant's own title.
const IN_ENGLISH: &str = "award_en";

impl Fault {
    /// A fault about one argument of the input.
    #[must_use]
    pub fn at(code: Code, path: &str) -> Self {
        let path = path.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { code, path, parameters: Vec::new(), current_version: None }
    }

    /// Gives the message a value.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "most values are numbers and short texts")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.parameters.push((name, value.to_string()));
        self
    }

    /// Names the title or form it is about: one of the law's by its code, one of a tenant's own by its names in
    /// Vietnamese and English.
    #[must_use]
    pub fn about(self, (award, in_english): (&str, &str)) -> Self {
        self.with("award", award).with(IN_ENGLISH, in_english)
    }

    /// A title or form in a language: as the catalogue has it, or a tenant's own as it was given.
    fn award(&self, said: &str, language: Language) -> Option<String> {
        let of_law = reference::award_name(said, language);
        let in_english = || {
            let given = self.parameters.iter().find(|(name, _)| *name == IN_ENGLISH);
            given.filter(|_| language == Language::En).map(|(_, value)| value.as_str())
        };
        of_law.or_else(in_english).map(str::to_owned)
    }

    /// The message in a language. Titles stand in it by their names, and what has words of its own by those.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let say = |(name, value): &(&'static str, String)| {
            let said = match *name {
                "award" => self.award(value, language),
                _ => Some(text::phrase(name, value, language)),
            };
            (*name, said.unwrap_or_else(|| value.clone()))
        };
        let mut parameters: Vec<_> = self.parameters.iter().map(say).collect();
        if parameters.iter().all(|(name, _)| *name != "field") {
            // One of a list is told by the name of the list.
            let name = self.path.iter().rfind(|part| part.parse::<usize>().is_err());
            parameters.push(("field", name.cloned().unwrap_or_default()));
        }
        text::message(self.code.name(), &parameters, language)
    }
}

impl Error {
    /// The id names nothing the caller may know of.
    #[must_use]
    pub fn not_found() -> Self {
        Fault::at(Code::NotFound, "input.id").into()
    }

    /// The caller may not do this.
    #[must_use]
    pub fn forbidden() -> Self {
        Fault::at(Code::Forbidden, "input").into()
    }

    /// Someone was faster.
    #[must_use]
    pub fn conflict(current: i32) -> Self {
        let fault = Fault::at(Code::Conflict, "input.expectedVersion").with("version", current);
        Fault { current_version: Some(current), ..fault }.into()
    }

    /// Our fault.
    #[must_use]
    pub fn broken(what: &str) -> Self {
        Self::Broken(Arc::new(anyhow::anyhow!("{what}")))
    }

    /// An error that several readers of one batch share.
    #[must_use]
    pub fn shared(error: Arc<Self>) -> Self {
        Arc::unwrap_or_clone(error)
    }

    /// The same fault, said of another argument.
    #[must_use]
    pub fn at(self, path: &str) -> Self {
        match self {
            Self::Fault(fault) => {
                let path = Fault::at(fault.code, path).path;
                Self::Fault(Box::new(Fault { path, ..*fault }))
            }
            Self::Unauthenticated | Self::Broken(_) => self,
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(fault: sea_orm::DbErr) -> Self {
        match fault.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(told)) => {
                Fault::at(Code::AlreadyExists, "input").with("case", taken::case(&told)).into()
            }
            Some(_) | None => Self::Broken(Arc::new(fault.into())),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(fault: serde_json::Error) -> Self {
        Self::Broken(Arc::new(fault.into()))
    }
}

impl From<anyhow::Error> for Error {
    fn from(fault: anyhow::Error) -> Self {
        Self::Broken(Arc::new(fault))
    }
}

/// Code of a top-level error: nobody is signed in.
pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
/// Code of a top-level error that the hall masks: the fault is ours.
pub const INTERNAL: &str = "INTERNAL_SERVER_ERROR";

impl From<Error> for async_graphql::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthenticated => Self::new("Sign in first.")
                .extend_with(|_, extensions| extensions.set("code", UNAUTHENTICATED)),
            Error::Fault(fault) => {
                let said = Self::new(fault.message(Language::En));
                let said = said.extend_with(|_, extensions| tell(&fault, extensions));
                // The hall says it again, in the language of the caller.
                Self { source: Some(Arc::new(*fault)), ..said }
            }
            Error::Broken(fault) => Self::new(format!("{fault:#}"))
                .extend_with(|_, extensions| extensions.set("code", INTERNAL)),
        }
    }
}

/// What programs read of a fault that refused a question.
fn tell(fault: &Fault, extensions: &mut ErrorExtensionValues) {
    let is_forbidden = fault.code == Code::Forbidden;
    extensions.set("code", if is_forbidden { "FORBIDDEN" } else { "BAD_USER_INPUT" });
    extensions.set("errorCode", fault.code.name());
    if !fault.path.is_empty() {
        extensions.set("argument", fault.path.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_stands_in_a_message_by_its_name() {
        let said = |award: &str, language| {
            Fault::at(Code::NotTheAuthority, "input").with("award", award).message(language)
        };
        let (code, own) = ("PROVINCIAL_CERTIFICATE", "so-noi-vu:BEST");
        assert!(said(code, Language::Vi).starts_with("Bằng khen"), "{}", said(code, Language::Vi));
        assert!(!said(code, Language::En).contains(code), "{}", said(code, Language::En));
        assert!(said(own, Language::Vi).starts_with(own), "what the catalogue has not stays");
    }

    #[test]
    fn a_tenants_own_title_stands_in_a_message_by_its_name() {
        let of = |names| Fault::at(Code::NotTheAuthority, "input").about(names);
        let own = of(("Công dân danh dự (mẫu)", "Honorary citizen (sample)"));
        assert!(own.message(Language::Vi).starts_with("Công dân danh dự (mẫu)"));
        assert!(own.message(Language::En).starts_with("Honorary citizen (sample)"));
        let of_law = of(("PROVINCIAL_CERTIFICATE", "PROVINCIAL_CERTIFICATE"));
        assert!(of_law.message(Language::Vi).starts_with("Bằng khen"));
        assert!(!of_law.message(Language::En).contains("PROVINCIAL_CERTIFICATE"));
    }

    #[test]
    fn values_stand_within_words() {
        let fault = Fault::at(Code::RuleInvalid, "input.tree").with("detail", "no such title");
        let said = fault.with("value", "X").message(Language::Vi);
        assert_eq!(said, "Điều kiện không hợp lệ: không có danh hiệu, hình thức X.");
    }
}
