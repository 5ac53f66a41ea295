//! Names of titles as officers write them, against what they mean.

use chrono::NaiveDate;

use super::names::Names;
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
    let title = names.title_by(name, issuer, day())?;
    Some((title.award_type.code.clone(), title.issuer))
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
    ] {
        let found = read(&names, name, Some(issuer)).map(|(code, _)| code);
        assert_eq!(found.as_deref(), Some(code), "{name} {issuer}");
        assert_eq!(read(&names, name, None), None, "{name}");
    }
    assert_eq!(read(&names, "GK", Some("Hội đồng quản trị")), None);
    assert_eq!(read(&names, "Chiến sĩ thi đua", Some("Bộ Nội vụ")), None, "of which rank is open");
}
