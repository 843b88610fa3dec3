//! The compressed copies browsers are sent, made once and as small as they get.

use flate2::{Compression, write::GzEncoder};
use std::io::Write;

/// `bytes` as brotli (RFC 7932), quality 11 and the largest window browsers must know.
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: bytes.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters).expect("writing to memory does not fail");
    compressed
}

/// `bytes` as gzip (RFC 1952), level 9, without a time stamp.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("writing to memory does not fail");
    encoder.finish().expect("writing to memory does not fail")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Read;

    fn check(bytes: &[u8]) {
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(bytes)[..], &mut unpacked).unwrap();
        assert_eq!(unpacked, bytes);
        unpacked.clear();
        flate2::read::GzDecoder::new(&gzip(bytes)[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, bytes);
    }

    #[test]
    fn copies_unpack_to_the_original() {
        check(b"");
        check(b"body { color: red }");
        check(&[0, 159, 146, 150].repeat(5000));
    }
}
