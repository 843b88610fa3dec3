//! Categories and tags: what they leave, and in which order they are offered.

use app::model::Facet;

use super::*;

fn counts(facets: &[Facet], name: &str) -> Vec<(String, usize, bool)> {
    let values = facets.iter().filter(|facet| facet.name == name).flat_map(|facet| &facet.values);
    values.map(|value| (value.value.clone(), value.count, value.selected)).collect()
}

fn row(value: &str, count: usize, selected: bool) -> (String, usize, bool) {
    (value.to_owned(), count, selected)
}

#[test]
fn facets_begin_with_what_is_chosen_then_with_what_leaves_most() {
    let page = |path: &str, tag: &str| tagged(Page::for_test(path, "Snapshot", "Of a snapshot."), &[tag]);
    let site = Site::of(vec![
        category("/", "Home"),
        category("/a", "Zebra"),
        category("/b", "ant"),
        category("/c", "Bee"),
        page("/a/1", "rare"),
        page("/b/1", "often"),
        page("/c/1", "often"),
        page("/c/2", "Also"),
    ]);
    let labels = |query: &Query, name: &str| -> Vec<String> {
        site.ask(query)
            .facets
            .iter()
            .filter(|it| it.name == name)
            .flat_map(|it| &it.values)
            .map(|it| it.label.clone())
            .collect()
    };
    let all = query("snapshot");
    assert_eq!(labels(&all, "category"), ["Bee", "ant", "Zebra"]);
    assert_eq!(labels(&all, "tag"), ["often", "Also", "rare"]);
    assert_eq!(labels(&Query { category: Some("a".into()), ..all.clone() }, "category"), ["Zebra", "Bee", "ant"]);
}

#[test]
fn facets_count_what_each_choice_would_leave() {
    let site = backup_site();
    let results = site.text("snapshot");
    assert_eq!(counts(&results.facets, "category"), [row("backup", 2, false)]);
    assert_eq!(counts(&results.facets, "tag"), [row("Backup", 2, false), row("cloud", 1, false)]);

    let narrowed = site.ask(&Query { category: Some("backup/cloud".into()), ..query("snapshot") });
    assert_eq!(urls(&narrowed), ["/help/backup/cloud/s3"]);
    assert_eq!(counts(&narrowed.facets, "category"), [row("backup/cloud", 1, true), row("backup", 2, false)]);
    assert_eq!(counts(&narrowed.facets, "tag"), [row("Backup", 1, false), row("cloud", 1, false)]);

    let elsewhere = site.ask(&Query {
        category: Some("admin".into()),
        attributes: vec![(Attribute::Tag, "cloud".into())],
        ..query("snapshot")
    });
    assert_eq!(elsewhere.total, 0);
    assert_eq!(counts(&elsewhere.facets, "category"), [row("admin", 0, true), row("backup", 1, false)]);
    assert_eq!(counts(&elsewhere.facets, "tag"), [row("cloud", 0, true)]);
}

#[test]
fn unknown_filters_are_told_and_left_out() {
    let asked = Query {
        category: Some("absent".into()),
        attributes: vec![(Attribute::Tag, "nothing".into()), (Attribute::Tag, "CLOUD".into())],
        locale: Some("xx".into()),
        ..query("snapshot")
    };
    let results = backup_site().ask(&asked);
    assert_eq!(urls(&results), ["/help/backup/cloud/s3"]);
    let told = |name: &str, value: &str| Notice::UnknownFilter { name: name.to_owned(), value: value.to_owned() };
    assert_eq!(results.notices, [told("locale", "xx"), told("category", "absent"), told("tag", "nothing")]);
}

#[test]
fn versions_narrow_a_search() {
    let page = |path: &str, versions: &[&str]| Page {
        versions: versions.iter().map(|version| (*version).to_owned()).collect(),
        ..Page::for_test(path, "Snapshot", "Of a snapshot.")
    };
    let site = Site::of(vec![page("/old", &["1.0"]), page("/both", &["1.0", "2.0"]), page("/all", &[])]);
    let chosen = Query { attributes: vec![(Attribute::Version, "2.0".into())], ..query("snapshot") };
    assert_eq!(urls(&site.ask(&chosen)), ["/help/both"]);
    let facets = site.text("snapshot").facets;
    assert_eq!(counts(&facets, "version"), [row("1.0", 2, false), row("2.0", 1, false)]);
}

#[test]
fn groups_of_readers_are_told_to_their_members_only() {
    let page = |path: &str, groups: &[&str]| Page {
        audience: groups.iter().map(|group| (*group).to_owned()).collect(),
        ..Page::for_test(path, "Snapshot", "Of a snapshot.")
    };
    let site = Site::of(vec![page("/public", &[]), page("/staff", &["staff", "partner"]), page("/plans", &["board"])]);
    let staff = identity::from_command_line(&["staff".to_owned()]);
    let results = search(&site.index, &site.snapshot, &staff, &query("snapshot"));
    assert_eq!(counts(&results.facets, "audience"), [row("staff", 1, false)]);
    let by_group = |group: &str| Query { attributes: vec![(Attribute::Audience, group.into())], ..query("snapshot") };
    let narrowed = search(&site.index, &site.snapshot, &staff, &by_group("staff"));
    assert_eq!(urls(&narrowed), ["/help/staff"]);
    for group in ["partner", "board"] {
        let unknown = Notice::UnknownFilter { name: "audience".into(), value: group.into() };
        assert_eq!(search(&site.index, &site.snapshot, &staff, &by_group(group)).notices, [unknown], "{group}");
    }
    assert!(counts(&site.text("snapshot").facets, "audience").is_empty());
}

#[test]
fn each_language_says_how_much_it_has() {
    let site = Site::of(vec![
        Page::for_test("/one", "Snapshot", "Of a snapshot."),
        in_locale(Page::for_test("/de/eins", "Snapshot", "Ein Snapshot."), "de"),
        in_locale(Page::for_test("/de/zwei", "Sicherung", "Noch ein Snapshot."), "de"),
        in_locale(for_audience(Page::for_test("/de/drei", "Intern", "Snapshot intern."), "staff"), "de"),
    ]);
    let counted = |text: &str| counts(&site.ask(&Query { count_locales: true, ..query(text) }).facets, "locale");
    assert_eq!(counted("snapshot "), [row("en", 1, true), row("de", 2, false)]);
    assert_eq!(counted("sicherung "), [row("en", 0, true), row("de", 1, false)]);
    assert!(counted("nothing ").is_empty());
}
