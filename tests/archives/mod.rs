//! Archives of earlier schemas, made by the programs of their time (`tests/data/archives/make.sh`). It
//! only unpacks them.

use std::io::Read;
use std::path::Path;

/// Each schema that a program ever ended with, but today's, and an archive of it.
pub(crate) fn earlier() -> Vec<(u32, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/archives");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(rest) = name.strip_prefix("schema-") else { continue };
        let (schema, ending) = rest.split_once('.').unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let archive = match ending {
            "db" => bytes,
            _ => unpacked(&bytes),
        };
        found.push((schema.parse().unwrap(), archive));
    }
    found.sort();
    found
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut archive = Vec::new();
    lzma_rust2::XzReader::new(bytes, false).read_to_end(&mut archive).unwrap();
    archive
}
