//! Names of titles as officers write them, against what they mean.

use chrono::NaiveDate;

use super::form::Beside;
use super::names::{Names, as_recorded, in_words};
use crate::reference;

fn names() -> Names {
    Names::new(
        reference::award_types().unwrap(),
        reference::tenant_rows().unwrap(),
        reference::tenant_code_rows().unwrap(),
    )
    .unwrap()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2018, 12, 31).unwrap()
}

/// The code of a name and who gave it, as far as the name and the issuer beside it tell.
fn read(names: &Names, name: &str, issuer: Option<&str>) -> Option<(String, Option<String>)> {
    let title = names.title_by(name, Beside { name: issuer, ..Beside::default() }, day())?;
    Some((title.award_type.code.clone(), title.issuer))
}

/// Every name means the title of the code.
fn assert_known(cases: &[(&str, &str)]) {
    let names = names();
    for (name, code) in cases {
        let found = names.title(name, day()).map(|title| title.award_type.code.clone());
        assert_eq!(found.as_deref(), Some(*code), "{name}");
    }
}

#[test]
fn older_names_and_spellings_are_known() {
    assert_known(&[
        ("Chiến sỹ thi đua cấp tỉnh", "PROVINCIAL_EMULATION_FIGHTER"),
        ("chiến sĩ thi đua cấp tỉnh", "PROVINCIAL_EMULATION_FIGHTER"),
        ("“Chiến sỹ thi đua toàn quốc”", "NATIONAL_EMULATION_FIGHTER"),
        ("Cờ thi đua của Thủ tướng Chính phủ", "GOVERNMENT_EMULATION_FLAG"),
        ("Huân chương lao động các hạng", "ORDER_LABOUR_UNSPECIFIED"),
        ("Bằng khen Thủ tướng", "PM_CERTIFICATE"),
        ("CSTD_TINH", "PROVINCIAL_EMULATION_FIGHTER"),
        ("ADVANCED_LABOURER", "ADVANCED_LABOURER"),
        ("Lao động tiên tiến", "ADVANCED_LABOURER"),
        ("LDTT", "ADVANCED_LABOURER"),
        ("HCLD", "ORDER_LABOUR_UNSPECIFIED"),
        ("CSTĐ cấp tỉnh", "PROVINCIAL_EMULATION_FIGHTER"),
        ("Chiến sĩ thi đua ngành", "MINISTERIAL_EMULATION_FIGHTER"),
        ("BK UBND tỉnh", "PROVINCIAL_CERTIFICATE"),
        ("Bằng khen của UBND tỉnh Lai Châu", "PROVINCIAL_CERTIFICATE"),
        ("Cờ thi đua của Bộ Nội vụ", "MINISTERIAL_EMULATION_FLAG"),
        ("Giấy khen của Chủ tịch UBND huyện Phong Thổ", "LETTER_DISTRICT"),
        ("Bằng khen của Thủ tướng Chính phủ", "PM_CERTIFICATE"),
        ("Bằng khen của Bộ, ban, ngành", "MINISTERIAL_CERTIFICATE"),
        ("Giấy khen của Chánh Văn phòng", "LETTER_DEPARTMENT"),
    ]);
}

#[test]
fn names_spelled_out_cut_short_and_with_their_authority_are_known() {
    assert_known(&[
        ("Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh", "PROVINCIAL_CERTIFICATE"),
        ("Bằng khen của Ủy ban nhân dân tỉnh Hà Giang", "PROVINCIAL_CERTIFICATE"),
        ("Bằng khen của Chủ tịch UBND thành phố Đà Nẵng", "PROVINCIAL_CERTIFICATE"),
        ("Bằng khen cấp tỉnh", "PROVINCIAL_CERTIFICATE"),
        ("BK của UBND tỉnh", "PROVINCIAL_CERTIFICATE"),
        ("Bằng khen Bộ trưởng Bộ Nội vụ", "MINISTERIAL_CERTIFICATE"),
        ("Chiến sĩ thi đua Bộ Nội vụ", "MINISTERIAL_EMULATION_FIGHTER"),
        ("chiến sĩ thi đua tỉnh Lai Châu", "PROVINCIAL_EMULATION_FIGHTER"),
        ("Giấy khen Giám đốc Sở Nội vụ", "LETTER_DEPARTMENT"),
        ("Giấy khen của Chủ tịch UBND thị xã", "LETTER_DISTRICT"),
        ("Giấy khen của Chủ tịch UBND xã Bản Bo", "LETTER_COMMUNE"),
        ("Cờ thi đua UBND tỉnh Lai Châu", "PROVINCIAL_EMULATION_FLAG"),
        ("Huân chương Lao động hạng III", "ORDER_LABOUR_3"),
        ("HCLĐ hạng Ba", "ORDER_LABOUR_3"),
        ("HCLĐ hạng 3", "ORDER_LABOUR_3"),
        ("Tập thể Lao động xuất sắc cấp tỉnh", "EXCELLENT_LABOUR_COLLECTIVE"),
        ("tập thể LĐTT", "ADVANCED_LABOUR_COLLECTIVE"),
        ("Xã tiêu biểu", "EXEMPLARY_COMMUNE"),
        ("Danh hiệu Chiến sĩ thi đua cơ sở", "BASE_EMULATION_FIGHTER"),
        ("Huân chương \u{d0}ộc lập hạng Nhì", "ORDER_INDEPENDENCE_2"),
        ("Kỷ niệm chương Vì sự nghiệp Thi đua, Khen thưởng", "COMMEMORATIVE_MEDAL"),
    ]);
}

#[test]
fn what_tells_no_one_title_is_not_guessed() {
    let names = names();
    for name in [
        "Công dân Thủ đô ưu tú",
        "",
        "của",
        "Bằng khen",
        "Bằng khen của UBND thành phố Lai Châu",
        "Bằng khen của Bộ Tư lệnh Quân khu 2",
        "Bằng khen Bộ Chỉ huy Quân sự tỉnh",
        "Chiến sĩ thi đua tỉnh đoàn",
        "Giấy khen của Chủ tịch UBND thành phố",
        "Huân chương Lao động hạng 4",
        "Chiến sĩ thi đua cấp tỉnh, BK TTg",
        "Kỷ niệm chương Vì sự nghiệp",
    ] {
        assert!(names.title(name, day()).is_none(), "{name}");
    }
}

#[test]
fn who_gave_it_is_read_as_it_was_written() {
    use unicode_normalization::UnicodeNormalization;
    let names = names();
    let issuer = |name: &str| names.title(name, day()).unwrap().issuer;
    for (name, said) in [
        ("Bằng khen của Bộ Tài chính", Some("Bộ Tài chính")),
        ("Bằng khen Bộ trưởng Bộ Nội vụ.", Some("Bộ trưởng Bộ Nội vụ")),
        ("BK UBND tỉnh Hà Giang", Some("UBND tỉnh Hà Giang")),
        ("“Cờ thi đua  của Bộ Công an”", Some("Bộ Công an")),
        ("Danh hiệu CSTĐ tỉnh Lai Châu", Some("tỉnh Lai Châu")),
        ("Chiến sĩ thi đua ngành Giáo dục", Some("ngành Giáo dục")),
        ("Giấy khen của Chủ tịch UBND xã Bản Bo", Some("Chủ tịch UBND xã Bản Bo")),
        ("Giấy khen của Chánh Thanh tra tỉnh", Some("Chánh Thanh tra tỉnh")),
        ("Giấy khen của Chánh Văn phòng HĐND tỉnh", Some("Chánh Văn phòng HĐND tỉnh")),
        ("GK phường Đoàn Kết", Some("phường Đoàn Kết")),
        ("Bằng khen của UBND tỉnh", None),
        ("Giấy khen của Chánh Văn phòng", None),
        ("Chiến sĩ thi đua ngành", None),
        ("Lao động tiên tiến", None),
    ] {
        assert_eq!(issuer(name).as_deref(), said, "{name}");
    }
    let apart: String = "Bằng khen của UBND tỉnh Thừa Thiên Huế".nfd().collect();
    assert_eq!(issuer(&apart).as_deref(), Some("UBND tỉnh Thừa Thiên Huế"));
}

#[test]
fn short_forms_of_officers_are_known() {
    let names = names();
    for (name, code) in [
        ("CSTĐ CS", "BASE_EMULATION_FIGHTER"),
        ("CSTĐCS", "BASE_EMULATION_FIGHTER"),
        ("CSTĐ cơ sở", "BASE_EMULATION_FIGHTER"),
        ("CSTĐ cấp cơ sở", "BASE_EMULATION_FIGHTER"),
        ("cstđ cấp cs", "BASE_EMULATION_FIGHTER"),
        ("CSTĐ tỉnh", "PROVINCIAL_EMULATION_FIGHTER"),
        ("CSTĐ Bộ", "MINISTERIAL_EMULATION_FIGHTER"),
        ("CSTĐ TQ", "NATIONAL_EMULATION_FIGHTER"),
        ("CSTĐTQ", "NATIONAL_EMULATION_FIGHTER"),
        ("LĐTT", "ADVANCED_LABOURER"),
        ("TT LĐTT", "ADVANCED_LABOUR_COLLECTIVE"),
        ("TTLĐTT", "ADVANCED_LABOUR_COLLECTIVE"),
        ("TTLĐXS", "EXCELLENT_LABOUR_COLLECTIVE"),
        ("BK UBND tỉnh", "PROVINCIAL_CERTIFICATE"),
        ("BK CTUBND tỉnh", "PROVINCIAL_CERTIFICATE"),
        ("BK tỉnh", "PROVINCIAL_CERTIFICATE"),
        ("BKTTg", "PM_CERTIFICATE"),
        ("BK TTg", "PM_CERTIFICATE"),
        ("BKTTgCP", "PM_CERTIFICATE"),
        ("Cờ TĐ của Chính phủ", "GOVERNMENT_EMULATION_FLAG"),
        ("Cờ thi đua CP", "GOVERNMENT_EMULATION_FLAG"),
        ("Cờ TĐ UBND tỉnh", "PROVINCIAL_EMULATION_FLAG"),
        ("HCLĐ Nhì", "ORDER_LABOUR_2"),
        ("HC Lao động hạng Ba", "ORDER_LABOUR_3"),
        ("HC LĐ hạng III", "ORDER_LABOUR_3"),
        ("HC Độc lập hạng Nhất", "ORDER_INDEPENDENCE_1"),
        ("GK GĐ Sở Nội vụ", "LETTER_DEPARTMENT"),
        ("GK UBND xã", "LETTER_COMMUNE"),
        ("Giấy khen phường Đoàn Kết", "LETTER_COMMUNE"),
        ("GK Chủ tịch phường Đoàn Kết", "LETTER_COMMUNE"),
    ] {
        let found = read(&names, name, None).map(|(code, _)| code);
        assert_eq!(found.as_deref(), Some(code), "{name}");
    }
}

#[test]
fn an_abbreviation_in_brackets_says_the_name_once_more() {
    let names = names();
    for (name, code) in [
        ("Lao động Tiên tiến (LĐTT)", "ADVANCED_LABOURER"),
        ("Chiến sĩ thi đua cơ sở (CSTĐCS)", "BASE_EMULATION_FIGHTER"),
        ("Chiến sĩ thi đua cơ sở (CSTĐ CS)", "BASE_EMULATION_FIGHTER"),
        ("Bằng khen của Thủ tướng Chính phủ (BKTTg)", "PM_CERTIFICATE"),
        ("Bằng khen của UBND tỉnh (BK UBND tỉnh)", "PROVINCIAL_CERTIFICATE"),
        ("Huân chương Lao động (HCLĐ) hạng Ba", "ORDER_LABOUR_3"),
        ("Huân chương Lao động (hạng Ba)", "ORDER_LABOUR_3"),
        ("Huân chương Lao động (không rõ hạng)", "ORDER_LABOUR_UNSPECIFIED"),
    ] {
        let found = read(&names, name, None);
        assert_eq!(found, Some((code.to_owned(), None)), "{name}");
    }
    for name in ["Huân chương Lao động (hạng 4)", "Lao động tiên tiến (BKTTg)"] {
        assert_eq!(read(&names, name, None), None, "{name}");
    }
}

#[test]
fn titles_of_central_bodies_are_those_of_a_ministry() {
    let names = names();
    for (name, code, issuer) in [
        (
            "Bằng khen của Tổng Liên đoàn Lao động Việt Nam",
            "MINISTERIAL_CERTIFICATE",
            "Tổng Liên đoàn Lao động Việt Nam",
        ),
        ("BK Tổng LĐLĐ VN", "MINISTERIAL_CERTIFICATE", "Tổng LĐLĐ VN"),
        ("Bằng khen của Trung ương Đoàn", "MINISTERIAL_CERTIFICATE", "Trung ương Đoàn"),
        (
            "Bằng khen của Ban Chấp hành TW Đoàn TNCS Hồ Chí Minh",
            "MINISTERIAL_CERTIFICATE",
            "Ban Chấp hành TW Đoàn TNCS Hồ Chí Minh",
        ),
        ("Bằng khen của Hội LHPN Việt Nam", "MINISTERIAL_CERTIFICATE", "Hội LHPN Việt Nam"),
        ("Bằng khen của Hội Nông dân Việt Nam", "MINISTERIAL_CERTIFICATE", "Hội Nông dân Việt Nam"),
        ("Bằng khen của Hội CCB Việt Nam", "MINISTERIAL_CERTIFICATE", "Hội CCB Việt Nam"),
        ("Bằng khen của Thanh tra Chính phủ", "MINISTERIAL_CERTIFICATE", "Thanh tra Chính phủ"),
        (
            "Cờ thi đua của Tổng Liên đoàn Lao động Việt Nam",
            "MINISTERIAL_EMULATION_FLAG",
            "Tổng Liên đoàn Lao động Việt Nam",
        ),
    ] {
        let known = (code.to_owned(), Some(issuer.to_owned()));
        assert_eq!(read(&names, name, None), Some(known), "{name}");
    }
    for name in ["Bằng khen của Hội Liên hiệp Phụ nữ tỉnh", "Bằng khen của Liên đoàn Lao động tỉnh"]
    {
        assert_eq!(read(&names, name, None), None, "of the province, not of the centre: {name}");
    }
}

#[test]
fn a_form_alone_is_that_of_the_issuer_beside_it() {
    let names = names();
    for (name, issuer, code) in [
        ("GK", "Giám đốc Sở Nội vụ", "LETTER_DEPARTMENT"),
        ("Giấy khen", "Chủ tịch UBND xã Bản Bo", "LETTER_COMMUNE"),
        ("BK", "UBND tỉnh Lai Châu", "PROVINCIAL_CERTIFICATE"),
        ("Bằng khen", "Thủ tướng Chính phủ", "PM_CERTIFICATE"),
        ("Bằng khen", "Tổng Liên đoàn Lao động Việt Nam", "MINISTERIAL_CERTIFICATE"),
        ("Cờ thi đua", "Chính phủ", "GOVERNMENT_EMULATION_FLAG"),
        ("Chiến sĩ thi đua", "Bộ Nội vụ", "MINISTERIAL_EMULATION_FIGHTER"),
        ("Chiến sĩ thi đua", "TTg", "NATIONAL_EMULATION_FIGHTER"),
        ("Chiến sĩ thi đua", "UBND xã Bản Bo", "BASE_EMULATION_FIGHTER"),
    ] {
        let found = read(&names, name, Some(issuer)).map(|(code, _)| code);
        assert_eq!(found.as_deref(), Some(code), "{name} {issuer}");
        assert_eq!(read(&names, name, None), None, "{name}");
    }
    assert_eq!(read(&names, "GK", Some("Hội đồng quản trị")), None);
    assert_eq!(read(&names, "Bằng khen", Some("Bộ Chỉ huy Quân sự tỉnh")), None);
    assert_eq!(read(&names, "Chiến sĩ thi đua", Some("Sở Nội vụ")), None, "of which rank is open");
}

#[test]
fn the_kind_of_the_tenant_tells_the_title_of_a_form() {
    let names = names();
    let read = |name: &str, beside: Beside<'_>| {
        Some(names.title_by(name, beside, day())?.award_type.code.clone())
    };
    for (name, of_ministry, of_province) in [
        ("Bằng khen", "MINISTERIAL_CERTIFICATE", "PROVINCIAL_CERTIFICATE"),
        ("BK", "MINISTERIAL_CERTIFICATE", "PROVINCIAL_CERTIFICATE"),
        ("Cờ thi đua", "MINISTERIAL_EMULATION_FLAG", "PROVINCIAL_EMULATION_FLAG"),
        ("CTĐ", "MINISTERIAL_EMULATION_FLAG", "PROVINCIAL_EMULATION_FLAG"),
        ("CSTĐ", "MINISTERIAL_EMULATION_FIGHTER", "PROVINCIAL_EMULATION_FIGHTER"),
    ] {
        let of_code = |code| Beside { tenant_code: Some(code), ..Beside::default() };
        // The ministry is in the register from 2024 on: its rank is known all the same.
        assert_eq!(read(name, of_code("BTC")).as_deref(), Some(of_ministry), "{name}");
        assert_eq!(read(name, of_code("12")).as_deref(), Some(of_province), "{name}");
        assert_eq!(read(name, of_code("TW")), None, "{name}");
        for (issuer, code) in [("Bộ Tài chính", of_ministry), ("Lai Châu", of_province)] {
            let by_name = Beside { name: Some(issuer), ..Beside::default() };
            let by_tenant = Beside { tenant_name: Some(issuer), ..Beside::default() };
            assert_eq!(read(name, by_name).as_deref(), Some(code), "{name} {issuer}");
            assert_eq!(read(name, by_tenant).as_deref(), Some(code), "{name} {issuer}");
        }
        let two = Beside { name: Some("Bộ Tài chính"), ..of_code("12") };
        assert_eq!(read(name, two), None, "two places tell two titles: {name}");
        let within = Beside { name: Some("Sở Nội vụ"), ..of_code("12") };
        assert_eq!(read(name, within), None, "the tenant is not who gave it: {name}");
        assert_eq!(read(name, Beside::default()), None, "{name}");
    }
    let letter = Beside { tenant_code: Some("12"), ..Beside::default() };
    assert_eq!(read("Giấy khen", letter), None);
    let letter = Beside { name: Some("Giám đốc Sở Nội vụ"), ..letter };
    assert_eq!(read("Giấy khen", letter).as_deref(), Some("LETTER_DEPARTMENT"));
}

#[test]
fn a_code_is_no_name() {
    let names = names();
    for (written, kept, issuer) in [
        ("PROVINCIAL_CERTIFICATE", "Bằng khen của tỉnh", "Bằng khen của tỉnh"),
        ("BK_TINH", "BK_TINH", "Bằng khen của tỉnh"),
        ("CSTT", "CSTT", "Chiến sĩ tiên tiến"),
        ("CSTDCS", "CSTDCS", "Chiến sĩ thi đua cơ sở"),
        ("BK tỉnh", "BK tỉnh", "BK tỉnh"),
        ("LĐTT", "LĐTT", "LĐTT"),
    ] {
        let title = names.title(written, day()).unwrap();
        assert_eq!(as_recorded(title.award_type, written.to_owned()), kept, "{written}");
        assert_eq!(in_words(title.award_type, written.to_owned()), issuer, "{written}");
    }
}

#[test]
fn only_who_is_known_gives_the_title_of_a_rank() {
    let names = names();
    for name in [
        "Chiến sĩ thi đua ngành giáo dục tỉnh Lai Châu",
        "CSTĐ ngành Giáo dục huyện",
        "CSTĐ ngành cấp tỉnh",
        "Chiến sĩ thi đua ngành tỉnh",
        "Cờ thi đua của Bộ Chính trị",
        "Bằng khen của Bộ Tổng Tham mưu",
        "CSTĐ Bộ Tổng Tham mưu",
        "Bằng khen Bộ môn",
        "Bằng khen của Bộ phận một cửa",
        "Bằng khen của UBND tỉnh Hủa Phăn",
        "Cờ thi đua của UBND tỉnh đoàn",
        "Giấy khen của UBND thành phố Hà Nội",
        "Giấy khen Huyện đoàn",
        "Giấy khen Phường đoàn",
    ] {
        assert_eq!(read(&names, name, None), None, "{name}");
    }
    for issuer in ["Bộ Tổng Tham mưu", "Bộ môn", "UBND tỉnh Vân Nam"] {
        assert_eq!(read(&names, "Bằng khen", Some(issuer)), None, "{issuer}");
    }
    let former = read(&names, "Bằng khen của UBND tỉnh Hà Tây", None);
    let known = ("PROVINCIAL_CERTIFICATE".to_owned(), Some("UBND tỉnh Hà Tây".to_owned()));
    assert_eq!(former, Some(known), "gone before the register begins");
}

#[test]
fn a_year_or_a_remark_is_no_part_of_the_issuer() {
    let names = names();
    let issuer = |name: &str| read(&names, name, None).and_then(|(_, issuer)| issuer);
    for (name, said) in [
        ("Bằng khen của UBND tỉnh Hà Giang năm 2018", "UBND tỉnh Hà Giang"),
        ("Bằng khen của UBND tỉnh Hà Giang về thành tích công tác", "UBND tỉnh Hà Giang"),
        ("CSTĐ cấp thành phố (2016-2018)", "thành phố"),
        ("BK BCA", "BCA"),
    ] {
        assert_eq!(issuer(name).as_deref(), Some(said), "{name}");
    }
    for name in ["Bằng khen của Thủ tướng Chính phủ (2 lần)", "LĐTT năm 2017, 2018"]
    {
        assert_eq!(read(&names, name, None), None, "a count: {name}");
    }
    for name in ["Huân chương Lao động hạng Ba của Chủ tịch nước", "HCLĐIII", "HCLĐ H3"]
    {
        let code = read(&names, name, None).map(|(code, _)| code);
        assert_eq!(code.as_deref(), Some("ORDER_LABOUR_3"), "{name}");
    }
    assert_eq!(read(&names, "CSTĐ cơ sở của Chủ tịch nước", None), None);
}
