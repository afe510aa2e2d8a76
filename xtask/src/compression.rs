//! Compressed copies of the site's files, for hosts that can serve them instead of compressing at every request.

use std::io::{self, Write};

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use crate::hashing::Files;

/// Adds a copy of every file in each format that makes it smaller by a tenth or more, unless it is compressed itself: a
/// browser would have to undo both.
pub fn add_copies(files: &mut Files) -> Result<()> {
    let mut copies = Files::new();
    for (name, content) in files.iter().filter(|(name, _)| !name.ends_with(".gz")) {
        for (extension, copy) in [("br", brotli(content)?), ("gz", gzip(content)?)] {
            if copy.len() <= content.len() / 10 * 9 {
                copies.insert(format!("{name}.{extension}"), copy);
            }
        }
    }
    files.append(&mut copies);
    Ok(())
}

fn brotli(mut content: &[u8]) -> io::Result<Vec<u8>> {
    let mut copy = Vec::new();
    let parameters = BrotliEncoderParams { quality: 11, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut content, &mut copy, &parameters)?;
    Ok(copy)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn with_copies(name: &str, content: Vec<u8>) -> Files {
        let mut files = Files::from([(name.to_owned(), content)]);
        add_copies(&mut files).unwrap();
        files
    }

    #[test]
    fn copies_hold_what_the_file_holds() {
        let script = b"const answer = 42;\n".repeat(50);
        let files = with_copies("page.js", script.clone());
        let (mut from_brotli, mut from_gzip) = (Vec::new(), Vec::new());
        brotli::BrotliDecompress(&mut &files["page.js.br"][..], &mut from_brotli).unwrap();
        flate2::read::GzDecoder::new(&files["page.js.gz"][..]).read_to_end(&mut from_gzip).unwrap();
        assert_eq!((&from_brotli, &from_gzip), (&script, &script));
        assert_eq!(files["page.js"], script);
    }

    #[test]
    fn what_is_compressed_or_hardly_can_be_gets_no_copy() {
        assert_eq!(with_copies("mask.nii.gz", vec![0; 1000]).len(), 1);
        let noise =
            (0_u32..2000).flat_map(|place| place.wrapping_mul(0x9e37_79b9).wrapping_pow(3).to_le_bytes());
        assert_eq!(with_copies("noise.png", noise.collect()).len(), 1);
    }
}
