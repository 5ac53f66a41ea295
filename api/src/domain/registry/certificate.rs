//! The certificate of an award as a page to be printed: what is public of it, with its code as a picture.
//! No row is read here.

use chrono::{Datelike, NaiveDate};
use entity::award::{self, State};
use entity::award_type::{self, Family};
use qrcode::QrCode;
use qrcode::render::svg;

use crate::error::{Error, Result};
use crate::reference;

const PAGE: &str = include_str!("../../../data/text/certificate.html");

/// The page of an award that stands, names its subject and has a code; none of any other.
pub(super) fn page(
    row: &award::Model,
    award_type: &award_type::Model,
    post: Option<&str>,
) -> Result<Option<String>> {
    let Some(code) = row.public_code.as_deref() else { return Ok(None) };
    if row.state != State::Valid || row.subject_name_as_recorded.is_empty() {
        return Ok(None);
    }
    let gives =
        if award_type.family == Family::EmulationTitle { "Tặng danh hiệu" } else { "Tặng" };
    let years = match (row.counting_from_year, row.counting_to_year) {
        (from, to) if from == to => format!("Năm {from}"),
        (from, to) => format!("Giai đoạn {from} - {to}"),
    };
    let decision = row.decision_label.as_deref().map(|label| format!("Quyết định số {label}"));
    let values = [
        ("issuer", escaped(&row.issuer_name)),
        ("gives", gives.to_owned()),
        ("award", escaped(title(&row.name_as_recorded, award_type))),
        ("subject", escaped(&row.subject_name_as_recorded)),
        ("period", years),
        ("decision", escaped(&decision.unwrap_or_default())),
        ("day", row.decided_on.map(day).unwrap_or_default()),
        ("post", escaped(post.unwrap_or_default())),
        ("code", escaped(code)),
        ("qr", picture(code)?),
    ];
    Ok(Some(fill(PAGE, &values)))
}

/// The official name of the title or form in its wording of that day, whatever letters a clerk wrote for it. What the
/// catalogue names by its kind alone keeps the name of the record, which says more.
fn title<'t>(recorded: &'t str, award_type: &'t award_type::Model) -> &'t str {
    let mark = reference::award_mark(&award_type.code);
    let is_for_numbers = mark.is_some_and(|mark| mark.is_reporting_only);
    let is_of_kind = award_type.family == Family::CommemorativeMedal
        && recorded.split_whitespace().nth(1).is_some();
    if is_for_numbers || is_of_kind { recorded } else { &award_type.name }
}

fn day(day: NaiveDate) -> String {
    format!("Ngày {} tháng {} năm {}", day.day(), day.month(), day.year())
}

/// A text as it stands in a page.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// The code as a QR picture.
fn picture(code: &str) -> Result<String> {
    let made = QrCode::new(code).map_err(|fault| Error::broken(&fault.to_string()))?;
    let picture = made.render::<svg::Color<'_>>().build();
    Ok(picture.find("<svg").and_then(|at| picture.get(at..)).unwrap_or_default().to_owned())
}

/// A template with its values, in one pass: what looks like a place in a value is none.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut page = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let (name, behind) = after.split_once("}}").unwrap_or((after, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        page.push_str(value.map_or("", |(_, value)| value.as_str()));
        rest = behind;
    }
    page.push_str(rest);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_text_and_nothing_else() {
        let values = [("name", escaped("<b>{{code}}</b> & \"x\"")), ("code", "1".to_owned())];
        assert_eq!(
            fill("a {{name}} b {{code}} c", &values),
            "a &lt;b&gt;{{code}}&lt;/b&gt; &amp; &quot;x&quot; b 1 c"
        );
    }

    #[test]
    fn a_title_stands_by_its_official_name() {
        let all = reference::award_types().unwrap();
        let printed = |recorded: &'static str, code: &str| {
            let row = all.iter().filter(|row| row.code == code).max_by_key(|row| row.valid_from);
            title(recorded, row.unwrap()).to_owned()
        };
        for (recorded, code, official) in [
            ("HCLĐ3", "ORDER_LABOUR_3", "Huân chương Lao động hạng Ba"),
            ("TTLĐXS", "EXCELLENT_LABOUR_COLLECTIVE", "Tập thể lao động xuất sắc"),
            ("BK tỉnh", "PROVINCIAL_CERTIFICATE", "Bằng khen của tỉnh"),
            ("KNC", "COMMEMORATIVE_MEDAL", "Kỷ niệm chương"),
        ] {
            assert_eq!(printed(recorded, code), official);
        }
        for (recorded, code) in [
            ("Kỷ niệm chương Vì sự nghiệp Văn hóa", "COMMEMORATIVE_MEDAL"),
            ("KNC Vì sự nghiệp Văn hóa", "COMMEMORATIVE_MEDAL"),
            ("Huân chương Lao động", "ORDER_LABOUR_UNSPECIFIED"),
        ] {
            assert_eq!(printed(recorded, code), recorded);
        }
    }

    #[test]
    fn every_place_of_the_page_has_a_value() {
        let named: Vec<&str> = PAGE
            .split("{{")
            .skip(1)
            .filter_map(|part| part.split_once("}}"))
            .map(|it| it.0)
            .collect();
        for name in [
            "issuer", "gives", "award", "subject", "period", "decision", "day", "post", "code",
            "qr",
        ] {
            assert!(named.contains(&name), "{name}");
        }
        assert_eq!(named.len(), 12, "award and subject twice");
    }

    #[test]
    fn the_picture_is_that_of_the_code() {
        let one = picture("ABCD1234EF").unwrap();
        assert!(one.starts_with("<svg") && one.ends_with("</svg>"));
        assert_eq!(one, picture("ABCD1234EF").unwrap());
        assert_ne!(one, picture("ABCD1234EG").unwrap());
    }
}
