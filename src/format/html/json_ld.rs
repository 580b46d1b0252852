//! The fields of a page's JSON-LD (schema.org) that tell what the document is.
//!
//! Only objects that describe an article or another work are asked; what is no JSON is passed over.

use dom_query::Document;
use serde_json::Value;

use super::metadata::Field;

/// The deepest object that is looked for: `@graph` and `mainEntity` are two levels.
const DEEPEST: usize = 4;

/// Endings of the names of types that are works.
const WORKS: &[&str] = &[
    "Article",
    "Posting",
    "WebPage",
    "Report",
    "Book",
    "Chapter",
    "CreativeWork",
    "Thesis",
    "Work",
];

/// What the page says in its JSON-LD scripts, as fields named like the properties in lower case.
pub(super) fn fields(document: &Document) -> Vec<Field> {
    let mut fields = Vec::new();
    for node in document.select("script[type='application/ld+json']").nodes() {
        if let Ok(value) = serde_json::from_str::<Value>(node.text().trim()) {
            collect(&value, 0, &mut fields);
        }
    }
    fields
}

fn collect(value: &Value, depth: usize, fields: &mut Vec<Field>) {
    if depth > DEEPEST {
        return;
    }
    if let Value::Array(values) = value {
        values.iter().for_each(|value| collect(value, depth + 1, fields));
        return;
    }
    let Value::Object(object) = value else { return };
    for inside in ["@graph", "mainEntity"] {
        if let Some(value) = object.get(inside) {
            collect(value, depth + 1, fields);
        }
    }
    if !object.get("@type").is_some_and(is_work) {
        return;
    }
    for property in ["headline", "datePublished", "dateModified", "inLanguage"] {
        if let Some(value) = object.get(property).and_then(Value::as_str) {
            push(fields, property.to_ascii_lowercase(), value);
        }
    }
    for property in ["author", "publisher"] {
        for name in object.get(property).map(names).unwrap_or_default() {
            push(fields, format!("{property}.name"), name);
        }
    }
}

fn push(fields: &mut Vec<Field>, name: String, value: &str) {
    if !value.trim().is_empty() {
        fields.push(Field { name, value: value.trim().to_owned(), method: "JSON-LD" });
    }
}

fn is_work(kind: &Value) -> bool {
    match kind {
        Value::String(name) => WORKS.iter().any(|work| name.ends_with(work)),
        Value::Array(names) => names.iter().any(is_work),
        _ => false,
    }
}

/// A person or organisation is a name, an object with one, or a list of them.
fn names(value: &Value) -> Vec<&str> {
    match value {
        Value::String(name) => vec![name],
        Value::Object(object) => object.get("name").map(names).unwrap_or_default(),
        Value::Array(values) => values
            .iter()
            .flat_map(|value| match value {
                Value::Array(_) => Vec::new(),
                other => names(other),
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_are_read_wherever_they_stand_and_others_are_not() {
        let page = "<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"Organization\",\
                    \"name\":\"x\",\"headline\":\"no\"},{\"@type\":[\"NewsArticle\"],\"headline\":\"渡轮\",\
                    \"author\":[{\"name\":\"Ito\"},\"Orlov\"],\"datePublished\":\"2019-06-12T08:00:00Z\",\
                    \"publisher\":{\"name\":\"Sannoe News\"}}]}</script>\
                    <script type='application/ld+json'>{broken</script>";
        let found: Vec<(String, String)> = fields(&Document::from(page))
            .into_iter()
            .map(|field| (field.name, field.value))
            .collect();
        let expected = [
            ("headline", "渡轮"),
            ("datepublished", "2019-06-12T08:00:00Z"),
            ("author.name", "Ito"),
            ("author.name", "Orlov"),
            ("publisher.name", "Sannoe News"),
        ];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
