use super::*;
use crate::record::{CUSTOMER, LEAD};
use chrono::TimeZone;

fn side(by: &str, hour: u32) -> Authors {
    let zone = FixedOffset::east_opt(8 * 3600).unwrap();
    let last = Some(Side { by: by.into(), at: zone.with_ymd_and_hms(2026, 11, 22, hour, 0, 0).unwrap() });
    Authors { last, ..Authors::default() }
}

fn merged(kind: Kind, base: &str, ours: &str, theirs: &str) -> Merged {
    let sides = Sides { base: Some(base), ours: Some(ours), theirs: Some(theirs) };
    merge_record(kind, sides, &side("li.ming", 9), &side("zhang.wei", 10))
}

/// Merges without conflict, which the sides may be swapped for.
fn clean(kind: Kind, base: &str, ours: &str, theirs: &str) -> String {
    let one = merged(kind, base, ours, theirs);
    assert_eq!(one.conflicts, [], "{one:?}");
    let other = merged(kind, base, theirs, ours);
    assert_eq!(one.text, other.text);
    assert!(!one.marked);
    one.text.unwrap()
}

/// Merges into conflicts; returns the text and the fields.
fn torn(kind: Kind, base: &str, ours: &str, theirs: &str) -> (String, Vec<String>) {
    let merged = merged(kind, base, ours, theirs);
    assert!(!merged.marked, "{merged:?}");
    (merged.text.unwrap(), merged.conflicts.into_iter().map(|conflict| conflict.field).collect())
}

const BASE: &str = "# lead\nstatus = \"new\" # s\ncompany = \"甲\"\n# who\nphone = \"1\"\nremark = \"r\"\n";

#[test]
fn different_fields_never_conflict() {
    let ours = BASE.replace("\"甲\"", "\"乙\" # renamed");
    let theirs = BASE.replace("\"new\"", "\"working\"").replace("# who", "# who calls").replace("\"1\"", "\"2\"");
    assert_eq!(
        clean(LEAD, BASE, &ours, &theirs),
        "# lead\nstatus = \"working\" # s\ncompany = \"乙\" # renamed\n# who calls\nphone = \"2\"\nremark = \"r\"\n"
    );
    let ours = BASE.replace("phone", "email = \"a@b.c\"\nphone").replace("remark = \"r\"\n", "");
    let theirs = BASE.replace("remark", "wechat = \"w\"\nregion = \"x\"\nremark");
    assert_eq!(
        clean(LEAD, BASE, &ours, &theirs),
        "# lead\nstatus = \"new\" # s\ncompany = \"甲\"\n# who\nemail = \"a@b.c\"\nphone = \"1\"\nwechat = \"w\"\nregion = \"x\"\n"
    );
}

#[test]
fn new_fields_of_both_sides_stand_in_the_declared_order() {
    let base = "status = \"new\"\nowner = \"li\"\n";
    let ours = base.replace("owner", "region = \"r\"\nsource = \"x\"\nowner");
    let theirs = base.replace("owner", "phone = \"1\"\nproduct = \"p\"\nowner") + "remark = \"z\"\n";
    assert_eq!(
        clean(LEAD, base, &ours, &theirs),
        "status = \"new\"\nphone = \"1\"\nregion = \"r\"\nproduct = \"p\"\nsource = \"x\"\nowner = \"li\"\nremark = \"z\"\n"
    );
}

#[test]
fn the_same_field_changed_two_ways_is_recorded() {
    let (ours, theirs) = (BASE.replace("\"1\"", "\"2\""), BASE.replace("\"1\"", "\"3\""));
    let (text, fields) = torn(LEAD, BASE, &ours, &theirs);
    assert_eq!(fields, ["phone"]);
    assert_eq!(
        text,
        theirs
            + "\n[[conflicts]]\nfield = \"phone\"\nbase = \"1\"\nours = \"2\"\nours_by = \"li.ming\"\n\
               ours_at = 2026-11-22T09:00:00+08:00\ntheirs = \"3\"\ntheirs_by = \"zhang.wei\"\n\
               theirs_at = 2026-11-22T10:00:00+08:00\n"
    );
}

#[test]
fn a_third_value_joins_and_nothing_is_recorded_twice() {
    let value = |n: u8| BASE.replace("\"1\"", &format!("\"{n}\""));
    let (first, _) = torn(LEAD, BASE, &value(2), &value(3));
    let (second, fields) = torn(LEAD, BASE, &value(4), &first);
    assert_eq!(fields, ["phone"]);
    for n in 2..=4 {
        assert!(second.contains(&format!("\"{n}\"")), "{second}");
    }
    assert_eq!(second.matches("[[conflicts]]").count(), 2);
    let (again, _) = torn(LEAD, BASE, &value(4), &second);
    assert_eq!(again, second);
    // Both sides merged the same conflict, each seeing itself as ours.
    let sides = Sides { base: Some(BASE), ours: Some(&value(3)), theirs: Some(&value(2)) };
    let mirrored = merge_record(LEAD, sides, &side("zhang.wei", 10), &side("li.ming", 9)).text.unwrap();
    let (text, fields) = torn(LEAD, BASE, &first, &mirrored);
    assert_eq!((text.matches("[[conflicts]]").count(), fields.len()), (1, 1), "{text}");
}

#[test]
fn a_settled_conflict_is_gone_and_two_that_differ_are_one_again() {
    let (open, _) = torn(LEAD, BASE, &BASE.replace("\"1\"", "\"2\""), &BASE.replace("\"1\"", "\"3\""));
    let mine = BASE.replace("\"1\"", "\"2\"");
    let elsewhere = open.replace("\"甲\"", "\"乙\"");
    assert_eq!(clean(LEAD, &open, &mine, &elsewhere), mine.replace("\"甲\"", "\"乙\""));
    let (text, fields) = torn(LEAD, &open, &mine, &BASE.replace("\"1\"", "\"3\""));
    assert_eq!(fields, ["phone"], "{text}");
}

#[test]
fn spellings_of_one_value_are_no_conflict() {
    let base = "budget_min = \"5\"\nacquired_on = 2026-01-01\n";
    let ours = "budget_min = \"1.0\"\nacquired_on = \"2026-02-01\"\n";
    let theirs = "budget_min = 1.00\nacquired_on = 2026-02-01\nstaff = 3\n";
    clean(LEAD, base, ours, theirs);
    let respelled = base.replace("\"5\"", "5.00");
    assert_eq!(clean(LEAD, base, &respelled, ours), ours);
}

#[test]
fn lists_are_sets() {
    let base = "tags = [\n    \"a\",\n    \"b\", # bee\n]\n";
    let ours = "tags = [\n    \"a\",\n    \"b\", # bee\n    \"d\",\n]\n";
    let theirs = "tags = [\n    # new\n    \"c\",\n    \"b\", # bee\n]\n";
    assert_eq!(clean(LEAD, base, ours, theirs), "tags = [\n    # new\n    \"c\",\n    \"b\", # bee\n    \"d\",\n]\n");
    let base = "tags = [\"a\"]\nremark = \"r\"\n";
    let two = |tag: &str| base.replace("[\"a\"]", &format!("[\n    \"a\",\n    \"{tag}\",\n]"));
    assert_eq!(
        clean(LEAD, base, &two("b"), &two("c")),
        "tags = [\n    \"a\",\n    \"b\",\n    \"c\",\n]\nremark = \"r\"\n"
    );
    assert_eq!(clean(LEAD, base, "remark = \"r\"\n", &two("b")), "tags = [\n    \"b\",\n]\nremark = \"r\"\n");
    assert_eq!(clean(LEAD, "", "tags = [\"x\"] # t\n", "tags = ['y']\n"), "tags = [\"x\", 'y'] # t\n");
    assert_eq!(clean(LEAD, "tags = ['a', 'b']\n", "tags = ['b']\n", "tags = ['a', 'b', 'c']\n"), "tags = ['b', 'c']\n");
}

const CONTACTS: &str = "name = \"x\"\n\n# 采购\n[[contacts]]\nname = \"甲\"\nwork_phone = \"1\"\n\n[[contacts]]\nname = \"乙\"\ntitle = \"t\"\n";

#[test]
fn contacts_merge_by_name_and_field() {
    let ours = CONTACTS.replace("work_phone = \"1\"", "work_phone = \"2\"") + "\n[[contacts]]\nname = \"丁\"\n";
    let theirs = CONTACTS.replace("\"甲\"\n", "\"甲\"\ntitle = \"经理\"\n") + "\n[[contacts]]\nname = \"丙\"\n";
    assert_eq!(
        clean(CUSTOMER, CONTACTS, &ours, &theirs),
        "name = \"x\"\n\n# 采购\n[[contacts]]\nname = \"甲\"\ntitle = \"经理\"\nwork_phone = \"2\"\n\n[[contacts]]\nname = \"乙\"\n\
         title = \"t\"\n\n[[contacts]]\nname = \"丁\"\n\n[[contacts]]\nname = \"丙\"\n"
    );
    let (text, fields) =
        torn(CUSTOMER, CONTACTS, &CONTACTS.replace("\"1\"", "\"2\""), &CONTACTS.replace("\"1\"", "\"3\""));
    assert_eq!(fields, ["contacts.甲.work_phone"], "{text}");
}

#[test]
fn a_contact_renamed_on_one_side_is_the_same() {
    let renamed = CONTACTS.replace("\"甲\"", "\"甲乙\"");
    let phoned = CONTACTS.replace("work_phone = \"1\"", "work_phone = \"1\"\nemail = \"a@b.c\"");
    assert_eq!(
        clean(CUSTOMER, CONTACTS, &renamed, &phoned),
        renamed.replace("work_phone = \"1\"", "work_phone = \"1\"\nemail = \"a@b.c\"")
    );
    let (text, fields) = torn(CUSTOMER, CONTACTS, &renamed, &CONTACTS.replace("\"甲\"", "\"甲丙\""));
    assert_eq!(fields, ["contacts.甲丙.name"], "{text}");
    assert_eq!(text.matches("[[contacts]]").count(), 2);
}

#[test]
fn two_contacts_of_one_name_are_told_apart() {
    let base = "name = \"x\"\n\n[[contacts]]\nname = \"王\"\nwork_phone = \"1\"\n\n[[contacts]]\nname = \"王\"\nwork_phone = \"2\"\n";
    let (text, fields) = torn(CUSTOMER, base, &base.replace("\"2\"", "\"3\""), &base.replace("\"2\"", "\"4\""));
    assert_eq!(fields, ["contacts.王#2.work_phone"], "{text}");
    let without_first = "name = \"x\"\n\n[[contacts]]\nname = \"王\"\nwork_phone = \"2\"\n";
    let titled = base.replace("\"2\"\n", "\"2\"\nemail = \"e\"\n");
    assert_eq!(clean(CUSTOMER, base, without_first, &titled), without_first.to_string() + "email = \"e\"\n");
}

#[test]
fn a_contact_taken_out_and_changed_is_a_conflict() {
    let without = "name = \"x\"\n\n[[contacts]]\nname = \"乙\"\ntitle = \"t\"\n";
    let changed = CONTACTS.replace("\"1\"", "\"2\"");
    let (text, fields) = torn(CUSTOMER, CONTACTS, without, &changed);
    assert_eq!(fields, ["contacts.甲"]);
    assert!(text.contains("theirs = { name = \"甲\", work_phone = \"2\" }"), "{text}");
    let (text, _) = torn(CUSTOMER, CONTACTS, &changed, without);
    assert!(text.contains("ours = { name = \"甲\", work_phone = \"2\" }"), "{text}");
    assert!(!text.contains("\n[[contacts]]\nname = \"甲\""), "{text}");
    assert_eq!(
        clean(CUSTOMER, CONTACTS, without, &CONTACTS.replace("\"t\"", "\"u\"")),
        without.replace("\"t\"", "\"u\"")
    );
}

#[test]
fn verifications_of_both_sides_are_there() {
    let one = |note: &str| {
        format!(
            "\n[[verifications]]\non = 2026-01-01\nby = \"li\"\nfields = [\"phone\"]\nchannel = \"call\"\nnote = \"{note}\"\n"
        )
    };
    let base = "status = \"new\"\n".to_string() + &one("z");
    let text = clean(LEAD, &base, &(base.clone() + &one("b")), &(base.clone() + &one("a")));
    assert_eq!(text, base + &one("a") + &one("b"));
}

#[test]
fn custom_and_unknown_keys_go_by_key() {
    let base = "status = \"new\"\nodd.a = 1\n\n[custom]\na = 1\n\"b c\" = [1, 2]\n";
    let ours = base.replace("a = 1\n\"b", "a = 1\nd = true\n\"b").replace("odd.a = 1", "odd.a = 1\nodd.b = 2");
    let theirs = base.replace("a = 1\n\"b", "a = 2\n\"b").replace("odd.a = 1", "odd.a = 3");
    assert_eq!(
        clean(LEAD, base, &ours, &theirs),
        "status = \"new\"\nodd.a = 3\nodd.b = 2\n\n[custom]\na = 2\nd = true\n\"b c\" = [1, 2]\n"
    );
    let (text, fields) = torn(LEAD, base, &base.replace("[1, 2]", "[1, 3]"), &base.replace("[1, 2]", "[0, 2]"));
    assert_eq!(fields, ["custom.\"b c\""]);
    assert!(text.contains("ours = [1, 3]"), "{text}");
    let gone = "status = \"new\"\nodd.a = 1\n";
    assert_eq!(clean(LEAD, base, gone, &base.replace("odd.a = 1", "odd.a = 2")), "status = \"new\"\nodd.a = 2\n");
}

#[test]
fn tables_written_in_different_forms_merge() {
    let base = "name = \"x\"\ncontacts = [{ name = \"甲\" }, { name = \"乙\" }]\ncustom = { a = 1 }\n";
    let ours = base.replace("{ name = \"乙\" }", "{ name = \"乙\", title = \"t\" }").replace("a = 1", "a = 1, b = 2");
    let theirs = base.replace("{ name = \"甲\" }", "{ name = \"甲\", email = \"e\" }").replace("a = 1", "a = 3");
    assert_eq!(
        clean(CUSTOMER, base, &ours, &theirs),
        "name = \"x\"\ncontacts = [{ name = \"甲\", email = \"e\" }, { name = \"乙\", title = \"t\" }]\ncustom = { a = 3, b = 2 }\n"
    );
    let headed = "name = \"x\"\n\n[custom]\na = 1\n\n[[contacts]]\nname = \"甲\"\nemail = \"e\"\n\n[[contacts]]\nname = \"乙\"\n";
    let text = clean(CUSTOMER, base, headed, &ours);
    for part in ["email = \"e\"", "title = \"t\"", "b = 2"] {
        assert!(text.contains(part), "{text}");
    }
    let dotted = "name = \"x\"\ncustom.a = 1\ncustom.c = 5\ncontacts = [{ name = \"甲\" }, { name = \"乙\" }]\n";
    let text = clean(CUSTOMER, base, dotted, &ours);
    assert!(text.contains("b = 2") && text.contains("c = 5"), "{text}");
}

#[test]
fn wrappings_merge_too() {
    let base = "status = \"new\"\nremark = \"r\"\n";
    let crlf = "\u{feff}status = \"new\"\r\nremark = \"r\"\r\n";
    assert_eq!(clean(LEAD, base, crlf, "status = \"x\"\nremark = \"r\""), "\u{feff}status = \"x\"\r\nremark = \"r\"");
    let (text, _) = torn(LEAD, crlf, &crlf.replace("\"r\"", "\"a\""), &crlf.replace("\"r\"", "\"b\""));
    assert!(text.contains("\r\n[[conflicts]]\r\n") && !text.replace("\r\n", "").contains('\n'), "{text:?}");
}

#[test]
fn a_record_removed_and_changed_stays_with_an_entry() {
    let sides = Sides { base: Some(BASE), ours: None, theirs: Some("status = \"x\" # c") };
    let merged = merge_record(LEAD, sides, &side("li", 1), &side("wu", 2));
    let text = merged.text.unwrap();
    assert!(text.starts_with("status = \"x\" # c\n\n[[conflicts]]\nfield = \"*\"\nremoved = \"ours\"\n"), "{text}");
    assert_eq!((merged.conflicts[0].field.as_str(), merged.marked), ("*", false));
    let sides = Sides { base: Some(BASE), ours: None, theirs: Some(BASE) };
    assert_eq!(merge_record(LEAD, sides, &side("li", 1), &side("wu", 2)).text, None);
}

#[test]
fn two_new_records_conflict_where_they_differ() {
    let sides = Sides {
        base: None,
        ours: Some("status = \"new\"\ncompany = \"a\"\nsize = \"small\"\n"),
        theirs: Some("status = \"new\"\ncompany = \"b\"\n"),
    };
    let merged = merge_record(LEAD, sides, &side("li", 1), &side("wu", 2));
    assert_eq!(merged.conflicts.iter().map(|c| &*c.field).collect::<Vec<_>>(), ["company"]);
    assert!(merged.text.unwrap().starts_with("status = \"new\"\ncompany = \"b\"\nsize = \"small\"\n\n[[conflicts]]"));
}

#[test]
fn what_is_no_toml_merges_by_lines() {
    let broken = format!("{BASE}oops\n");
    let merged = merged(LEAD, BASE, &broken, &BASE.replace("# lead", "# a lead"));
    assert_eq!((merged.text.unwrap(), merged.marked), (broken.replace("# lead", "# a lead"), false));
    let torn = super::tests::merged(LEAD, BASE, &broken.replace("\"r\"", "\"s\""), &BASE.replace("\"r\"", "\"t\""));
    assert!(torn.marked && torn.text.unwrap().contains("<<<<<<< ours\n"));
}

#[test]
fn configuration_goes_by_key_and_has_marks_for_a_conflict() {
    let file = |base: &str, ours: &str, theirs: &str| {
        let sides = Sides { base: Some(base), ours: Some(ours), theirs: Some(theirs) };
        merge_file("config/stages.toml", sides, &side("li", 1), &side("wu", 2))
    };
    let base = "days = 14 # d\nstage = [\n  { key = \"a\", zh = \"甲\", n = 1 }, # one\n  { key = \"b\", zh = \"乙\", n = 2 },\n]\n";
    let ours = base.replace("n = 1", "n = 3").replace("# d", "# days");
    let theirs = base.replace("\"甲\"", "\"丙\"").replace("14", "15").replace("]", "  { key = \"c\" },\n]");
    assert_eq!(
        file(base, &ours, &theirs).text.unwrap(),
        "days = 15 # days\nstage = [\n  { key = \"a\", zh = \"丙\", n = 3 }, # one\n  { key = \"b\", zh = \"乙\", n = 2 },\n  { key = \"c\" },\n]\n"
    );
    let torn = file(base, &base.replace("14", "15"), &base.replace("14", "16"));
    assert!(torn.marked);
    assert_eq!((&*torn.conflicts[0].field, torn.conflicts[0].base.as_deref()), ("days", Some("14")));
    let text = torn.text.unwrap();
    assert!(text.contains("=======\ndays = 16 # d\n>>>>>>> theirs\n"), "{text}");
}

#[test]
fn comments_at_the_end_are_there_once() {
    let base = "name = \"x\"\n# end\n";
    let with = |name: &str| format!("{base}\n[[contacts]]\nname = \"{name}\"\n");
    let text = clean(CUSTOMER, base, &with("甲"), &with("乙"));
    assert_eq!(text.matches("# end").count(), 1, "{text}");
}

#[test]
fn a_comment_on_what_the_other_side_took_out_stays() {
    let ours = BASE.replace("# who\nphone = \"1\"\n", "");
    let theirs = BASE.replace("# who", "# call before 9").replace("phone = \"1\"", "phone = \"1\" # home");
    assert_eq!(
        clean(LEAD, BASE, &ours, &theirs),
        "# lead\nstatus = \"new\" # s\ncompany = \"甲\"\n# call before 9\n# home\nremark = \"r\"\n"
    );
}

#[test]
fn who_takes_a_name_that_both_sides_gave_up_is_somebody_else() {
    let contact =
        |name: &str, email: &str| format!("\n[[contacts]]\nname = \"{name}\"\nemail = \"{email}@example.com\"\n");
    let base = contact("Old", "a");
    let (ours, theirs) = (contact("New", "a") + &contact("Old", "b"), contact("New", "a"));
    for (one, other) in [(&ours, &theirs), (&theirs, &ours)] {
        let merged = merged(CUSTOMER, &base, one, other);
        assert_eq!((merged.text.as_ref(), merged.conflicts.len()), (Some(&ours), 0));
    }
}

#[test]
fn fields_are_told_apart_by_the_names_of_conflicts() {
    let text = |phone: &str, vat: &str| {
        format!(
            "name = \"x\"\n\n[[contacts]]\nname = \"Li\"\nwork_phone = \"{phone}\"\n\n[[contacts]]\nname = \"Wu\"\n\n[custom]\n\"a b\" = \"{vat}\"\n"
        )
    };
    let (before, after) = (text("1", "13"), text("2", "13"));
    let of = |field: &str, after: &str| differs(CUSTOMER, field, Some(&before), Some(after));
    assert!(of("contacts.Li.work_phone", &after) && of("contacts.Li", &after) && !of("contacts.Wu", &after));
    assert!(!of("custom.\"a b\"", &after) && of("custom.\"a b\"", &text("1", "6")));
    assert!(!of("name", &after.replace("\"x\"", "'x' # as it was")), "the same value, written otherwise");
    assert!(of("name", &after.replace("name = \"x\"\n", "")));
    assert!(differs(CUSTOMER, "name", None, Some(&before)) && !differs(CUSTOMER, "region", None, Some(&before)));
}

#[test]
fn a_comment_that_nobody_took_out_stays() {
    let base = "# end\naddress = \"a\"\nprevious_suppliers = [\"b\"]\n";
    let (ours, theirs) = ("# end\nprevious_suppliers = [\"b\"]\n", "# end\naddress = \"a\"\n");
    for (one, other) in [(ours, theirs), (theirs, ours)] {
        assert_eq!(merged(CUSTOMER, base, one, other).text.as_deref(), Some("# end\n"));
    }
    assert_eq!(merged(CUSTOMER, base, "previous_suppliers = [\"b\"]\n", theirs).text.as_deref(), Some(""));
}
