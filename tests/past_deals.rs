//! Deals of the past come in from the tables of other programs by the mappings that ship, and the reports count them.

mod common;

use common::Env;
use insta::assert_snapshot;

/// Tables with the headings of the sets the mappings are for; their rows are made up.
const TABLES: [(&str, &str, &str, &str); 3] = [
    (
        "user",
        "maven-users",
        "sales_teams.csv",
        "sales_agent,manager,regional_office
Ada North,Max Head,East
Ben South,Max Head,West
",
    ),
    (
        "customer",
        "maven-accounts",
        "accounts.csv",
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of
Alphawerk,technolgy,1996,12.5,600,Kenya,
Betahaus,medical,2001,3,120,Norway,Alphawerk
",
    ),
    (
        "opportunity",
        "maven-opportunities",
        "sales_pipeline.csv",
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
AA1,Ada North,GTXPro,Alphawerk,Won,10/20/2016,3/1/2017,1054
AA2,Ben South,GTX Pro,Betahaus,Won,12/30/2016,4/9/2017,500
AA3,Ada North,MG Special,Alphawerk,Lost,1/5/2017,1/15/2017,0
AA4,Ben South,MG Special,,Engaging,2/1/2017,,
AA5,Ben South,MG Special,Betahaus,Prospecting,,,
",
    ),
];

const POTENTIALS: &str = "\
Potential Name,Potential Owner,Created Time,Closing Date,Amount,Expected Revenue,Stage,Type,Lead Source,Probability,LEADID
\"Doe, Jo\",Ada North,\"15 Apr, 2021 00:02:00\",\"16 Apr, 2021 00:03:00\",\"$22,700.00\",$1.00,Needs Analysis,New,Partner,100,1
\"Doe, Jo\",Ada North,\"01 Mar, 2021 00:02:00\",\"11 Mar, 2021 00:03:00\",\"$9,400.50\",$1.00,Closed Won,New,Partner,100,2
\"Roe, Al\",Ben South,\"01 Mar, 2021 00:02:00\",\"31 Mar, 2021 00:03:00\",\"$600.00\",$1.00,Closed Lost,New,,0,3
";

fn mapping(name: &str) -> String {
    format!("{}/examples/import/{name}.toml", env!("CARGO_MANIFEST_DIR"))
}

/// Imports a table, all rows of which must come in; returns what is said.
#[track_caller]
fn import(env: &Env, kind: &str, map: &str, table: &str) -> String {
    let output = env.run(&[kind, "import", table, "--map", &mapping(map)]);
    assert_eq!(output.code, 0, "{output}");
    output.stdout + &output.stderr
}

/// Returns the tables of a report, without what stands above and below them.
#[track_caller]
fn tables(env: &Env, args: &[&str]) -> String {
    let printed = env.done(&[&["report"], args, &["-o", "plain"]].concat());
    let (_, below) = printed.split_once("\n\n").expect("facts, then tables");
    below.split("\n\nDefinition").next().unwrap_or_default().to_string()
}

/// A repository that counts dollars, with the three tables in it; returns what was said of the deals too.
fn sold() -> (Env, String) {
    let env = Env::repository("en");
    env.edit("kehu.toml", "currency = \"CNY\"", "currency = \"USD\"");
    env.done(&["commit", "-q"]);
    env.done(&["user", "add", "tester", "name=Tester", "email=test@example.com", "role=admin"]);
    let mut said = String::new();
    for (kind, map, table, text) in TABLES {
        env.write(table, text);
        said = import(&env, kind, map, table);
    }
    (env, said)
}

#[test]
fn deals_of_the_past_come_in_without_what_their_stages_want_and_say_so() {
    let (env, said) = sold();
    assert!(said.contains("5 created") && said.contains("0 rejected"), "{said}");
    assert!(said.contains("row 5: Customer is missing"), "{said}");
    let check = env.run(&["check"]);
    assert!(check.stdout.contains("OPP-2026-004.toml:1:1: Customer is missing"), "{check}");
    assert_snapshot!(env.read("opportunities/2026/OPP-2026-001.toml"), @r#"
    stage = "won"
    name = "GTXPro AA1"
    customer = "B2B-2026-001"
    amount = "1054.00"
    products = ["GTX Pro"]
    actual_amount = "1054.00"
    materials_waived = "taken over from the Maven Analytics set"
    opened_on = 2016-10-20
    owner = "Ada-North"
    closed_on = 2017-03-01

    [custom]
    opportunity_id = "AA1"
    "#);
    let again = import(&env, "opportunity", "maven-opportunities", "sales_pipeline.csv");
    assert!(again.contains("0 created, 0 updated, 5 unchanged"), "{again}");
    // Who enters a stage by hand is asked for what it wants, and so is a table that does not say why not.
    let add =
        ["opportunity", "add", "name=X", "customer=Betahaus", "amount=1", "expected_on=2026-05-01", "owner=tester"];
    let refused = env.refused(6, &[&add[..], &["stage=lost"]].concat());
    assert!(refused.contains("a lost opportunity needs a reason"), "{refused}");
    env.write("more.csv", "name,customer,stage,owner\nY,Betahaus,lost,tester\n");
    let rejected = env.run(&["opportunity", "import", "more.csv"]);
    assert!(rejected.stderr.contains("a lost opportunity needs a reason"), "{rejected}");
}

#[test]
fn the_deals_of_maven_are_won_and_lost() {
    let (env, _) = sold();
    assert_snapshot!(tables(&env, &["winloss", "--quarter", "2017-Q1"]), @"
    By quarter
    Quarter  Won  Lost   Rate  Won amount  Lost amount  By amt
    2017-Q1    1     1  50.0%    1,054.00         0.00
    Total      1     1  50.0%    1,054.00         0.00
    1 of them state no amount

    By owner
    Owner      Won  Lost   Rate  Won amount  Lost amount  By amt
    Ada North    1     1  50.0%    1,054.00         0.00
    Total        1     1  50.0%    1,054.00         0.00

    By source
    Source  Won  Lost   Rate  Won amount  Lost amount  By amt
    Other     1     1  50.0%    1,054.00         0.00
    Total     1     1  50.0%    1,054.00         0.00

    By industry
    Industry                                            Won  Lost   Rate  Won amount  Lost amount  By amt
    Information transmission, software and IT services    1     1  50.0%    1,054.00         0.00
    Total                                                 1     1  50.0%    1,054.00         0.00

    By size
    Size   Won  Lost   Rate  Won amount  Lost amount  By amt
    Large    1     1  50.0%    1,054.00         0.00
    Total    1     1  50.0%    1,054.00         0.00

    By product
    Product     Won  Lost    Rate  Won amount  Lost amount  By amt
    GTX Pro       1     0  100.0%    1,054.00         0.00  100.0%
    MG Special    0     1    0.0%        0.00         0.00

    By competitor
    Competitor  Won  Lost   Rate  Won amount  Lost amount  By amt
    not stated    1     1  50.0%    1,054.00         0.00

    Lost because
    Reason      Lost   Share  Lost amount
    not stated     1  100.0%         0.00
    Total          1  100.0%         0.00

    Lost in stage
    Stage       Lost   Share  Lost amount
    not stated     1  100.0%         0.00
    Total          1  100.0%         0.00

    Cycle
    Outcome  Counted  Left out  Mean days  Median days
    won            1         0        132          132
    lost           1         0         10           10
    ");
    assert_snapshot!(tables(&env, &["pipeline", "--owner", "Ben South"]), @"
    By stage
    Stage     Open  Amount  Weighted
    Needs        1    0.00      0.00
    Proposal     1    0.00      0.00
    Total        2    0.00      0.00

    By owner
    Owner      Open  Amount  Weighted
    Ben South     2    0.00      0.00
    Total         2    0.00      0.00

    By month
    Expected    Open  Amount  Weighted
    not stated     2    0.00      0.00
    Total          2    0.00      0.00

    Slipped
    none

    Largest slipped
    none
    ");
}

#[test]
fn the_potentials_of_zoho_are_open_won_and_lost() {
    let (env, _) = sold();
    env.write("Potentials.csv", POTENTIALS);
    let said = import(&env, "opportunity", "zoho-opportunities", "Potentials.csv");
    assert!(said.contains("3 created"), "two of one name are two: {said}");
    let again = import(&env, "opportunity", "zoho-opportunities", "Potentials.csv");
    assert!(again.contains("0 created, 0 updated, 3 unchanged"), "{again}");
    assert_snapshot!(tables(&env, &["winloss", "--year", "2021"]), @"
    By quarter
    Quarter  Won  Lost   Rate  Won amount  Lost amount  By amt
    2021-Q1    1     1  50.0%    9,400.50       600.00   94.0%
    Total      1     1  50.0%    9,400.50       600.00   94.0%

    By owner
    Owner      Won  Lost    Rate  Won amount  Lost amount  By amt
    Ada North    1     0  100.0%    9,400.50         0.00  100.0%
    Ben South    0     1    0.0%        0.00       600.00    0.0%
    Total        1     1   50.0%    9,400.50       600.00   94.0%

    By source
    Source      Won  Lost   Rate  Won amount  Lost amount  By amt
    not stated    1     1  50.0%    9,400.50       600.00   94.0%
    Total         1     1  50.0%    9,400.50       600.00   94.0%

    By industry
    Industry    Won  Lost   Rate  Won amount  Lost amount  By amt
    not stated    1     1  50.0%    9,400.50       600.00   94.0%
    Total         1     1  50.0%    9,400.50       600.00   94.0%

    By size
    Size        Won  Lost   Rate  Won amount  Lost amount  By amt
    not stated    1     1  50.0%    9,400.50       600.00   94.0%
    Total         1     1  50.0%    9,400.50       600.00   94.0%

    By product
    Product     Won  Lost   Rate  Won amount  Lost amount  By amt
    not stated    1     1  50.0%    9,400.50       600.00   94.0%

    By competitor
    Competitor  Won  Lost   Rate  Won amount  Lost amount  By amt
    not stated    1     1  50.0%    9,400.50       600.00   94.0%

    Lost because
    Reason      Lost   Share  Lost amount
    not stated     1  100.0%       600.00
    Total          1  100.0%       600.00

    Lost in stage
    Stage       Lost   Share  Lost amount
    not stated     1  100.0%       600.00
    Total          1  100.0%       600.00

    Cycle
    Outcome  Counted  Left out  Mean days  Median days
    won            1         0         10           10
    lost           1         0         30           30
    ");
    assert_snapshot!(tables(&env, &["forecast", "--year", "2021"]), @"
    By month
    Month         Won  Open  Commit  Best case  Weighted
    2021-03  9,400.50     0    0.00       0.00      0.00
    2021-04      0.00     1    0.00  22,700.00  4,540.00
    Total    9,400.50     1    0.00  22,700.00  4,540.00

    By quarter
    Quarter       Won  Open  Commit  Best case  Weighted
    2021-Q1  9,400.50     0    0.00       0.00      0.00
    2021-Q2      0.00     1    0.00  22,700.00  4,540.00
    Total    9,400.50     1    0.00  22,700.00  4,540.00

    Open, not in the period
    Expected  Open  Commit  Best case  Weighted
    no day       2    0.00       0.00      0.00
    Total        2    0.00       0.00      0.00
    ");
}
