//! When roles hold, and for whom.

use super::*;

#[test]
fn roles_hold_from_the_first_admin_on_unless_lifted() {
    let enforced = |users: &[Record], rules| policy_of(users, rules).is_enforced();
    let usual = AccessRules::default();
    assert!(enforced(&team(), usual) && !enforced(&team(), AccessRules { enforce: false, ..usual }));
    assert!(!enforced(&[], usual) && !enforced(&[user("a", &[("role", "manager")])], usual));
    assert!(!enforced(&[user("gone", &[("role", "admin"), ("left_on", "2026-03-11")])], usual));
    assert!(enforced(&[user("last", &[("role", "admin"), ("left_on", TODAY)])], usual), "the last day counts");
    let free = Access::of_email(&policy_of(&[], usual), "anybody@example.com");
    let lead = record(LEAD, 'x', "a");
    assert!(free.may_read(&lead, &subjects("a")) && free.may_write(Some(&lead), None, &subjects("a")).is_ok());
}

#[test]
fn nobody_is_locked_out() {
    let admin = user("admin", &[("role", "admin")]);
    let sales = user("sales", &[("role", "sales")]);
    let policy = |users: &[&Record]| {
        let users: Vec<Record> = users.iter().map(|user| (*user).clone()).collect();
        policy_of(&users, AccessRules::default())
    };
    let change = |before: &[&Record], after: &[&Record], email: &str| {
        policy(before).refuse_lock_out(&policy(after), email).map_err(|failure| failure.exit)
    };
    assert_eq!(change(&[], &[&sales], "sales@example.com"), Ok(()));
    assert_eq!(change(&[], &[&admin, &sales], "ADMIN@example.com"), Ok(()));
    assert_eq!(change(&[&sales], &[&admin, &sales], "sales@example.com"), Err(Exit::Denied));
    assert_eq!(change(&[&admin, &sales], &[&sales], "admin@example.com"), Err(Exit::Denied));
    assert_eq!(change(&[&admin], &[], "admin@example.com"), Ok(()), "one person's again");
    let other = user("other", &[("role", "admin")]);
    assert_eq!(change(&[&admin, &other], &[&other], "admin@example.com"), Ok(()));
    let lifted = AccessRules { enforce: false, ..AccessRules::default() };
    let after = policy_of(std::slice::from_ref(&sales), lifted);
    assert_eq!(policy(&[&admin, &sales]).refuse_lock_out(&after, "admin@example.com"), Ok(()));
}

#[test]
fn only_admins_act_in_another_name() {
    let login = |access: Result<Access, Failure>| match access.map(|access| access.standing().clone()) {
        Ok(Standing::Member(member, _)) => member.login,
        other => format!("{:?}", other.map_err(|failure| failure.exit)),
    };
    assert_eq!(login(access("admin").act_as("sales")), "sales");
    assert_eq!(login(access("sales").act_as("sales")), "sales");
    assert_eq!(login(access("manager").act_as("sales")), "Err(Denied)");
    assert_eq!(login(access("gone").act_as("gone")), "Err(Denied)");
}
