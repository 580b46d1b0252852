//! Texts in every encoding, with every line end and odd character.

use super::{Case, Failed, Folder, Holds, Noted, Replaced, Stored, Unsure, case, judge, one};

const CHINESE: &str =
    "三野港第二艘渡轮将于五月启航。货物和旅客都可以过河。新的码头也在同一天开放。";
const JAPANESE: &str = "三野港の第二フェリーは五月に就航します。貨物も旅客も川を渡れます。";
const KOREAN: &str = "산노에항의 두 번째 여객선이 오월에 취항합니다. 화물과 승객이 강을 건넙니다.";
const RUSSIAN: &str =
    "Второй паром между портом и дальним берегом выйдет в мае. Груз ждёт на берегу реки.";

pub(super) const CASES: &[Case] = &[
    case(1, "empty file", || drop(one("empty.txt", b"", &Noted("empty", "")))),
    case(2, "white space or a byte order mark only", || {
        one("blank.txt", b" \n\t\n\r\n", &Noted("empty", ""));
        one("mark.txt", b"\xef\xbb\xbf", &Noted("empty", ""));
    }),
    case(3, "NUL bytes inside text", || {
        let bytes = b"The fer\0ry sails at noon and\0 returns at five.\n";
        one("nul.txt", bytes, &Replaced(2, "The fer\u{fffd}ry sails at noon"));
    }),
    case(4, "binary file named .txt", || {
        for (name, bytes) in [
            ("elf.txt", &b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0"[..]),
            ("jpeg.txt", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        ] {
            let folder = one(name, bytes, &Failed("not text"));
            let kept = "SELECT length(digest) FROM document JOIN sighting
                     ON document_id = document.id WHERE location LIKE '%.txt' AND paragraphs = 0";
            assert_eq!(folder.rows(kept), ["64"], "its digest and place are kept");
        }
    }),
    case(5, "one line of a gigabyte", || {
        let folder = one("line.txt", b"ferry ".repeat(3 << 20), &Holds("ferry ferry"));
        let longest = "SELECT max(length(CAST(text AS BLOB))) <= 1048576 FROM passage";
        assert_eq!(folder.rows(longest), ["1"]);
    }),
    case(6, "no line end at the end", || {
        one("no-end.txt", b"The last line has no end", &Stored(1, "has no end"));
    }),
    case(7, "UTF-8 with a byte order mark", || {
        let folder = one("mark.txt", "\u{feff}A ferry.\n", &Stored(1, "A ferry."));
        let first = "SELECT unicode(text) FROM paragraph WHERE text LIKE 'A ferry%'";
        assert_eq!(folder.rows(first), ["65"], "the mark is no part of the text");
    }),
    case(8, "UTF-16 and UTF-32 with a byte order mark", || {
        let text = "\u{feff}A ferry sails.\n";
        let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
        let le: Vec<u8> = wide(u16::to_le_bytes);
        let be: Vec<u8> = wide(u16::to_be_bytes);
        let le32: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        let be32: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        for (name, bytes) in
            [("le.txt", le), ("be.txt", be), ("le32.txt", le32), ("be32.txt", be32)]
        {
            one(name, bytes, &Stored(1, "A ferry sails."));
        }
    }),
    case(9, "UTF-16 without a byte order mark", || {
        let text = "A ferry sails at noon and comes back at five.\n";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        one("unmarked.txt", bytes, &Stored(1, "A ferry sails at noon"));
    }),
    case(10, "invalid UTF-8 in a text that is mostly valid", || {
        let bytes = [RUSSIAN.as_bytes(), b" \xff\n\n", CHINESE.as_bytes(), b"\n"].concat();
        one("lossy.txt", bytes, &Replaced(1, "Второй паром"));
    }),
    case(11, "GB18030, GBK, Big5", || {
        one("gb.txt", encoding_rs::GB18030.encode(CHINESE).0, &Holds("三野港第二艘渡轮"));
        one("gbk.txt", encoding_rs::GBK.encode(CHINESE).0, &Holds("三野港第二艘渡轮"));
        let traditional =
            "三野港第二艘渡輪將於五月啟航。貨物和旅客都可以過河。新的碼頭也在同一天開放。";
        one("big5.txt", encoding_rs::BIG5.encode(traditional).0, &Holds("三野港第二艘渡輪"));
    }),
    case(12, "Shift_JIS, EUC-JP, ISO-2022-JP", || {
        for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::ISO_2022_JP] {
            one("ja.txt", encoding.encode(JAPANESE).0, &Holds("三野港の第二フェリー"));
        }
    }),
    case(13, "EUC-KR", || {
        one("ko.txt", encoding_rs::EUC_KR.encode(KOREAN).0, &Holds("산노에항의"));
    }),
    case(14, "KOI8-R, windows-1251, CP866", || {
        for encoding in [encoding_rs::KOI8_R, encoding_rs::WINDOWS_1251, encoding_rs::IBM866] {
            one("ru.txt", encoding.encode(RUSSIAN).0, &Holds("Второй паром"));
        }
    }),
    case(15, "two encodings in one file", || {
        let bytes = [CHINESE.as_bytes(), b"\n\n", &encoding_rs::GB18030.encode(CHINESE).0].concat();
        one("two.txt", bytes, &Unsure(""));
    }),
    case(16, "declared encoding that the bytes contradict", || {
        let page = "<meta charset=koi8-r><p>三野港第二艘渡轮将于五月启航。</p>";
        let folder =
            one("declared.html", page, &Noted("declared charset koi8-r", "三野港第二艘渡轮"));
        let declared = "SELECT encoding, declared_encoding FROM extraction WHERE reader = 'html'";
        assert_eq!(folder.rows(declared), ["UTF-8|koi8-r"]);
    }),
    case(17, "line ends of every kind", || {
        one("ls.txt", "One ferry.\u{2028}\u{2028}Two ferries.\u{2029}", &Holds("Two ferries."));
        one("ff.txt", "One ferry.\n\u{c}\nTwo ferries.\n", &Holds("Two ferries."));
        let folder = Folder::new();
        for (name, end) in [("lf", "\n"), ("cr", "\r"), ("crlf", "\r\n"), ("nel", "\u{85}")] {
            folder
                .write(&format!("d/{name}.txt"), format!("One ferry.{end}{end}Two ferries.{end}"));
        }
        judge(&folder, "nel.txt", &Stored(2, "Two ferries."));
        let same = "SELECT count(DISTINCT hex(normal_digest)) FROM document WHERE label NOT LIKE '%neighbour%'";
        assert_eq!(folder.rows(same), ["1"], "the folded text is the same");
    }),
    case(18, "text from right to left, direction marks", || {
        let folder = one("rtl.txt", "الوقت \u{202e}abc\u{202c} ferry\n", &Stored(1, "الوقت"));
        let shown = folder.fonds(&["search", "abc"]).done();
        assert!(shown.contains("abc") && !shown.contains('\u{202e}'), "{shown}");
    }),
    case(19, "invisible characters", || {
        let text = "fer\u{200b}ry lo\u{ad}gistics \u{feff}at the Usun bridge\n";
        let folder = one("zero.txt", text, &Holds("fer\u{200b}ry"));
        let found = folder.fonds(&["search", "ferry logistics"]).done();
        assert!(found.contains("zero.txt"), "{found}");
    }),
    case(20, "100,000 combining marks on one letter", || {
        one("marks.txt", format!("a{}\n", "\u{301}".repeat(100_000)), &Holds("a\u{301}"));
    }),
    case(21, "the same text composed and decomposed", || {
        twins("Café at noon\n", "Cafe\u{301} at noon\n")
    }),
    case(22, "the same text in other widths and compatibility forms", || {
        twins("ferry ガス 豈\n", "Ｆｅｒｒｙ ｶﾞｽ \u{f900}\n");
    }),
    case(23, "half of a surrogate pair", || {
        let wtf8 = [CHINESE.as_bytes(), b" \xed\xa0\x80\n"].concat();
        one("wtf8.txt", wtf8, &Unsure("三野港第二艘渡轮"));
        let folder = one("pair.jsonl", r#"{"text": "A lone \ud800 surrogate."}"#, &super::Any);
        let outcome = "SELECT count(*) FROM ledger WHERE location LIKE '%!1' AND outcome IN ('stored', 'failed')";
        assert_eq!(folder.rows(outcome), ["1"]);
    }),
    case(24, "terminal escapes in texts and names", escapes),
];

/// Two texts that are one when folded.
fn twins(one: &str, other: &str) {
    let folder = Folder::new();
    folder.write("d/one.txt", one);
    folder.write("d/two.txt", other);
    judge(&folder, "two.txt", &Stored(1, ""));
    let kinds = "SELECT kind FROM relation WHERE left_id IN
         (SELECT document_id FROM sighting WHERE location LIKE '%/one.txt' OR location LIKE '%/two.txt')";
    assert_eq!(folder.rows(kinds), ["same text"]);
}

fn escapes() {
    let folder = Folder::new();
    folder.write("d/\u{1b}[31mred.txt", "\u{1b}]0;gotcha\u{7}The ferry \u{1b}[2Jsails.\n");
    folder.write("d/\u{1b}[31mbad.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0");
    let ran = folder.fonds(&["ingest", "d"]);
    assert!(!ran.stderr.contains('\u{1b}') && ran.stderr.contains("bad.txt"), "{}", ran.stderr);
    for arguments in [
        &["ledger", "--format", "table"][..],
        &["search", "ferry"],
        &["check", "--originals"],
        &["query", "--format", "table", "SELECT text, location FROM paragraph, sighting"],
    ] {
        let ran = folder.fonds(arguments);
        assert!(!ran.stdout.contains('\u{1b}'), "{arguments:?}: {}", ran.stdout);
    }
}
