//! What the manual shows works as it says.

use super::*;

fn page(name: &str) -> String {
    let path = format!("{}/content/support/{name}.md", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// The texts of a page that are YAML.
fn examples(page: &str) -> Vec<&str> {
    page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_examples_of_the_manual_are_rules_and_the_test_holds() {
    let (routing, escalations, on_call, alerts) =
        (page("routing"), page("escalations"), page("on-call"), page("alerts"));
    let examples = examples(&routing);
    let others = [&escalations, &on_call, &alerts].map(|page| self::examples(page).concat());
    let rules = [examples[0], &others.concat()].concat();
    let (rules, problems) = read(&rules);
    let own = problems.iter().filter(|problem| problem.file == "routing.yml");
    assert_eq!(own.map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    let (rules, mut problems) = (rules.unwrap(), Vec::new());
    let tests = Expectation::read("routing-tests.yml", examples[1], &rules, &mut problems);
    problems.extend(tests.iter().flat_map(|test| test.check("routing-tests.yml", &rules)));
    assert_eq!((tests.len(), problems.iter().map(ToString::to_string).collect::<Vec<_>>()), (1, Vec::new()));
    for example in &examples[2..] {
        let text = format!("{}{example}", examples[0].split("rules:").next().unwrap());
        let (rules, problems) = read(&text);
        assert!(rules.is_some(), "{example}: {problems:?}");
    }
}

#[test]
fn steps_at_one_moment_have_names_of_their_own() {
    let (before, rest) = RULES.split_once("escalations:").unwrap();
    let (_, after) = rest.split_once("on_call:").unwrap();
    let own = "escalations:\n  - { at: breach, notify: a@example.com }\n  - { at: 50%, notify: a@example.com }\n  \
               - { at: breach, notify: b@example.com }\n";
    let rules = read(&format!("{before}{own}on_call:{after}")).0.unwrap();
    let facts = Facts { opened_at: at("2026-11-23T10:00[Europe/Berlin]"), ..Facts::default() };
    let standing = Standing { class: "general", priority: Priority::Normal, agent: None };
    let promised = promise(&rules, &facts, &standing, facts.opened_at);
    let steps = promised.steps.iter().filter(|step| step.target == Target::FirstReply);
    let names: Vec<_> = steps.map(|step| step.moment.as_str()).collect();
    assert_eq!(names, ["50%", "breach", "breach (2)"]);
}
