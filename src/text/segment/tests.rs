//! What segmentation makes of every way to set paragraphs apart.

use super::*;

fn texts(text: &str) -> Vec<String> {
    blocks(text).into_iter().map(|block| block.text.into_owned()).collect()
}

#[test]
fn blank_lines_part_paragraphs() {
    assert_eq!(texts("\n\nOne.\n\n \nTwo.\r\n\r\nThree."), ["One.", "Two.", "Three."]);
    assert_eq!(texts("  \n\t\n"), [""; 0]);
}

#[test]
fn long_lines_are_paragraphs_of_their_own() {
    let one = "The harbour was opened to foreign ships in that year. ".repeat(6);
    let two = "Trade grew, but slowly, and mostly along the river. ".repeat(7);
    assert_eq!(texts(&format!("[x]\n{one}\n{two}\nEnd")), ["[x]", one.trim(), two.trim(), "End"]);
}

#[test]
fn wrapped_lines_are_joined() {
    let text = "The harbour was opened to foreign ships in the year after\n\
                the treaty, and trade grew along the river, where logis-\n\
                tics had been poor.\n\
                A second paragraph begins here although no blank line or\n\
                indentation says so.\n\n\
                A third one.";
    assert_eq!(
        texts(text),
        [
            "The harbour was opened to foreign ships in the year after the treaty, and trade grew \
             along the river, where logis-\ntics had been poor.",
            "A second paragraph begins here although no blank line or indentation says so.",
            "A third one."
        ]
    );
}

#[test]
fn indentation_starts_paragraphs_in_wrapped_text() {
    let text = "    The bank said that the loan would be repaid within two\n\
                years, and that no further loan was planned at present.\n\
                    Officials of the ministry confirmed this on Tuesday when\n\
                asked by reporters.\n";
    let text = text.replace("    Officials", "   Officials").replace("present.\n", "present.\n   ");
    assert_eq!(texts(&text).len(), 2, "{:?}", texts(&text));
}

#[test]
fn chinese_lines_join_without_spaces_and_full_width_indents_start_paragraphs() {
    let text = [
        "　　东北地区是中国重要的工业基地，具有独特的区位优势和资源优",
        "势，近年来对外开放水平不断提高。",
        "　　黑龙江省与俄罗斯接壤，边境贸易发展迅速，口岸建设不断加",
        "强，合作前景广阔。",
    ]
    .join("\n");
    assert_eq!(
        texts(&text),
        [
            "东北地区是中国重要的工业基地，具有独特的区位优势和资源优势，近年来对外开放水平不断提高。",
            "黑龙江省与俄罗斯接壤，边境贸易发展迅速，口岸建设不断加强，合作前景广阔。"
        ]
    );
}

#[test]
fn short_lines_such_as_verses_and_contents_are_not_joined() {
    let text = "弱い人よ\nボクも弱い\nそして\nかなしくなる";
    assert_eq!(texts(text).len(), 4);
    let text = "Contents\nHarbours\nRailways of the north\nCustoms\nShips";
    assert_eq!(texts(text).len(), 5);
}

#[test]
fn rows_with_the_same_tabs_are_a_table_and_numbers_are_no_column_names() {
    let found = blocks("Rank\tPort\n1\tBusan\n2\tDalian\n\n7\t5\t2\n7\t5\t3");
    let marks: Vec<Mark> = found.iter().map(|block| block.mark).collect();
    assert_eq!(marks, [Mark::Columns, Mark::Row, Mark::Row, Mark::Row, Mark::Row]);
    assert_eq!(found[1].text, "1\tBusan");
    assert_eq!(texts("Q:\tWhat?\nA:\tNothing."), ["Q:\tWhat?", "A:\tNothing."]);
}

#[test]
fn a_listing_that_is_set_in_keeps_its_lines_and_a_quotation_that_is_set_in_does_not() {
    let text = "The harbour office keeps its papers in the following folders of\n\
                its server, where anyone may look at them:\n\n   \
                papers/ships/\n   papers/ships/1914/\n      ...\n   papers/tolls/\n\n   \
                The harbour has been open since noon and/or one; the ferry\n   sails.\n";
    assert_eq!(
        texts(text)[1..],
        [
            "papers/ships/\npapers/ships/1914/\n   ...\npapers/tolls/",
            "The harbour has been open since noon and/or one; the ferry sails."
        ]
    );
}

#[test]
fn cells_that_stand_one_below_the_other_are_a_table_and_justified_lines_are_text() {
    let table = "Table 1. Tonnage\nPort        Tons   Ships\nSannoe      4100      12\n旅順港       900       7\nNorth Bay    360       3\n";
    assert_eq!(
        texts(table),
        [
            "Table 1. Tonnage",
            "Port\tTons\tShips",
            "Sannoe\t4100\t12",
            "旅順港\t900\t7",
            "North Bay\t360\t3"
        ]
    );
    let justified = "The  harbour   was  opened to foreign  ships in the  year after\n\
                     the   treaty,  and  trade grew  along the  river, where  goods\n\
                     had  been  poor;  so   the  town  asked for  a  second  line\n\
                     to  the  harbour.\n";
    assert_eq!(texts(justified).len(), 1);
}

#[test]
fn bars_make_a_table() {
    let found = blocks("| Port | Ships |\n|---|--:|\n| 大连 | 12 |");
    assert_eq!(texts("| Port | Ships |\n|---|--:|\n| 大连 | 12 |"), ["Port\tShips", "大连\t12"]);
    assert_eq!(found[0].mark, Mark::Columns);
}

#[test]
fn underlined_lines_are_headings_by_order_of_their_marks() {
    let found = blocks("Ports\n=====\n\nText.\n\nNorth\n-----\nMore text.\n\nSouth\n=====\n");
    let marks: Vec<(Mark, &str)> = found.iter().map(|block| (block.mark, &*block.text)).collect();
    assert_eq!(
        marks,
        [
            (Mark::Heading(1), "Ports"),
            (Mark::None, "Text."),
            (Mark::Heading(2), "North"),
            (Mark::None, "More text."),
            (Mark::Heading(1), "South"),
        ]
    );
}

#[test]
fn spans_are_the_bytes_the_block_was_read_from() {
    let text = "\u{3000}东北。\n\n- one\n  two\n";
    let found = blocks(text);
    assert_eq!(text.get(found[0].span.clone()).unwrap(), "东北。");
    assert_eq!(text.get(found[1].span.clone()).unwrap(), "- one\n  two");
}

#[test]
fn a_huge_wrapped_group_is_cut_into_blocks_within_the_bound() {
    let text = "the road goes on and on without any end in sight for the weary\n".repeat(40_000);
    let found = blocks(&text);
    assert!(found.len() > 1);
    assert!(found.iter().all(|block| block.text.len() <= lines::LONGEST));
}

#[test]
fn five_hundred_thousand_short_lines_are_quick() {
    let text = "a\n".repeat(500_000);
    assert_eq!(blocks(&text).len(), 500_000);
}

#[test]
fn a_mark_that_belongs_to_a_compound_keeps_its_hyphen() {
    let mut text = String::from("the years 1914-");
    append(&mut text, "1918");
    assert_eq!(text, "the years 1914-1918");
    let mut text = String::from("ports -");
    append(&mut text, "all of them");
    assert_eq!(text, "ports - all of them");
}
