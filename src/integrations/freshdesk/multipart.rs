//! The body of a form with files (RFC 7578).

use serde_json::{Map, Value};

use crate::integrations::desk::File;

/// Content type and body. Fields are written as Freshdesk reads them: `tags[]`, `custom_fields[cf_name]`. `boundary` is
/// a text that nobody can have put into a field or a file.
pub fn form(boundary: &str, fields: &Map<String, Value>, files: &[(&File, Vec<u8>)]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    let mut part = |head: String, content: &[u8]| {
        body.extend_from_slice(format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    for (name, value) in fields.iter().flat_map(|(name, value)| flat(name, value)) {
        part(format!("name=\"{}\"", quoted(&name)), value.as_bytes());
    }
    for (file, content) in files {
        let name = quoted(&file.name);
        let head = format!("name=\"attachments[]\"; filename=\"{name}\"\r\nContent-Type: {}", file.media_type);
        part(head, content);
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

fn flat(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Array(list) => list.iter().flat_map(|one| flat(&format!("{name}[]"), one)).collect(),
        Value::Object(map) => map.iter().flat_map(|(key, one)| flat(&format!("{name}[{key}]"), one)).collect(),
        Value::String(text) => vec![(name.to_owned(), text.clone())],
        other => vec![(name.to_owned(), other.to_string())],
    }
}

/// As browsers do (HTML Standard, multipart/form-data).
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn fields_and_files_are_parts() {
        let fields = json!({ "status": 2, "tags": ["a", "b"], "custom_fields": { "cf_x": "y" }, "odd\"name": "1" });
        let name = "log \"1\".txt".to_owned();
        let file = File { name, media_type: "text/plain".to_owned(), bytes: 2, path: "x".into() };
        let (content_type, body) = form("edge", fields.as_object().unwrap(), &[(&file, b"ok".to_vec())]);
        assert_eq!(content_type, "multipart/form-data; boundary=edge");
        let body = String::from_utf8(body).unwrap();
        let part = |name: &str, value: &str| {
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        for (name, value) in
            [("status", "2"), ("tags[]", "a"), ("tags[]", "b"), ("custom_fields[cf_x]", "y"), ("odd%22name", "1")]
        {
            assert!(body.contains(&part(name, value)), "{name} is missing in {body}");
        }
        let end = "name=\"attachments[]\"; filename=\"log %221%22.txt\"\r\nContent-Type: text/plain\r\n\r\nok\r\n--edge--\r\n";
        assert!(body.ends_with(end), "{body}");
    }
}
