//! How the tree of a rule is read: strictly, and what cannot be evaluated is found.

use super::rules;
use crate::domain::rule::tree::Node;

#[test]
fn a_tree_is_read_strictly() {
    let tree =
        r#"{"all":[{"held":{"titles":["A"],"n":3,"consecutive":true,"gap":1}},"no_open_case"]}"#;
    let read = Node::read(tree).unwrap();

    assert_eq!(read.text().unwrap(), tree);
    for wrong in [
        r#"{"held":{"titles":["A"],"n":3,"often":true}}"#,
        r#"{"hold":{"titles":["A"],"n":3}}"#,
        r#"{"held":{"titles":["A"]}}"#,
        r#"{"rating":{"level":"FINE","years":1}}"#,
        r#"{"all":[],"any":[]}"#,
        "3",
    ] {
        assert!(Node::read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_cannot_be_evaluated_is_found() {
    let known = |code: &str| code == "A";
    let fault = |text: &str| Node::read(text).unwrap().fault(&known);

    assert_eq!(fault(r#"{"held":{"titles":["A"],"n":1}}"#), None);
    for wrong in [
        r#"{"held":{"titles":["B"],"n":1}}"#,
        r#"{"held":{"titles":[],"n":1}}"#,
        r#"{"held":{"titles":["A"],"n":0}}"#,
        r#"{"any":[{"rating":{"level":"GOOD","years":0}}]}"#,
        r#"{"all":[]}"#,
        r#"{"share":{"percent":101}}"#,
        r#"{"manual":{"vi":"","en":"x"}}"#,
    ] {
        assert!(fault(wrong).is_some(), "{wrong}");
    }
    let deep =
        (0..20).fold(r#""no_open_case""#.to_owned(), |tree, _| format!(r#"{{"not":{tree}}}"#));
    assert!(fault(&deep).is_some());
}

#[test]
fn what_has_parts_has_them_to_be_changed() {
    fn check(node: &mut Node) {
        let read = node.parts().to_vec();
        assert_eq!(node.parts_mut(), read);
        node.parts_mut().iter_mut().for_each(check);
    }
    for rule in &mut rules() {
        check(&mut rule.tree);
    }
}
