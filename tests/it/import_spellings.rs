//! The spellings of titles and forms in older records: abbreviations, classes by digit, numeral or word, old and new ways
//! to set an accent; and forms whose title the issuer tells.

use entity::role_grant::Role;
use harness::cases;
use harness::stage::{Case, Stage};
use harness::world::World;
use serde_json::{Value, json};

use crate::import_names::{import, look, row, warned};
use crate::operation;

/// A code, and names of the title with `|` between them.
type Spellings = (&'static str, &'static str);

pub(crate) fn cases() -> Vec<Case> {
    cases![
        emulation_titles_have_many_spellings,
        orders_and_medals_have_many_spellings,
        certificates_and_letters_have_many_spellings,
        accents_and_signs_may_be_set_in_many_ways,
        what_means_two_titles_or_none_stays_unknown,
        the_kind_of_the_issuer_tells_the_title_of_a_form,
        the_name_of_the_issuer_tells_the_title_of_a_form,
        an_unknown_issuer_is_warned_of_once,
        a_code_is_kept_as_the_official_name_of_that_day,
        letters_of_a_clerk_are_printed_on_no_certificate,
        a_place_that_the_own_province_cannot_have_is_not_its_own,
    ]
}

const TITLES: &[Spellings] = &[
    (
        "PROVINCIAL_EMULATION_FIGHTER",
        "Chiến sỹ thi đua cấp tỉnh | CSTĐ cấp tỉnh | CSTĐ tỉnh | CSTĐ cấp tỉnh Lai Châu | \
         CSTĐ UBND tỉnh | CSTĐ cấp tỉnh năm 2018 | CSTĐ cấp tỉnh (2016-2018) | CSTĐT",
    ),
    (
        "NATIONAL_EMULATION_FIGHTER",
        "CHIẾN SĨ THI ĐUA TOÀN QUỐC | Chien si thi dua toan quoc | CSTĐTQ | CSTĐ TQ | \
         chiến sĩ thi đua TQ",
    ),
    (
        "MINISTERIAL_EMULATION_FIGHTER",
        "CSTĐ cấp bộ, ngành, đoàn thể TW | CSTĐ cấp bộ, ban, ngành | \
         Chiến sĩ thi đua bộ, ngành | CSTĐ toàn quân | CSTĐ BQP | CSTĐ cấp Bộ | CSTĐ cấp Bộ Công an | CSTĐ cấp ngành",
    ),
    (
        "BASE_EMULATION_FIGHTER",
        "Chiến sĩ TĐ cơ sở | CS TĐ CS | CSTĐ cấp CS | CSTĐCS | CS thi đua cơ sở | \
         C.S.T.Đ.C.S | Chiến sĩ TĐCS | Danh hiệu thi đua CSTĐ cơ sở | Chiến sĩ thi đua cơ sở (CSTĐ CS)",
    ),
    (
        "ADVANCED_LABOURER",
        "LĐTT | L.Đ.T.T | LĐTT năm 2018 | Cá nhân LĐTT | LĐ tiên tiến | Lao động TT | Lao động Tiên tiến (LĐTT)",
    ),
    ("ADVANCED_SOLDIER", "CSTT | Chiến sỹ TT | Chiến sỹ tiên tiến"),
    (
        "GOVERNMENT_EMULATION_FLAG",
        "Cờ TĐ của Chính phủ | Cờ TĐ của CP | CTĐ Chính phủ | Cờ Chính phủ | Cờ CP | \
         Cờ thi đua TTg | Cờ của Thủ tướng Chính phủ | Cờ thi đua của Thủ tướng CP",
    ),
    (
        "MINISTERIAL_EMULATION_FLAG",
        "Cờ thi đua cấp Bộ | Cờ TĐ Bộ | Cờ thi đua cấp bộ, ban, ngành | Cờ thi đua Bộ, ngành | \
         Cờ Bộ Công an | Cờ thi đua của Bộ, ban, ngành, đoàn thể trung ương",
    ),
    (
        "PROVINCIAL_EMULATION_FLAG",
        "Cờ UBND tỉnh | Cờ thi đua UBND tỉnh | Cờ TĐ UBND tỉnh Lai Châu | Cờ thi đua tỉnh | \
         Cờ thi đua của Chủ tịch UBND tỉnh | Cờ thi đua của UBND TP. Đà Nẵng | \
         Cờ thi đua thành phố Hà Nội | Cờ thi đua xuất sắc của UBND tỉnh",
    ),
    (
        "EXCELLENT_LABOUR_COLLECTIVE",
        "TTLĐXS | Tập thể LĐXS | TT LĐXS | TT lao động xuất sắc | TTLĐXS cấp tỉnh | \
         TTLĐ xuất sắc",
    ),
    ("ADVANCED_LABOUR_COLLECTIVE", "TTLĐTT | TT LĐTT | TTLĐ tiên tiến | Tập thể LĐ tiên tiến"),
    ("DETERMINED_TO_WIN_UNIT", "ĐVQT | Đơn vị Quyết Thắng | ĐV quyết thắng"),
    ("ADVANCED_UNIT", "ĐVTT | ĐV tiên tiến"),
    (
        "EXEMPLARY_COMMUNE",
        "Xã tiêu biểu | Phường tiêu biểu | Xã, phường tiêu biểu | \
         Xã, phường, thị trấn tiêu biểu",
    ),
    (
        "CULTURED_VILLAGE",
        "Tổ dân phố văn hóa | Tổ dân phố VH | TDP văn hoá | Thôn văn hóa | Thôn, bản văn hóa | \
         Khu dân cư văn hóa | Khóm văn hóa | Bản văn hoá | Làng văn hóa | Thôn, tổ dân phố văn hoá",
    ),
    ("CULTURED_FAMILY", "Gia đình VH | GĐVH | GĐ văn hóa | Gia đình văn hoá"),
    ("MILITARY_REGION_FLAG", "Cờ thi đua Quân khu 2 | Cờ thi đua quân khu"),
    ("NATIONAL_UNIVERSITY_FLAG", "Cờ thi đua của ĐHQG Hà Nội"),
];

const ORDERS: &[Spellings] = &[
    ("ORDER_GOLD_STAR", "HCSV | HC Sao vàng"),
    ("ORDER_HO_CHI_MINH", "Huân chương HCM | HC Hồ Chí Minh | HCHCM"),
    ("ORDER_INDEPENDENCE_2", "HCĐL hạng Nhì | HCĐL 2 | HCĐL2 | Huân chương Độc lập hạng II"),
    ("ORDER_INDEPENDENCE_1", "HC Độc lập Nhất"),
    ("ORDER_MILITARY_EXPLOIT_1", "HCQC hạng I | Huân chương Quân công 1"),
    (
        "ORDER_LABOUR_3",
        "HCLĐ hạng 3 | HCLĐ 3 | HCLĐ III | HCLĐ Ba | HCLĐ hạng III | HCLĐ hạng Ba | HCLĐ3 | \
         Huân chương Lao động Ba | Huân chương Lao động (hạng ba) | \
         Huân chương Lao động (III) | Huân chương LĐ hạng ba | HUÂN CHƯƠNG LAO ĐỘNG HẠNG BA | \
         Huan chuong Lao dong hang Ba | Huân chương Lao động hạng \u{2162} | \
         Huân\u{a0}chương Lao\u{200b} động hạng\u{a0}Ba. | \"Huân chương Lao động, hạng Ba\" | \
         Huân chương Lao động (HCLĐ) hạng Ba | HCLĐIII | HCLĐ H3 | H.C.L.Đ hạng Ba | \
         Huân chương Lao động hạng Ba của Chủ tịch nước",
    ),
    ("ORDER_LABOUR_1", "HCLĐ hạng Nhất"),
    ("ORDER_LABOUR_2", "HCLĐ hạng hai"),
    ("ORDER_LABOUR_UNSPECIFIED", "Huân chương Lao động | Huân chương Lao động (không rõ hạng)"),
    ("ORDER_FATHERLAND_DEFENCE_3", "HC BVTQ hạng Ba | Huân chương Bảo vệ TQ hạng Ba"),
    ("ORDER_FATHERLAND_DEFENCE_1", "HCBVTQ 1"),
    ("ORDER_FEAT_OF_ARMS_2", "Huân chương Chiến công hạng 2 | HCCC hạng Nhì"),
    ("ORDER_GREAT_UNITY", "Huân chương ĐĐK dân tộc | Huân chương Đại đoàn kết"),
    ("ORDER_BRAVERY", "HC Dũng cảm"),
    ("ORDER_FRIENDSHIP", "Huân chương Hữu nghị"),
    ("MEDAL_FRIENDSHIP", "Huy chương Hữu nghị"),
    ("MEDAL_VICTORY_BANNER", "Huy chương Quân kì quyết thắng | HC Quân kỳ quyết thắng"),
    ("MEDAL_NATIONAL_SECURITY", "Huy chương Vì ANTQ | Huy chương Vì an ninh TQ"),
    ("MEDAL_GLORIOUS_FIGHTER_2", "Huy chương Chiến sỹ vẻ vang hạng 2"),
    ("MEDAL_GLORIOUS_FIGHTER_1", "Huy chương CSVV hạng Nhất"),
    ("MEDAL_YOUTH_VOLUNTEER", "Huy chương TNXP vẻ vang"),
    ("HEROIC_MOTHER", "Bà mẹ VNAH | Bà mẹ VN anh hùng | Mẹ Việt Nam Anh hùng"),
    ("HERO_ARMED_FORCES", "Anh hùng LLVTND | Anh hùng LLVT nhân dân | AHLLVTND"),
    ("HERO_LABOUR", "AHLĐ | Anh hùng LĐ | AH Lao động | Anh hùng Lao động thời kỳ đổi mới"),
    ("MERITORIOUS_TEACHER", "NGƯT | Nhà giáo ƯT"),
    ("PEOPLES_TEACHER", "Nhà giáo ND"),
    ("MERITORIOUS_PHYSICIAN", "Thầy thuốc ưu tú | TT ưu tú"),
    ("MERITORIOUS_ARTIST", "Nghệ sỹ ưu tú"),
    ("PEOPLES_ARTIST", "NSND"),
    ("MERITORIOUS_ARTISAN", "Nghệ nhân ưu tú"),
    ("HO_CHI_MINH_PRIZE", "Giải thưởng HCM"),
    ("STATE_PRIZE", "Giải thưởng Nhà nước"),
    (
        "COMMEMORATIVE_MEDAL",
        "KNC | Kĩ niệm chương | Kỉ niệm chương | KNC Vì sự nghiệp Giáo dục | \
         Kỷ niệm chương của Bộ Nội vụ",
    ),
];

const PAPERS: &[Spellings] = &[
    (
        "PM_CERTIFICATE",
        "Bằng khen Thủ tướng CP | Bằng khen của TTg | Bằng khen TTg CP | BK TTCP | BKTTCP | \
         BK Thủ tướng | Bằng khen CP | Tặng Bằng khen của Thủ tướng Chính phủ",
    ),
    (
        "PROVINCIAL_CERTIFICATE",
        "Bằng khen cấp tỉnh | Bằng khen cấp tỉnh Lai Châu | BK tỉnh | \
         Bằng khen Chủ tịch tỉnh | Bằng khen của UB nhân dân tỉnh | \
         Bằng khen của Uỷ ban nhân dân tỉnh | Bằng khen UBND TP.HCM | Bằng khen UBND TP. HCM | \
         Bằng khen của UBND tỉnh, thành phố",
    ),
    (
        "MINISTERIAL_CERTIFICATE",
        "Bằng khen cấp Bộ | Bằng khen cấp Bộ Y tế | Bằng khen Bộ, ban, ngành | \
         Bằng khen ban, ngành | Bằng khen cấp bộ, ngành | Bằng khen Bộ trưởng | \
         Bằng khen của Thanh tra Chính phủ | Bằng khen Bộ | BK BCA | BK Bộ GD&ĐT | \
         BK VKSNDTC | BK TTXVN | BK BHXH Việt Nam | BK UBTW MTTQ Việt Nam",
    ),
    ("MILITARY_REGION_CERTIFICATE", "Bằng khen Quân khu 2"),
    ("NATIONAL_UNIVERSITY_CERTIFICATE", "Bằng khen ĐHQG Hà Nội"),
    (
        "LETTER_DEPARTMENT",
        "GK Giám đốc Sở | GK GĐ Sở Y tế | \
         Giấy khen của Thủ trưởng cơ quan chuyên môn thuộc UBND tỉnh",
    ),
    (
        "LETTER_DISTRICT",
        "Giấy khen cấp huyện | GK UBND huyện | GK huyện Tam Đường | \
         Giấy khen của Chủ tịch UBND thành phố Lai Châu",
    ),
    (
        "LETTER_COMMUNE",
        "Giấy khen cấp xã | Giấy khen Chủ tịch UBND cấp xã | Giấy khen UBND phường 3",
    ),
    ("LETTER_ENTERPRISE", "GK của Giám đốc Công ty TNHH Mẫu | Giấy khen của Chủ tịch HĐQT Công ty"),
    ("LETTER_UNIT_HEAD", "Giấy khen của Thủ trưởng đơn vị"),
];

/// What each name was read as, without writing anything.
fn read(stage: &Stage, names: &[String]) -> Vec<Value> {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let titled = |name: &String| row(&world, &json!({ "awardType": name }));
    import(&officer, &names.iter().map(titled).collect::<Vec<_>>(), true)
}

/// Every name of a table means the title of its code.
fn assert_known(stage: &Stage, table: &[Spellings]) {
    let of_code = |(code, names): &Spellings| {
        let code = *code;
        names.split('|').map(move |name| (code, name.trim().to_owned()))
    };
    let (codes, names): (Vec<&str>, Vec<String>) = table.iter().flat_map(of_code).unzip();
    let found = read(stage, &names);
    assert_eq!(found.len(), names.len());
    for ((code, name), found) in codes.iter().zip(&names).zip(&found) {
        assert_eq!(found["awardTypeCode"], *code, "{name}: {found}");
    }
}

fn emulation_titles_have_many_spellings(stage: &Stage) {
    assert_known(stage, TITLES);
}

fn orders_and_medals_have_many_spellings(stage: &Stage) {
    assert_known(stage, ORDERS);
}

fn certificates_and_letters_have_many_spellings(stage: &Stage) {
    assert_known(stage, PAPERS);
}

fn accents_and_signs_may_be_set_in_many_ways(stage: &Stage) {
    let names = [
        "Kỷ niệm chương Vì sự nghiệp Văn hóa",
        "Kỉ niệm chương Vì sự nghiệp Văn hoá",
        "KỶ NIỆM CHƯƠNG VÌ SỰ NGHIỆP VĂN HÓA",
        "Ky niem chuong Vi su nghiep Van hoa",
        "“Kỷ niệm chương” Vì sự nghiệp Văn hóa.",
        "Kỷ\u{a0}niệm\u{a0}chương Vì\tsự nghiệp  Văn hóa",
        "Ky\u{309} nie\u{323}\u{302}m chương Vì sự nghiệp Văn hóa",
    ];
    let found = read(stage, &names.map(str::to_owned));
    for (name, found) in names.iter().zip(&found) {
        assert_eq!(found["awardTypeCode"], "COMMEMORATIVE_MEDAL", "{name}: {found}");
    }
}

fn what_means_two_titles_or_none_stays_unknown(stage: &Stage) {
    let names = [
        "HCĐL",
        "Huân chương Lao động hạng 4",
        "HC Hữu nghị",
        "Kỷ niệm chương Vì sự nghiệp",
        "Giấy khen",
        "Bằng khen",
        "Cờ",
        "Cờ thi đua",
        "Chiến sĩ thi đua",
        "Bằng khen của UBND thành phố Lai Châu",
        "Bằng khen của Bộ Tư lệnh Quân khu 2",
        "Bằng khen Bộ Chỉ huy Quân sự tỉnh",
        "Bằng khen của Bộ Tổng Tham mưu",
        "Cờ thi đua của Bộ Chính trị",
        "CSTĐ ngành giáo dục tỉnh Lai Châu",
        "CSTĐ ngành cấp tỉnh",
        "Bằng khen của UBND tỉnh Hủa Phăn",
        "Cờ thi đua của UBND tỉnh đoàn",
        "Bằng khen của Thủ tướng Chính phủ (2 lần)",
        "LĐTT năm 2017, 2018",
        "Giấy khen Huyện đoàn",
        "Chiến sĩ thi đua tỉnh đoàn",
        "Giấy khen của Chủ tịch UBND thành phố",
        "Chiến sĩ thi đua cấp tỉnh, BK TTg",
        "Công dân Thủ đô ưu tú",
        "Huân chương Độc lập",
        "Tập thể tiên tiến",
        "Bằng khen của Chủ tịch Tỉnh hội",
        "Giấy khen của Giám đốc",
        "Bằng khen của Hội Liên hiệp Phụ nữ tỉnh",
        "Lao động tiên tiến (BKTTg)",
        "Huân chương Lao động (hạng 4)",
        "Cờ đơn vị xuất sắc",
        "Cờ truyền thống",
    ];
    let found = read(stage, &names.map(str::to_owned));
    assert_eq!(found.len(), names.len());
    for (name, found) in names.iter().zip(&found) {
        assert_eq!(found["errors"][0]["code"], "AWARD_UNKNOWN", "{name}: {found}");
        assert_eq!(found["awardTypeCode"], Value::Null, "{name}");
    }
}

fn the_kind_of_the_issuer_tells_the_title_of_a_form(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (title, of_province, of_ministry) in [
        ("Bằng khen", "PROVINCIAL_CERTIFICATE", "MINISTERIAL_CERTIFICATE"),
        ("Cờ thi đua", "PROVINCIAL_EMULATION_FLAG", "MINISTERIAL_EMULATION_FLAG"),
        ("CSTĐ", "PROVINCIAL_EMULATION_FIGHTER", "MINISTERIAL_EMULATION_FIGHTER"),
    ] {
        let province = json!({ "awardType": title, "issuerTenantCode": "02" });
        let found = look(&officer, &row(&world, &province));
        assert_eq!(found["awardTypeCode"], of_province, "{title}: {found}");
        assert_eq!(found["issuerTenant"]["slug"], "ha_giang");
        let ministry = json!({
            "awardType": title, "issuerTenantCode": "BTC", "countingFrom": 2025,
            "decidedOn": "2025-12-20",
        });
        let found = look(&officer, &row(&world, &ministry));
        assert_eq!(found["awardTypeCode"], of_ministry, "{title}: {found}");
        assert_eq!(found["issuerTenant"]["slug"], "bo_tai_chinh");
        assert_eq!(warned(&found, "TENANT_UNKNOWN"), [""; 0], "{found}");
    }
}

fn the_name_of_the_issuer_tells_the_title_of_a_form(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (title, field, issuer, code) in [
        ("Bằng khen", "issuerTenantName", "Hà Giang", "PROVINCIAL_CERTIFICATE"),
        ("Bằng khen", "issuerName", "Lai Châu", "PROVINCIAL_CERTIFICATE"),
        ("Bằng khen", "issuerName", "Thủ tướng CP", "PM_CERTIFICATE"),
        ("Cờ", "issuerName", "Chính phủ", "GOVERNMENT_EMULATION_FLAG"),
        ("Chiến sĩ thi đua", "issuerName", "TTg", "NATIONAL_EMULATION_FIGHTER"),
        ("Giấy khen", "issuerName", "UBND xã Bản Bo", "LETTER_COMMUNE"),
    ] {
        let mut more = json!({ "awardType": title });
        more[field] = json!(issuer);
        let found = look(&officer, &row(&world, &more));
        assert_eq!(found["awardTypeCode"], code, "{title} {issuer}: {found}");
    }
    for more in [
        json!({ "awardType": "Bằng khen" }),
        json!({ "awardType": "Bằng khen", "issuerTenantCode": "02", "issuerName": "Bộ Tài chính" }),
        json!({ "awardType": "Giấy khen", "issuerTenantCode": "02" }),
        json!({ "awardType": "CSTĐ", "issuerName": "Sở Nội vụ" }),
    ] {
        let found = look(&officer, &row(&world, &more));
        assert_eq!(found["errors"][0]["code"], "AWARD_UNKNOWN", "{more}: {found}");
    }
}

fn an_unknown_issuer_is_warned_of_once(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    // The register of tenants has ministries from 2024 on.
    let ministry = "Bộ Tài chính";
    for more in [
        json!({ "awardType": "Bằng khen", "issuerName": ministry }),
        json!({ "awardType": "Bằng khen", "issuerTenantName": ministry }),
        json!({ "awardType": format!("Bằng khen của {ministry}"), "issuerName": ministry }),
        json!({ "awardType": format!("BK Bộ trưởng {ministry}"), "issuerTenantName": ministry }),
        json!({ "awardType": "BK_BO", "issuerName": ministry, "issuerTenantName": ministry }),
    ] {
        let found = look(&officer, &row(&world, &more));
        assert_eq!(found["awardTypeCode"], "MINISTERIAL_CERTIFICATE", "{more}: {found}");
        let said = warned(&found, "TENANT_UNKNOWN");
        assert!(said.len() == 1 && said[0].contains(ministry), "{more}: {said:?}");
    }
}

fn a_code_is_kept_as_the_official_name_of_that_day(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    let now = json!({ "countingFrom": 2025, "decidedOn": "2025-12-20" });
    for (title, more, kept) in [
        ("PROVINCIAL_CERTIFICATE", &json!({}), "Bằng khen của tỉnh"),
        ("BK_TINH", &json!({}), "BK_TINH"),
        ("CSTDCS", &json!({}), "CSTDCS"),
        ("BK tỉnh", &json!({}), "BK tỉnh"),
        (
            "MINISTERIAL_EMULATION_FIGHTER",
            &json!({}),
            "Chiến sĩ thi đua cấp bộ, ngành, đoàn thể trung ương",
        ),
        ("MINISTERIAL_EMULATION_FIGHTER", &now, "Chiến sĩ thi đua Bộ, ban, ngành"),
    ] {
        let mut row = row(&world, more);
        row["awardType"] = json!(title);
        let done = import(&officer, &[row], false).remove(0);
        assert_eq!(done["award"]["nameAsRecorded"], kept, "{title}: {done}");
    }
}

fn letters_of_a_clerk_are_printed_on_no_certificate(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (title, official) in
        [("HCLĐ3", "Huân chương Lao động hạng Ba"), ("BK tỉnh", "Bằng khen của tỉnh")]
    {
        let row = row(&world, &json!({ "awardType": title, "subjectName": "Vàng A Mẫu" }));
        let done = import(&officer, &[row], false).remove(0);
        let id = &done["award"]["id"];
        let read = officer.run(operation::text("award"), json!({ "id": id })).ok();
        let award = &read["award"];
        assert_eq!(award["nameAsRecorded"], title, "{done}");
        let page = award["certificate"].as_str().unwrap_or_else(|| panic!("{award}"));
        assert!(page.contains(&format!("<h2>{official}</h2>")), "{page}");
    }
}

fn a_place_that_the_own_province_cannot_have_is_not_its_own(stage: &Stage) {
    let server = stage.server();
    let world = World::on(&server);
    let officer = world.a.sign_in(&server, Role::StandingOfficer);
    for (title, code, issuer) in [
        ("Cờ thi đua ĐHQG TP.HCM", "NATIONAL_UNIVERSITY_FLAG", "ĐHQG TP.HCM"),
        ("Giấy khen UBND quận Ba Đình", "LETTER_DISTRICT", "UBND quận Ba Đình"),
        ("CSTĐ cấp thành phố", "PROVINCIAL_EMULATION_FIGHTER", "thành phố"),
    ] {
        let found = look(&officer, &row(&world, &json!({ "awardType": title })));
        assert_eq!(found["awardTypeCode"], code, "{title}: {found}");
        assert_eq!((&found["issuerTenant"], &found["issuerName"]), (&Value::Null, &json!(issuer)));
        let said = warned(&found, "TENANT_UNKNOWN");
        assert!(said.len() == 1 && said[0].contains(issuer), "{title}: {said:?}");
    }
}
