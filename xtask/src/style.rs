//! One style sheet: `style/main.css` with what it imports put in place, then minified.

use anyhow::{Context, Result, anyhow};
use lightningcss::{
    error::Error,
    printer::PrinterOptions,
    rules::{CssRule, import::ImportRule},
    stylesheet::{MinifyOptions, ParserOptions, StyleSheet},
    targets::{Browsers, Features, Targets},
    traits::ToCss,
};
use std::{fmt::Display, fs, path::Path};

/// Bundles and minifies the style sheet at `path`. Errors name file, line and column.
pub fn build(path: &Path) -> Result<Vec<u8>> {
    let bundled = bundle(path)?;
    let name = path.display().to_string();
    let mut sheet = parse(&name, &bundled)?;
    let targets = targets();
    sheet.minify(MinifyOptions { targets, ..Default::default() }).map_err(|error| anyhow!("{name}: {error}"))?;
    let options = PrinterOptions { minify: true, targets, ..Default::default() };
    let printed = sheet.to_css(options).map_err(|error| anyhow!("{name}: {error}"))?;
    Ok(printed.code.into_bytes())
}

/// The text of `path` in which every `@import` has become the imported text, inside the layer and conditions it names.
fn bundle(path: &Path) -> Result<String> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).with_context(|| format!("could not read {name}"))?;
    let sheet = parse(&name, &text)?;
    let mut bundled = String::with_capacity(text.len());
    for rule in &sheet.rules.0 {
        match rule {
            CssRule::Import(import) => bundled += &inline(import, &path.with_file_name(&*import.url))?,
            rule => bundled += &print(rule)?,
        }
        bundled.push('\n');
    }
    Ok(bundled)
}

fn inline(import: &ImportRule, path: &Path) -> Result<String> {
    let mut text = bundle(path)?;
    if let Some(layer) = &import.layer {
        let name = layer.as_ref().map_or(Ok(String::new()), print)?;
        text = format!("@layer {name} {{\n{text}\n}}");
    }
    if let Some(supports) = &import.supports {
        text = format!("@supports {} {{\n{text}\n}}", print(supports)?);
    }
    if !import.media.media_queries.is_empty() {
        text = format!("@media {} {{\n{text}\n}}", print(&import.media)?);
    }
    Ok(text)
}

fn parse<'text>(name: &str, text: &'text str) -> Result<StyleSheet<'text>> {
    let options = ParserOptions { filename: name.to_owned(), ..Default::default() };
    StyleSheet::parse(text, options).map_err(|error| anyhow!(located(error)))
}

/// `file:line:column: what is wrong`; lightningcss counts lines from 0.
fn located<Kind: Display>(error: Error<Kind>) -> String {
    match error.loc {
        Some(at) => format!("{}:{}:{}: {}", at.filename, at.line + 1, at.column, error.kind),
        None => error.kind.to_string(),
    }
}

fn print(part: &impl ToCss) -> Result<String> {
    part.to_css_string(PrinterOptions::default()).map_err(|error| anyhow!("{error}"))
}

/// Browsers from spring 2023 on. What they lack, such as nesting, is written out for them;
/// `light-dark()` is not, because the imitation does not follow `data-theme`.
fn targets() -> Targets {
    let version = |major: u32, minor: u32| Some(major << 16 | minor << 8);
    let browsers = Browsers {
        chrome: version(112, 0),
        edge: version(112, 0),
        firefox: version(113, 0),
        safari: version(16, 4),
        ios_saf: version(16, 4),
        ..Default::default()
    };
    Targets { browsers: Some(browsers), exclude: Features::LightDark, ..Default::default() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(files: &[(&str, &str)], expect: Result<&str, &str>) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let built = build(&folder.path().join("main.css"));
        match expect {
            Ok(css) => assert_eq!(String::from_utf8(built.unwrap()).unwrap(), css),
            Err(part) => {
                let error = format!("{:#}", built.unwrap_err());
                assert!(error.contains(part), "{error}");
            }
        }
    }

    #[test]
    fn imports_land_in_their_layer() {
        let main = "@layer base, page;\n@import 'a.css' layer(base);\n@import url('b.css') layer(page) print;";
        check(
            &[("main.css", main), ("a.css", "body { margin: 0px }"), ("b.css", "p { color: black }")],
            Ok("@layer base{body{margin:0}}@layer page;@media print{@layer page{p{color:#000}}}"),
        );
    }

    #[test]
    fn imports_of_imports_and_rules_stay_in_order() {
        check(
            &[
                ("main.css", "@import 'a.css';\n p { top: 1px }"),
                ("a.css", "@import 'b.css';"),
                ("b.css", "i { top: 2px }"),
            ],
            Ok("i{top:2px}p{top:1px}"),
        );
    }

    #[test]
    fn nesting_is_written_out_and_light_dark_is_left() {
        check(
            &[("main.css", "a { color: light-dark(red, blue); &:hover { top: 0 } }")],
            Ok("a{color:light-dark(red,#00f)}a:hover{top:0}"),
        );
    }

    #[test]
    fn errors_name_the_place() {
        check(&[("main.css", "@import 'missing.css';")], Err("missing.css"));
        check(&[("main.css", "@import 'a.css';"), ("a.css", "p { color: red")], Ok("p{color:red}"));
        check(&[("main.css", "@import 'a.css';"), ("a.css", "\n}{")], Err("a.css:2:"));
    }
}
