//! What a page states about itself: Dublin Core, Highwire (`citation_*`), Open Graph, JSON-LD, meta
//! elements, its title and its language.
//!
//! One source speaks for each term, the first of the term's list that has a value; what the others
//! say is kept under their own field names. Nothing is worked out of the text here.

use dom_query::Document;

use super::super::date;
use super::json_ld;
use crate::model::Metadatum;

/// Fields by the term they speak for, the most careful source first.
const TERMS: &[(&str, &[&str])] = &[
    (
        "title",
        &["citation_title", "dc.title", "dcterms.title", "headline", "og:title", "twitter:title"],
    ),
    (
        "creator",
        &[
            "citation_author",
            "citation_authors",
            "dc.creator",
            "dcterms.creator",
            "author.name",
            "article:author",
            "author",
            "parsely-author",
            "sailthru.author",
            "byl",
        ],
    ),
    (
        "date",
        &[
            "citation_publication_date",
            "citation_online_date",
            "citation_date",
            "dcterms.issued",
            "dc.date.issued",
            "dcterms.date",
            "dc.date",
            "datepublished",
            "article:published_time",
            "og:published_time",
            "publication_date",
            "pubdate",
            "publishdate",
            "parsely-pub-date",
            "sailthru.date",
            "date",
        ],
    ),
    ("modified", &["dcterms.modified", "datemodified", "article:modified_time", "last-modified"]),
    ("subject", &["citation_keywords", "dc.subject", "dcterms.subject", "article:tag", "keywords"]),
    ("abstract", &["citation_abstract", "dcterms.abstract"]),
    ("description", &["dc.description", "dcterms.description", "description", "og:description"]),
    (
        "publisher",
        &[
            "citation_publisher",
            "dc.publisher",
            "dcterms.publisher",
            "publisher.name",
            "og:site_name",
        ],
    ),
    ("identifier", &["citation_doi", "dc.identifier", "dcterms.identifier"]),
    ("source", &["canonical", "og:url", "citation_abstract_html_url"]),
    ("rights", &["dc.rights", "dcterms.rights", "copyright"]),
    (
        "language",
        &[
            "html lang",
            "dc.language",
            "dcterms.language",
            "citation_language",
            "content-language",
            "inlanguage",
            "og:locale",
        ],
    ),
];

/// A field of the page as it stands there.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) method: &'static str,
}

/// The statements of a page. `headings` are its headings, among which the title may stand.
pub(super) fn statements(document: &Document, headings: &[&str]) -> Vec<Metadatum> {
    let mut fields = fields(document);
    fields.extend(json_ld::fields(document));
    let mut metadata = Vec::new();
    for (term, sources) in TERMS {
        let usable = |source: &&&str| {
            fields.iter().any(|field| field.name == **source && value(term, field).is_some())
        };
        let Some(source) = sources.iter().find(usable) else { continue };
        let of_source = fields.iter().filter(|field| field.name == **source);
        for (field, value) in of_source.filter_map(|field| Some((field, value(term, field)?))) {
            for value in parts(term, &value) {
                push(&mut metadata, term, value, field.method, format!("field {source}"));
            }
        }
        fields.retain(|field| field.name != **source);
    }
    if !metadata.iter().any(|datum| datum.name == "title")
        && let Some((title, method)) = titled(document, headings)
    {
        push(&mut metadata, "title", title, method, "element title".to_owned());
    }
    for field in fields {
        if is_descriptive(&field.name) {
            let evidence = format!("field {}", field.name);
            let name = if is_a_term(&field.name) {
                format!("{} (as written)", field.name)
            } else {
                field.name
            };
            push(&mut metadata, &name, field.value, field.method, evidence);
        }
    }
    metadata
}

fn push(
    metadata: &mut Vec<Metadatum>,
    name: &str,
    value: String,
    method: &'static str,
    evidence: String,
) {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_known = metadata.iter().any(|datum| datum.name == name && datum.value == value);
    if !value.is_empty() && !is_known {
        metadata.push(Metadatum { name: name.to_owned(), value, method, evidence });
    }
}

/// The fields of meta elements, of the language attribute and of the canonical link.
fn fields(document: &Document) -> Vec<Field> {
    let mut fields = Vec::new();
    let root = document.html_root();
    if let Some(language) = root.attr("lang").or_else(|| root.attr("xml:lang")) {
        let value = language.trim().to_owned();
        fields.push(Field { name: "html lang".to_owned(), value, method: "attribute" });
    }
    for node in document.select("meta").nodes() {
        let name = ["name", "property", "http-equiv", "itemprop"]
            .into_iter()
            .find_map(|attribute| node.attr(attribute));
        let (Some(name), Some(value)) = (name, node.attr("content")) else { continue };
        let name =
            name.trim().to_ascii_lowercase().replace("dc:", "dc.").replace("dcterms:", "dcterms.");
        if !value.trim().is_empty() {
            fields.push(Field { name, value: value.trim().to_owned(), method: "meta" });
        }
    }
    for node in document.select("link[rel=canonical]").nodes() {
        if let Some(address) = node.attr("href") {
            let value = address.trim().to_owned();
            fields.push(Field { name: "canonical".to_owned(), value, method: "link" });
        }
    }
    fields
}

/// The value of a field for a term, if it can be one.
fn value(term: &str, field: &Field) -> Option<String> {
    match term {
        "date" | "modified" => date::iso(&field.value).or_else(|| {
            // Google Scholar asks for 2019/06/12 in its citation_ fields.
            let is_citation = field.name.starts_with("citation_");
            is_citation.then(|| date::iso(&field.value.replace('/', "-")))?
        }),
        // article:author is often the address of a profile.
        "creator" => (!field.value.starts_with("http")).then(|| field.value.clone()),
        "language" => Some(field.value.replace('_', "-")),
        _ => Some(field.value.clone()),
    }
}

/// Keywords stand in one field between commas or semicolons.
fn parts(term: &str, value: &str) -> Vec<String> {
    if term != "subject" {
        return vec![value.to_owned()];
    }
    value.split([',', ';', '，', '；', '、']).map(|part| part.trim().to_owned()).collect()
}

/// The title element; only its part that is a heading of the page, where the rest names the site.
fn titled(document: &Document, headings: &[&str]) -> Option<(String, &'static str)> {
    let title = document.select_single("title").text();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let spaced = |heading: &&&str| heading.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_part = |heading: &&&str| {
        let heading = spaced(heading);
        heading.chars().count() >= 4 && title.len() > heading.len() && title.contains(&heading)
    };
    if let Some(heading) = headings.iter().filter(is_part).max_by_key(|heading| heading.len()) {
        return Some((spaced(&heading), "title element and heading"));
    }
    (!title.is_empty()).then_some((title, "title element"))
}

/// Whether a field bears the name of a term, so that its value would be taken for the term's.
fn is_a_term(name: &str) -> bool {
    TERMS.iter().any(|(term, _)| *term == name)
}

/// Whether a field that speaks for no term describes the document rather than the page's workings.
fn is_descriptive(name: &str) -> bool {
    let bare = TERMS.iter().any(|(_, sources)| sources.contains(&name));
    bare || ["citation_", "dc.", "dcterms.", "article:", "og:type"]
        .iter()
        .any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str, headings: &[&str]) -> Vec<(String, String, String)> {
        let document = Document::from(html);
        statements(&document, headings)
            .into_iter()
            .map(|datum| (datum.name, datum.value, format!("{}, {}", datum.method, datum.evidence)))
            .collect()
    }

    fn is(name: &str, value: &str, from: &str) -> (String, String, String) {
        (name.to_owned(), value.to_owned(), from.to_owned())
    }

    #[test]
    fn the_most_careful_source_speaks_and_the_others_are_kept_under_their_names() {
        assert_eq!(
            read(
                "<html lang=en><title>Ferry | Sannoe News</title>\
                 <meta name=citation_author content='Orlov, Pavel'>\
                 <meta name=citation_author content='Ito Haru'><meta name=author content=webmaster>\
                 <meta name='citation_publication_date' content='2019/06/12'>\
                 <meta property='og:title' content='The  ferry'><meta name=viewport content=x>\
                 <meta name=keywords content='ferry, port；三野'>",
                &[]
            ),
            [
                is("title", "The ferry", "meta, field og:title"),
                is("creator", "Orlov, Pavel", "meta, field citation_author"),
                is("creator", "Ito Haru", "meta, field citation_author"),
                is("date", "2019-06-12", "meta, field citation_publication_date"),
                is("subject", "ferry", "meta, field keywords"),
                is("subject", "port", "meta, field keywords"),
                is("subject", "三野", "meta, field keywords"),
                is("language", "en", "attribute, field html lang"),
                is("author", "webmaster", "meta, field author"),
            ]
        );
    }

    #[test]
    fn the_title_element_loses_the_name_of_the_site_only_where_a_heading_says_so() {
        let page = "<title>Ferry sails\nagain - Sannoe News</title>";
        let of_element = |title| [is("title", title, "title element, element title")];
        assert_eq!(read(page, &[]), of_element("Ferry sails again - Sannoe News"));
        assert_eq!(
            read(page, &["News", "Ferry sails\nagain"]),
            [is("title", "Ferry sails again", "title element and heading, element title")]
        );
        assert_eq!(read("<p>no title", &[]), []);
    }

    #[test]
    fn a_date_in_another_order_is_no_date_and_is_kept() {
        assert_eq!(
            read("<meta name=date content='12/06/2019'><meta name=pubdate content=2019-06>", &[]),
            [
                is("date", "2019-06", "meta, field pubdate"),
                is("date (as written)", "12/06/2019", "meta, field date")
            ]
        );
    }
}
