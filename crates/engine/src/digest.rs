//! What a model file is recognised by.

use sha2::{Digest, Sha256};

/// The SHA-256 of a file, in lower-case hexadecimal.
pub fn sha256_hex(file: &[u8]) -> String {
    format!("{:x}", Sha256::digest(file))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_digest_is_that_of_the_standard() {
        // FIPS 180-4, one-block example.
        assert_eq!(
            super::sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
