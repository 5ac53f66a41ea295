//! What a condition says, in words that a clerk understands.
//! Nothing is evaluated here.

use std::collections::HashMap;

use entity::clearance::Source;
use entity::initiative::Scope;
use entity::subject::Sex;
use entity::year_record::{ClusterScope, CompletionRating};

use super::finding::Finding;
use super::tree::{Held, Node, Rating, Share, Standard};
use crate::reference;
use crate::text::Language;

const ALL_MEMBERS: (&str, &str) =
    ("100% cá nhân hoàn thành nhiệm vụ trở lên", "Every member completed the tasks");
const ANY_MEMBER: (&str, &str) =
    ("Có cá nhân đạt Chiến sĩ thi đua cơ sở", "A member is a grassroots emulation fighter");
const NO_MEMBER: (&str, &str) = (
    "Không có cá nhân bị kỷ luật cảnh cáo trở lên",
    "No member disciplined with a warning or more",
);
const NOT_MANAGER: (&str, &str) = ("Không giữ chức vụ lãnh đạo, quản lý", "Manages nobody");
const WOMAN: (&str, &str) = ("Là nữ", "A woman");
const MAN: (&str, &str) = ("Là nam", "A man");
const NO_OPEN_CASE: (&str, &str) = (
    "Không trong thời gian xem xét kỷ luật, thanh tra, điều tra, xác minh",
    "No discipline going on, no case being considered, investigated or verified",
);
const NO_ADVERSE_OPINION: (&str, &str) = (
    "Không có ý kiến không đồng ý của cơ quan được hỏi",
    "No body that was asked stands against it",
);
const IN_EXISTENCE: (&str, &str) =
    ("Đơn vị chưa giải thể, sáp nhập", "The unit is not dissolved by reorganisation");
const NOT_YET_AWARDED: (&str, &str) = (
    "Thành tích này chưa được tặng danh hiệu, hình thức này hoặc tên gọi khác của nó",
    "The same achievement was not rewarded with the same, or with its other name, already",
);
const ONE_FORM: (&str, &str) = (
    "Chưa có hình thức khen thưởng khác cho cùng năm, cùng loại hình",
    "No other form was given by the same type for the same year",
);
const NOT_RATED: (&str, &str) =
    ("Không phải người được xếp loại hằng năm", "Not staff that is rated every year");
const UNRATED: (&str, &str) = (
    "Thuộc đối tượng không xếp loại hằng năm, không có xếp loại của năm đề nghị",
    "Not staff that is rated every year, and not rated in the year of the proposal",
);
const NOT_STAFF: (&str, &str) = (
    "Là công nhân, nông dân, người lao động khác, không phải người được xếp loại hằng năm",
    "A worker, farmer or other person, not staff that is rated every year",
);
const FORCES: (&str, &str) = (
    "Thuộc lực lượng vũ trang nhân dân (quân đội, công an)",
    "Belongs to the armed forces or the police",
);
const RESTS_BEFORE: (&str, &str) = (
    "Phụ thuộc hồ sơ của đơn vị trước khi sáp nhập, chia tách; cách tính theo Thông tư 15/2025/TT-BNV do người xét quyết định",
    "It depends on records of the units before a merger or split; how they count under Thông tư 15/2025/TT-BNV is for people to judge",
);
const PUBLIC_NOTICE: (&str, &str) = (
    "Danh sách đã được công khai trước khi đề nghị",
    "The names were made public before proposing",
);

/// A number of things in English.
fn counted(number: i32, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// Who is asked for an opinion.
const fn body(source: Source) -> (&'static str, &'static str) {
    match source {
        Source::Police => ("cơ quan công an", "the police"),
        Source::Tax => ("cơ quan thuế", "the tax office"),
        Source::SocialInsurance => ("cơ quan bảo hiểm xã hội", "the social insurance"),
        Source::Inspectorate => ("cơ quan thanh tra", "the inspectorate"),
        Source::Environment => {
            ("cơ quan nông nghiệp và môi trường", "the office of agriculture and environment")
        }
        Source::Health => ("cơ quan y tế", "the health office"),
        Source::HomeAffairs => ("cơ quan nội vụ", "the office of home affairs"),
        Source::PartyCommittee => ("cấp ủy", "the Party committee"),
        Source::Council => {
            ("Hội đồng thi đua - khen thưởng", "a council of emulation and commendation")
        }
        Source::ManagingBody => ("cơ quan quản lý", "the body that manages the subject"),
    }
}

/// Names of titles and forms by code, in Vietnamese and in English.
pub(crate) type Names = HashMap<String, (String, String)>;

/// The words of one language.
pub(super) struct Words<'n> {
    pub(super) names: &'n Names,
    pub(super) language: Language,
}

impl Words<'_> {
    fn pick<'t>(&self, vi: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    fn titles(&self, codes: &[String]) -> String {
        let name = |code: &String| {
            // A title that ended keeps the name that the law gave it.
            let known = self.names.get(code).map(|(vi, en)| self.pick(vi, en));
            let known = known.or_else(|| reference::award_name(code, self.language));
            known.unwrap_or(code).to_owned()
        };
        let names: Vec<_> = codes.iter().map(name).collect();
        names.join(self.pick(" hoặc ", " or "))
    }

    fn rating(&self, level: CompletionRating) -> &'static str {
        match (level, self.language) {
            (CompletionRating::NotCompleted, Language::Vi) => "không hoàn thành nhiệm vụ",
            (CompletionRating::NotCompleted, Language::En) => "not completed",
            (CompletionRating::Completed, Language::Vi) => "hoàn thành nhiệm vụ",
            (CompletionRating::Completed, Language::En) => "completed",
            (CompletionRating::Good, Language::Vi) => "hoàn thành tốt nhiệm vụ",
            (CompletionRating::Good, Language::En) => "completed well",
            (CompletionRating::Excellent, Language::Vi) => "hoàn thành xuất sắc nhiệm vụ",
            (CompletionRating::Excellent, Language::En) => "completed excellently",
        }
    }

    fn scope(&self, scope: Scope) -> &'static str {
        match (scope, self.language) {
            (Scope::Base, Language::Vi) => "cấp cơ sở",
            (Scope::Base, Language::En) => "the unit",
            (Scope::MinistryProvince, Language::Vi) => "bộ, ngành, cấp tỉnh",
            (Scope::MinistryProvince, Language::En) => "the ministry or province",
            (Scope::Nation, Language::Vi) => "toàn quốc",
            (Scope::Nation, Language::En) => "the nation",
        }
    }

    /// What a condition asks for.
    pub(super) fn of(&self, node: &Node) -> String {
        let vi = self.language == Language::Vi;
        match node {
            Node::All(_) => self.pick("Đủ các điều kiện sau", "All of these").to_owned(),
            Node::Any(_) => self.pick("Một trong các điều kiện sau", "One of these").to_owned(),
            Node::Not(_) => self.pick("Không thuộc trường hợp sau", "None of this").to_owned(),
            Node::Within(it) => self.within(it.years),
            Node::After(it) if vi => format!("Kể từ khi được tặng {}", self.titles(&it.titles)),
            Node::After(it) => format!("Since the award of {}", self.titles(&it.titles)),
            Node::Held(it) => self.held(it),
            Node::Rating(it) => self.of_work(it),
            Node::Initiative(it) => self.initiative(it),
            Node::Share(it) => self.share(it),
            Node::Rank(it) => self.rank(it.cluster, it.best),
            Node::AgeOfUnit(it) => self.age(it.years),
            Node::FlagEligible(true) => self
                .pick("Thuộc đối tượng tặng cờ thi đua", "Among those for whom the flag is meant")
                .to_owned(),
            Node::FlagEligible(false) => self
                .pick(
                    "Không thuộc đối tượng tặng cờ thi đua",
                    "Not among those for whom the flag is meant",
                )
                .to_owned(),
            Node::NotManager => self.fixed(NOT_MANAGER),
            Node::Sex(Sex::Female) => self.fixed(WOMAN),
            Node::Sex(Sex::Male) => self.fixed(MAN),
            Node::NotStaff(it) if it.unrated => self.fixed(UNRATED),
            Node::NotStaff(it) if it.may_lead => self.fixed(NOT_RATED),
            Node::NotStaff(_) => self.fixed(NOT_STAFF),
            Node::Forces(_) => self.fixed(FORCES),
            Node::PublicNotice => self.fixed(PUBLIC_NOTICE),
            Node::OneForm => self.fixed(ONE_FORM),
            Node::Opinion(it) => {
                let what = self.pick("Có ý kiến đồng ý của", "Opinion in favour of");
                format!("{what} {}", self.fixed(body(it.from)))
            }
            Node::Manual(it) => self.pick(&it.vi, &it.en).to_owned(),
            Node::AllMembers(_) => self.fixed(ALL_MEMBERS),
            Node::AnyMember(_) => self.fixed(ANY_MEMBER),
            Node::NoMember(_) => self.fixed(NO_MEMBER),
            Node::NoOpenCase => self.fixed(NO_OPEN_CASE),
            Node::NoAdverseOpinion => self.fixed(NO_ADVERSE_OPINION),
            Node::InExistence => self.fixed(IN_EXISTENCE),
            Node::NotYetAwarded => self.fixed(NOT_YET_AWARDED),
        }
    }

    fn within(&self, years: i32) -> String {
        match (self.language, years) {
            (Language::Vi, _) => format!("Trong {years} năm tính đến năm đề nghị"),
            (Language::En, 1) => "Within the year of the proposal".to_owned(),
            (Language::En, _) => format!("Within the {years} years up to the year of the proposal"),
        }
    }

    fn age(&self, years: i32) -> String {
        match self.language {
            Language::Vi => format!("Có quá trình xây dựng, phát triển từ {years} năm trở lên"),
            Language::En => format!("At least {} since it was founded", counted(years, "year")),
        }
    }

    fn held(&self, it: &Held) -> String {
        let titles = self.titles(&it.titles);
        match (self.language, it.consecutive) {
            (Language::Vi, true) => format!("Có {} lần liên tục được tặng {titles}", it.n),
            (Language::Vi, false) => format!("Có ít nhất {} lần được tặng {titles}", it.n),
            (Language::En, true) => format!("Held {titles} {} in a row", counted(it.n, "time")),
            (Language::En, false) => {
                format!("Held {titles} at least {}", counted(it.n, "time"))
            }
        }
    }

    fn share(&self, it: &Share) -> String {
        let least = self.pick("Có ít nhất", "At least");
        let of = self.pick(
            "% cá nhân đạt Lao động tiên tiến, Chiến sĩ tiên tiến",
            "% of the members advanced labourers or soldiers",
        );
        format!("{least} {}{of}", it.percent)
    }

    fn of_work(&self, it: &Rating) -> String {
        let level = self.rating(it.level);
        let or = if it.or_titles.is_empty() {
            String::new()
        } else {
            format!("{}{}", self.pick(" hoặc ", " or "), self.titles(&it.or_titles))
        };
        match (self.language, it.continuous) {
            (Language::Vi, true) => {
                format!("{} năm liên tục được xếp loại {level} trở lên{or}", it.years)
            }
            (Language::Vi, false) => format!("{} năm được xếp loại {level} trở lên{or}", it.years),
            (Language::En, true) => {
                let years = counted(it.years, "year");
                format!("{years} without a gap rated {level} or better{or}")
            }
            (Language::En, false) => {
                format!("{} rated {level} or better{or}", counted(it.years, "year"))
            }
        }
    }

    fn initiative(&self, it: &Standard) -> String {
        let (n, scope) = (it.n, self.scope(it.scope));
        match self.language {
            Language::Vi => {
                format!("Có {n} sáng kiến, đề tài có phạm vi ảnh hưởng {scope}, chưa sử dụng")
            }
            Language::En => {
                format!("{} with effect in {scope}, not used before", counted(n, "initiative"))
            }
        }
    }

    fn rank(&self, cluster: ClusterScope, best: Option<i32>) -> String {
        let of = match cluster {
            ClusterScope::MinistryProvince => {
                self.pick("cụm, khối thi đua của bộ, tỉnh", "a cluster of the ministry or province")
            }
            ClusterScope::CentralCouncil => self.pick(
                "cụm, khối thi đua do Hội đồng Thi đua - Khen thưởng Trung ương tổ chức",
                "a cluster of the Central council",
            ),
        };
        match (best, self.language) {
            (None, Language::Vi) => format!("Được xếp hạng trong {of}"),
            (None, Language::En) => format!("Ranked in {of}"),
            (Some(1), Language::Vi) => format!("Dẫn đầu {of}"),
            (Some(1), Language::En) => format!("First in {of}"),
            (Some(last), Language::Vi) => format!("Xếp hạng từ {last} trở lên trong {of}"),
            (Some(last), Language::En) => format!("Ranked {last} or better in {of}"),
        }
    }

    fn fixed(&self, (vi, en): (&str, &str)) -> String {
        self.pick(vi, en).to_owned()
    }

    /// What a condition asks for and, where something was counted, what was found.
    pub(super) fn finding(&self, finding: &Finding<'_>) -> String {
        let asked = self.of(finding.node);
        let note = finding.note.as_ref().map(|note| note.words(self.language));
        let told = match (finding.found, note) {
            (Some(found), None) => format!("{asked} ({}: {found})", self.pick("đạt được", "found")),
            (Some(found), Some(note)) => {
                format!("{asked} ({}: {found}; {note})", self.pick("đạt được", "found"))
            }
            (None, Some(note)) => format!("{asked} ({note})"),
            (None, None) => asked,
        };
        if finding.rests_before { format!("{told}. {}", self.fixed(RESTS_BEFORE)) } else { told }
    }
}
