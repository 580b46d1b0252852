//! One compressed stream: a container of one document, or one with the container inside it.

use super::kind::{Kind, Method};
use super::names::Name;
use super::{At, HEAD, Stop, Unpacking, broken};
use bzip2::read::MultiBzDecoder;
use flate2::bufread::GzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// What a decoder may take for its window: `xz -9` wants 65 MiB, `zstd --ultra` as much.
const MEMORY: u32 = 96 << 20;

/// Opens a compressed stream.
pub(super) fn open(
    own: &mut Unpacking,
    at: &At,
    method: Method,
    stream: &mut dyn Read,
) -> Result<(), Stop> {
    let mut plain = own.budget.charge(decoder(method, stream));
    let mut head = Vec::with_capacity(HEAD);
    let error = (&mut plain).take(HEAD as u64).read_to_end(&mut head).err();
    let name = inner_name(&at.name);
    if head.is_empty()
        && let Some(error) = error
    {
        return own.container(at, "members", |_| Err(Stop::Broken(broken(&error))));
    }
    let mut plain = Cursor::new(head).chain(Failing(error).chain(plain));
    let kind = Kind::of(&name, plain.get_ref().0.get_ref());
    if let Some(kind) = kind.filter(|kind| kind.is_one_with_its_compression()) {
        let inner = At { place: at.place.clone(), name, depth: at.depth + 1 };
        return own.open(&inner, kind, &mut plain);
    }
    own.container(at, "members", |own| {
        let Some(member) = own.enter(at, &Name::text(name), at.place.modified_at.clone())? else {
            return Ok(());
        };
        own.member(&member, None, &mut plain)
    })
}

/// The name without the extension that tells the compression.
fn inner_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => match &*extension.to_ascii_lowercase() {
            "gz" | "zst" | "xz" | "bz2" | "z" | "zstd" => stem.to_owned(),
            "tgz" | "tzst" | "txz" | "tbz" | "tbz2" => format!("{stem}.tar"),
            _ => name.to_owned(),
        },
        _ => name.to_owned(),
    }
}

fn decoder<'a>(method: Method, stream: &'a mut dyn Read) -> Box<dyn Read + 'a> {
    match method {
        Method::Gzip => Box::new(Gunzip(Some(GzDecoder::new(BufReader::new(stream))))),
        Method::Bzip2 => Box::new(MultiBzDecoder::new(stream)),
        Method::Xz => Box::new(XzReader::new_mem_limit(BufReader::new(stream), true, MEMORY >> 10)),
        Method::Zstandard => Box::new(Frames::new(BufReader::new(stream))),
    }
}

/// All members of a gzip file one after another. What follows the last and is no gzip is left, as
/// `gzip` does.
struct Gunzip<R>(Option<GzDecoder<R>>);

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.0 {
            let read = decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(mut rest) = self.0.take().map(GzDecoder::into_inner) else { break };
            if rest.fill_buf()?.starts_with(b"\x1f") {
                self.0 = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

/// All frames of a Zstandard file one after another, without those that only carry remarks.
struct Frames<R> {
    stream: R,
    decoder: FrameDecoder,
    is_in_frame: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(stream: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(u64::from(MEMORY));
        Self { stream, decoder, is_in_frame: false }
    }

    /// Begins the next frame; `false` at the end of the file.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.stream.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.stream) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut (&mut self.stream).take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_in_frame && !self.begin()? {
                return Ok(0);
            }
            self.is_in_frame = true;
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let step = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.stream, step).map_err(io::Error::other)?;
            }
            let read = self.decoder.read(buffer)?;
            self.is_in_frame = !self.decoder.is_finished() || self.decoder.can_collect() > 0;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
        }
    }
}

/// Gives an error that has been met already once more, in its place in the stream.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
