//! What is said beside a condition, such as from where a figure is known: published results and own records count before what a unit wrote down.
//! Nothing is evaluated here.

use crate::text::Language;

/// How many of how many.
pub(crate) type Of = (i64, i64);

/// From where a figure is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// A place in a published comparison.
    Published {
        cluster: String,
        year: i32,
        place: Option<i32>,
        of: i32,
        /// What the unit wrote down, where that differs.
        recorded: Option<i32>,
    },
    /// A rank that the unit wrote down.
    Ranked(i32),
    /// The members' own records.
    Own {
        counted: Of,
        known: Of,
        /// What the unit wrote down, where that differs.
        recorded: Option<Of>,
    },
    /// Figures that the unit wrote down, beside how many members have records of their own.
    Recorded { counted: Of, known: Of },
    /// Neither is enough.
    Open { known: Of },
    /// The day of an achievement is not said or not recorded, so nobody can tell it from another.
    NoDay,
    /// So many were given for sudden achievements or in movements, which are no basis for merit.
    NoBasis(usize),
    /// So many have served already.
    Served(usize),
    /// The last year of the longest run, which is over.
    RunEnded(i32),
    /// One of the same rank was given by another authority, and nobody can tell whether for what is counted here.
    Alike,
    /// The class of the award is not recorded.
    NoClass,
    /// The article that names the title or form that was given beside the one that is asked about.
    Beside(&'static str),
}

impl Note {
    /// The note in a language.
    pub(super) fn words(&self, language: Language) -> String {
        match language {
            Language::Vi => self.vi(),
            Language::En => self.en(),
        }
    }

    fn vi(&self) -> String {
        match self {
            Self::Published { cluster, year, place, of, recorded } => {
                let place = place.map_or_else(
                    || format!("không được xếp hạng trong {of} thành viên"),
                    |place| format!("hạng {place}/{of}"),
                );
                let other = recorded.map(|it| format!("; đơn vị ghi hạng {it}, không tính"));
                let other = other.unwrap_or_default();
                format!("theo kết quả đã công bố của {cluster}, năm {year}: {place}{other}")
            }
            Self::Ranked(rank) => format!("theo đơn vị ghi: hạng {rank}"),
            Self::Own { counted: (part, whole), known, recorded } => {
                let other = recorded.map(|(n, of)| format!("; đơn vị ghi {n}/{of}, không tính"));
                let other = other.unwrap_or_default();
                let gap = gap(*known, |(n, of)| format!("; có hồ sơ {n}/{of} người"));
                format!("theo hồ sơ của từng cá nhân: {part}/{whole}{gap}{other}")
            }
            Self::Recorded { counted: (part, whole), known: (n, of) } => {
                format!("theo đơn vị ghi: {part}/{whole}; có hồ sơ {n}/{of} người")
            }
            Self::Open { known: (n, of) } => format!("có hồ sơ {n}/{of} người"),
            Self::NoDay => {
                "thiếu ngày lập thành tích để phân biệt với thành tích khác trong năm".to_owned()
            }
            Self::NoBasis(n) => {
                format!(
                    "{n} lần được khen thưởng đột xuất, chuyên đề không làm cơ sở xét công trạng"
                )
            }
            Self::Served(n) => format!("{n} sáng kiến đã dùng để xét danh hiệu, hình thức khác"),
            Self::RunEnded(year) => format!("chuỗi liên tục kết thúc năm {year}"),
            Self::Alike => {
                "đã được cơ quan khác tặng danh hiệu, hình thức ngang cấp: cần xác định có cùng \
                 thành tích hay không"
                    .to_owned()
            }
            Self::NoClass => {
                "khen thưởng đã ghi nhận không rõ hạng: cần xác định có đúng hạng này hay không"
                    .to_owned()
            }
            Self::Beside(citation) => format!("quy định ngang nhau tại {citation}"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Published { cluster, year, place, of, recorded } => {
                let place = place.map_or_else(
                    || format!("no place among {of}"),
                    |place| format!("place {place} of {of}"),
                );
                let other =
                    recorded.map(|it| format!("; the unit recorded {it}, which does not count"));
                let other = other.unwrap_or_default();
                format!("by the published result of {cluster} for {year}: {place}{other}")
            }
            Self::Ranked(rank) => format!("as recorded by the unit: {rank}"),
            Self::Own { counted: (part, whole), known, recorded } => {
                let other = recorded.map(|(n, of)| {
                    format!("; the unit recorded {n} of {of}, which does not count")
                });
                let other = other.unwrap_or_default();
                let gap = gap(*known, |(n, of)| format!("; {n} of {of} members recorded"));
                format!("by the members' own records: {part} of {whole}{gap}{other}")
            }
            Self::Recorded { counted: (part, whole), known: (n, of) } => {
                format!("as recorded by the unit: {part} of {whole}; {n} of {of} members recorded")
            }
            Self::Open { known: (n, of) } => format!("{n} of {of} members recorded"),
            Self::NoDay => {
                "without the day of the achievement it cannot be told from another of the year"
                    .to_owned()
            }
            Self::NoBasis(n) => {
                format!("{n} for sudden achievements or in movements, no basis for merit")
            }
            Self::Served(n) => format!("{n} served for another title or form already"),
            Self::RunEnded(year) => format!("the run ended in {year}"),
            Self::Alike => {
                "another authority gave one of the same rank: whether for the same achievement, a \
                 person has to say"
                    .to_owned()
            }
            Self::NoClass => {
                "the class of the award is not recorded: whether it is this one, a person has to \
                 say"
                .to_owned()
            }
            Self::Beside(citation) => format!("named side by side in {citation}"),
        }
    }
}

/// Said only where some have no record.
fn gap((n, of): Of, words: impl FnOnce(Of) -> String) -> String {
    if n < of { words((n, of)) } else { String::new() }
}
