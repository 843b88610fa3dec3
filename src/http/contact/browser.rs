//! What a reader uses, from the words a browser says of itself.

/// A browser and its system, as people call them; empty for what nobody knows.
pub fn name(agent: &str) -> String {
    let version = |name: &str| {
        let (_, rest) = agent.split_once(&format!("{name}/"))?;
        Some(rest.split(['.', ' ']).next().unwrap_or_default().to_owned())
    };
    // Each also calls itself by the names below it.
    let browsers =
        [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Version", "Safari")];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let browser = browsers.iter().find_map(|(token, name)| Some(format!("{name} {}", version(token)?)));
    let system = systems.iter().find(|(token, _)| agent.contains(token)).map(|(_, name)| *name);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (browser, system) => browser.unwrap_or_else(|| system.unwrap_or_default().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_name() {
        let check = |agent: &str, expect: &str| assert_eq!(name(agent), expect);
        check("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140, Linux");
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
            "Edge 141, Windows",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari 18, iOS",
        );
        check("curl/8.5.0", "");
    }
}
