//! Stages of opportunities in pushed commits: no way round their gates by plain git.

use super::Team;

const DEAL: &str = "opportunities/2026/OPP-2026-001.toml";

/// A team in which `li` has an opportunity in the first stage.
fn selling() -> Team {
    let team = Team::new();
    let customer = ["name=Acme", "region=Hangzhou", "source=hotline", "type=intent", "owner=li"];
    team.kehu("li", &[&["customer", "add"][..], &customer].concat());
    let deal = ["name=Desks", "customer=Acme", "owner=li", "amount=620000", "expected_on=2026-05-01"];
    team.kehu("li", &[&["opportunity", "add"][..], &deal].concat());
    team.pushed("li");
    team
}

#[test]
fn a_stage_set_by_hand_wants_its_materials_all_the_same() {
    let team = selling();
    team.edit("li", DEAL, "stage = \"needs\"", "stage = \"won\"");
    team.commit("li");
    let said = team.refused("li", &["HEAD"]);
    assert!(said.contains("lacks what the stage Won wants: Proposal, Negotiation first"), "{said}");
    team.reset("li");
    team.write("li", "../quote.pdf", "quote");
    team.kehu("li", &["attach", "OPP-2026-001", "../quote.pdf", "--kind", "quote"]);
    team.kehu("li", &["opportunity", "advance", "OPP-2026-001"]);
    team.pushed("li");
    // What it stands on is not taken away in a later push either.
    let text = std::fs::read_to_string(team.folder("li").join(DEAL)).unwrap();
    team.write("li", DEAL, text.split("\n[[attachments]]").next().unwrap());
    team.commit("li");
    assert!(team.refused("li", &["HEAD"]).contains("a file of the kind Quote"));
}

#[test]
fn approvals_and_waivers_written_by_hand_are_a_managers() {
    let team = selling();
    let approval = "\n[[approvals]]\nat = 2026-03-12T09:00:00+08:00\nby = \"boss\"\namount = \"700000.00\"\n";
    for (old, new) in [
        ("owner = \"li\"\n", format!("owner = \"li\"\n{approval}")),
        ("opened_on", "materials_waived = \"old\"\nopened_on".to_string()),
    ] {
        team.edit("li", DEAL, old, &new);
        team.commit("li");
        let said = team.refused("li", &["HEAD"]);
        assert!(
            said.contains("`OPP-2026-001` is not yours to approve") && said.contains("`boss` could do it"),
            "{said}"
        );
        team.reset("li");
    }
    team.git_done("boss", &["pull", "-q"]);
    team.kehu("boss", &["approve", "OPP-2026-001"]);
    team.pushed("boss");
}
