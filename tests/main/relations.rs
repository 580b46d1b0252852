//! What `fonds duplicates` and `fonds compare` make of copies that are not byte for byte.

use crate::support::Folder;

/// A story of a dozen sentences; `{}` in it are facts.
fn story(place: &str, what: &str, cost: &str) -> String {
    format!(
        "NORTHERN WIRE\n\n{place} opened {what} on Monday, officials said, at a cost of {cost} crowns.\n\n\
         The Northern Wire gathers reports from official sources. It does not warrant that they are \
         complete or correct. Readers who rely on them do so at their own risk.\n\nTo subscribe or to \
         cancel write to the desk. Reproduction without permission is prohibited. All times are local.\n"
    )
}

pub(crate) const REPORT: &str = "Grain on the corridor\n\nThe grain that left Sannoe last year would fill four hundred \
    barges, the harbour office says in its yearbook.\n\nMost of it came by rail over the Usun bridge, which \
    carries one train an hour since the customs house was moved in spring.\n\nForwarders had asked for a \
    second track for years and were told that the river bed would not bear another pier.\n\nA survey of \
    the river bed, ordered by the province and paid for by the railway, found in May that it would.\n\nWork \
    is to begin after the harvest, when the fewest trains run, and to take three winters.\n";

/// The report as a poor scanner reads it.
fn misread() -> String {
    let swaps =
        [("harbour", "harhour"), ("which", "wbich"), ("second", "sccond"), ("river", "rivcr")];
    swaps.iter().fold(REPORT.to_owned(), |text, (word, wrong)| text.replace(word, wrong))
}

pub(crate) fn kinds(folder: &Folder) -> Vec<String> {
    let name = |side: &str| {
        format!(
            "(SELECT replace(location, rtrim(location, replace(location, '/', '')), '')
            FROM sighting WHERE document_id = {side} ORDER BY id LIMIT 1)"
        )
    };
    folder.rows(&format!(
        "SELECT kind, min({0}, {1}), max({0}, {1}) FROM relation ORDER BY 1, 2, 3",
        name("left_id"),
        name("right_id")
    ))
}

pub(crate) fn planted(folder: &Folder) -> Vec<(&'static str, String)> {
    // Long enough for the report to be a small part of it.
    let news: String = (0..60)
        .map(|at| {
            let word = |by: usize| format!("{:x}", (at * 7919 + by * 104_729 + 17) % 1_000_003);
            format!(
                "Port {} paid {} for {} and {} before {}.\n\n",
                word(1),
                word(2),
                word(3),
                word(4),
                word(5)
            )
        })
        .collect();
    let bulletin = format!("Bulletin of the week\n\n{news}{REPORT}\nSchools stay shut.\n");
    let quoting = "Notes for the seminar\n\nI found this in the press:\n\nThe lighthouse at Cape Orlov was lit \
                   again on the first of the month; its keeper, who has served there since the war, was \
                   given a medal by the governor and a stove by the fishermen.\n\nWho counted the years, \
                   and when? To be asked at the next meeting.\n";
    let survey = "From the coast\n\nThe fishing fleet lay idle for nine days because of ice, and the price of \
                  herring doubled at the auction, where buyers from three countries bid for what had been \
                  frozen in autumn.\n\nThe lighthouse at Cape Orlov was lit again on the first of the month; \
                  its keeper, who has served there since the war, was given a medal by the governor and a \
                  stove by the fishermen.\n\nSchools on the islands stay shut until the mail boat runs, which \
                  nobody expects before the thaw.\n";
    let files = vec![
        ("report.txt", REPORT.to_owned()),
        ("misread.txt", misread()),
        ("bulletin.txt", bulletin),
        ("notes.txt", quoting.to_owned()),
        ("coast.txt", survey.to_owned()),
        ("wire-1.txt", story("Sannoe", "a rail terminal", "12 million")),
        ("wire-2.txt", story("Usun", "its ferry pier", "8 million")),
        ("wire-3.txt", story("Orlov", "one car works", "230 million")),
        ("wire-4.txt", story("Kida", "the cold store", "31 million")),
    ];
    for (name, text) in &files {
        folder.write(name, text);
    }
    files
}

#[test]
fn copies_bulletins_and_quotations_are_told_from_stories_of_one_template() {
    let folder = Folder::new();
    planted(&folder);
    folder.fonds(&["ingest", "."]).done();
    assert_eq!(
        kinds(&folder),
        [
            "contains|bulletin.txt|misread.txt",
            "contains|bulletin.txt|report.txt",
            "excerpt|coast.txt|notes.txt",
            "near copy|misread.txt|report.txt",
        ]
    );
    let listed = folder.fonds(&["duplicates", "--kind", "contains", "--format", "csv"]).done();
    assert_eq!(listed.lines().count(), 2, "one line for two stories: {listed}");
}

#[test]
fn the_order_of_ingests_makes_no_difference() {
    let together = Folder::new();
    let mut files = planted(&together);
    together.fonds(&["ingest", "."]).done();
    for turn in [3, 5] {
        let apart = Folder::new();
        files.rotate_left(turn);
        for (name, text) in &files {
            apart.write(name, text);
            apart.fonds(&["ingest", name]).done();
        }
        assert_eq!(kinds(&apart), kinds(&together));
        let stories = "SELECT group_concat(label, ' ') FROM (SELECT label, cluster_id FROM document
            ORDER BY label) GROUP BY cluster_id ORDER BY 1";
        assert_eq!(apart.rows(stories), together.rows(stories));
        assert!(apart.fonds(&["check"]).done().starts_with("fonds.db is sound"));
    }
}

#[test]
fn a_word_that_is_learnt_later_counts_as_if_it_had_been_known() {
    let mut files = vec![("report.txt", REPORT.to_owned()), ("misread.txt", misread())];
    let later = ["harhour", "wbich", "sccond", "rivcr"].map(|word| format!("{word} is a word "));
    for (name, end) in
        [("a.txt", "here."), ("b.txt", "there."), ("c.txt", "now."), ("d.txt", "then.")]
    {
        let text: String = later.iter().map(|start| format!("{start}{end}\n\n")).collect();
        files.push((name, text));
    }
    let measured = |folder: &Folder| {
        folder.rows(
            "SELECT a.label, kind, rule, noise, left_differs, right_differs FROM comparison
             JOIN document AS a ON a.id = left_id ORDER BY a.label, right_id",
        )
    };
    let (together, apart) = (Folder::new(), Folder::new());
    for (name, text) in &files {
        together.write(name, text);
        apart.write(name, text);
    }
    together.fonds(&["ingest", "."]).done();
    apart.fonds(&["ingest", "misread.txt", "report.txt"]).done();
    let before = measured(&apart);
    apart.fonds(&["ingest", "."]).done();
    let after = measured(&apart);
    assert!(after[0].starts_with("Grain on the corridor|"), "{after:?}");
    assert_ne!(after[0], before[0]);
    assert_eq!(after[0], measured(&together)[0]);
}

/// A page of a manual: what all manuals say of the menu, then what this one does.
fn menu(own: &str, colour: &str) -> String {
    format!(
        "View\n\nThis menu contains commands for the display of the document on the screen.\n\nNormal shows the \
         sheet as it is edited, and opens with the {colour} that was chosen for it in the options.\n\nToolbars \
         opens a list of the bars that can be shown; a mark stands beside those that are.\n\n{own}"
    )
}

#[test]
fn pages_that_begin_alike_are_one_story_unless_each_has_a_version_that_is_far_closer() {
    let cells = "Formula bar hides the line above the cells.\n\nGrid shows the borders of cells that have \
                 none of their own, on the screen but never on paper.\n\nFreeze keeps the headings of rows \
                 and columns in sight while the sheet scrolls beneath them.\n";
    let words = "Ruler puts a scale along the margin, in inches or centimetres.\n\nField names swaps what a \
                 field says for what it is called, and back again on the second click.\n\nHidden paragraphs \
                 appear in grey until they are wanted no more by anybody who reads.\n";
    let stories = "SELECT group_concat(name, ' ') FROM (
                       SELECT substr(location, -12) AS name, cluster_id FROM document
                       JOIN sighting ON document_id = document.id ORDER BY 1)
                   GROUP BY cluster_id ORDER BY 1";
    let rules = "SELECT kind, rule, count(*) FROM comparison GROUP BY 1, 2 ORDER BY 1";
    let folder = Folder::new();
    folder.write("cells-us.txt", menu(cells, "color"));
    folder.write("words-us.txt", menu(words, "color"));
    folder.fonds(&["ingest", "."]).done();
    assert_eq!(folder.rows(stories), ["cells-us.txt words-us.txt"]);
    assert_eq!(folder.rows(rules), ["version|they begin alike and share many words|1"]);
    folder.write("cells-gb.txt", menu(cells, "colour"));
    folder.fonds(&["ingest", "--settle", "added", "."]).done();
    folder.write("words-gb.txt", menu(words, "colour"));
    folder.fonds(&["ingest", "."]).done();
    // Working it out again, with what was measured before, gives the same.
    for _ in 0..2 {
        let pages = ["cells-gb.txt cells-us.txt", "words-gb.txt words-us.txt"];
        assert_eq!(folder.rows(stories), pages);
        let told =
            ["excerpt|each has a far closer version|4", "near copy|hardly a known word differs|2"];
        assert_eq!(folder.rows(rules), told);
        folder.fonds(&["settle"]).done();
    }
}

#[test]
fn what_a_story_quotes_is_told_of_each_document_that_tells_it() {
    let folder = Folder::new();
    planted(&folder);
    // More copies than are measured against what the story is quoted by.
    for copy in 0..5 {
        let text = REPORT.replace("four hundred", &format!("some {copy} hundred"));
        folder.write(&format!("report-{copy}.txt"), text);
    }
    folder.fonds(&["ingest", "."]).done();
    let told = |left: &str, right: &str| {
        let told = folder.fonds(&["duplicates", "--explain", left, right]).done();
        told.lines().skip(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let last = folder.rows(
        "SELECT replace(location, rtrim(location, replace(location, '/', '')), '') FROM sighting
         JOIN document ON document.id = document_id
         WHERE cluster_id IN (SELECT cluster_id FROM document WHERE id = 2 OR label LIKE 'Grain%')
         AND document_id NOT IN (SELECT left_id FROM comparison UNION SELECT right_id FROM comparison
             WHERE left_id IN (SELECT id FROM document WHERE label = 'bulletin.txt'))
         ORDER BY document_id LIMIT 1",
    );
    let told_of_last = told(&last[0], "bulletin.txt");
    assert_eq!(
        told_of_last[0],
        "contained, as their stories tell: the larger has nearly all of the smaller"
    );
    assert_eq!(
        told("misread.txt", "wire-1.txt"),
        ["unrelated: they have too little in common to have been measured against each other"]
    );
}

#[test]
fn a_decision_holds_in_later_runs_until_it_is_undone() {
    let folder = Folder::new();
    planted(&folder);
    folder.fonds(&["ingest", "."]).done();
    let stories = || folder.rows("SELECT count(DISTINCT cluster_id) FROM document");
    assert_eq!(stories(), ["8"]);
    let decide = ["duplicates", "--author", "Ann", "--decide"];
    let pair = ["wire-1.txt", "wire-2.txt"];
    folder.fonds(&[&decide[..], &["version"], &pair, &["--reason", "one desk"]].concat()).done();
    folder.fonds(&[&decide[..], &["unrelated", "report.txt", "misread.txt"]].concat()).done();
    folder.write("more.txt", "Nothing of this has been told before.\n");
    folder.fonds(&["ingest", "more.txt"]).done();
    assert_eq!(
        folder.rows("SELECT kind, rule FROM relation WHERE decided"),
        ["version|decided by Ann: one desk"]
    );
    assert_eq!(stories(), ["9"]);
    let explained = folder.fonds(&["duplicates", "--explain", "wire-2.txt", "wire-1.txt"]).done();
    assert!(
        explained.contains("version: decided by Ann: one desk\n  as measured: template: "),
        "{explained}"
    );
    folder.fonds(&[&["duplicates", "--undo"], &pair[..]].concat()).done();
    folder.fonds(&["duplicates", "--undo", "report.txt", "misread.txt"]).done();
    assert_eq!(stories(), ["9"]);
    assert_eq!(folder.rows("SELECT count(*) FROM relation WHERE decided"), ["0"]);
    assert!(folder.fonds(&["check"]).done().starts_with("fonds.db is sound"));
}

#[test]
fn sketches_tell_in_sql_how_much_documents_have_in_common() {
    let folder = Folder::new();
    planted(&folder);
    folder.fonds(&["ingest", "."]).done();
    let near = folder.rows(
        "SELECT other.label, CASE WHEN near = 1 THEN 'all' WHEN near > 0.5 THEN 'most' ELSE 'some' END
         FROM (
             SELECT there.document_id AS id, resemblance(here.sketch, there.sketch) AS near
             FROM signature AS here, signature AS there
             WHERE here.document_id = (
                 SELECT document_id FROM sighting WHERE location LIKE '%/report.txt')
         ) JOIN document AS other USING (id)
         WHERE near > 0.02 ORDER BY near DESC, other.characters DESC",
    );
    assert_eq!(
        near,
        ["Grain on the corridor|all", "Grain on the corridor|most", "bulletin.txt|some"]
    );
    assert_eq!(folder.rows("SELECT resemblance('a', x'00') IS NULL"), ["1"]);
}

#[test]
fn pairs_judged_with_doubt_are_listed_until_somebody_decides() {
    let folder = Folder::new();
    planted(&folder);
    folder.fonds(&["ingest", "."]).done();
    let review = ["duplicates", "--review"];
    assert_eq!(
        folder.fonds(&review).done(),
        "  1. 802931b7e8bd2679  bulletin.txt\n     \
              4d437fa84dcb654d  Grain on the corridor\n     \
              contains: the larger has nearly all of the smaller; 15 % of the words in common\n     \
              If they tell one story, 1 document moves; doubt 50 %\n\n\
         What you decide holds: fonds duplicates --decide KIND DOCUMENT DOCUMENT; \
         to see them side by side: fonds compare DOCUMENT DOCUMENT\n"
    );
    folder.fonds(&["duplicates", "--decide", "contains", "bulletin.txt", "report.txt"]).done();
    assert_eq!(folder.fonds(&review).done(), "No pair of documents was judged with doubt.\n");
}

#[test]
fn a_decision_about_any_member_of_a_story_counts() {
    let sentence = |at: usize, edition: &str| {
        let words: Vec<String> = (0..40)
            .map(|word| format!("{:x}", (at * 40 + word + 7) * 2_654_435_761 % 16_777_213))
            .collect();
        format!("Item {at} {edition} {}.\n\n", words.join(" "))
    };
    // Each edition has another word at every fourth sentence, and begins where another is half done.
    let edition = |name: &str, from: usize, to: usize| -> String {
        (from..to).map(|at| sentence(at, if at % 4 == 0 { name } else { "as it was" })).collect()
    };
    let folder = Folder::new();
    folder.write("first.txt", edition("first", 0, 204));
    folder.write("first-cut.txt", edition("first", 0, 200));
    folder.write("middle.txt", edition("middle", 120, 322));
    folder.write("last.txt", edition("last", 240, 432));
    folder.fonds(&["ingest", "."]).done();
    let stories = "SELECT group_concat(label, ' ') FROM (SELECT label, cluster_id FROM document
        ORDER BY label) GROUP BY cluster_id ORDER BY 1";
    assert_eq!(folder.rows(stories), ["first-cut.txt first.txt middle.txt", "last.txt"]);
    assert_eq!(
        folder.rows(
            "SELECT kind FROM comparison JOIN document AS a ON a.id = left_id
             JOIN document AS b ON b.id = right_id
             WHERE a.label = 'middle.txt' AND b.label = 'last.txt'"
        ),
        ["version"]
    );
    let decide = ["duplicates", "--decide", "version", "first-cut.txt", "last.txt"];
    folder.fonds(&decide).done();
    folder.write("more.txt", "Nothing of this has been told before.\n");
    folder.fonds(&["ingest", "more.txt"]).done();
    assert_eq!(folder.rows(stories), ["first-cut.txt first.txt last.txt middle.txt", "more.txt"]);
}

#[test]
fn two_documents_are_compared_word_by_word_numbers_first() {
    let folder = Folder::new();
    folder.write(
        "old.txt",
        "The ferry sails at 12 from the old pier. It carries grain and timber.\n",
    );
    folder
        .write("new.txt", "The ferry sails at 9 from the new pier. It carries grain and timber.\n");
    folder.fonds(&["ingest", "."]).done();
    let digests = folder.rows("SELECT substr(digest, 1, 16) FROM document ORDER BY label DESC");
    assert_eq!(
        folder.fonds(&["compare", "old.txt", "new.txt", "-C", "2"]).done(),
        format!(
            "left   {}  old.txt\n       14 words, 85.7 % of them in the other\n\
             right  {}  new.txt\n       14 words, 85.7 % of them in the other\n\
             numbers only left   12\nnumbers only right  9\n\n  \
             … sails at [-12-] {{+9+}} from the …\n\n  \
             … from the [-old-] {{+new+}} pier It …\n",
            digests[0], digests[1]
        )
    );
    let same = folder.fonds(&["compare", "old.txt", "old.txt"]).done();
    assert!(same.ends_with("\nno word differs\n"), "{same}");
}

#[test]
fn damage_to_a_decision_or_a_comparison_is_reported() {
    let folder = Folder::new();
    planted(&folder);
    folder.fonds(&["ingest", "."]).done();
    let decide = ["duplicates", "--decide", "version", "wire-1.txt", "wire-2.txt"];
    folder.fonds(&decide).done();
    for sql in [
        "UPDATE decision SET reason = 'x'",
        "UPDATE comparison SET kind = 'unrelated' WHERE kind = 'excerpt'",
        "DELETE FROM comparison WHERE kind = 'contains'",
        "UPDATE signature SET sketch = zeroblob(512) WHERE document_id = 2",
    ] {
        let copy = folder.path().join("copy.db");
        std::fs::copy(folder.path().join("fonds.db"), &copy).unwrap();
        rusqlite::Connection::open(&copy).unwrap().execute_batch(sql).unwrap();
        let checked = folder.fonds(&["-a", "copy.db", "check"]);
        assert_eq!(checked.status, 4, "{sql}: {}", checked.stdout);
    }
}
