//! New unique identifiers.

/// Makes UIDs of random numbers.
pub(super) struct Uids<'a>(pub &'a mut dyn FnMut() -> u128);

impl Uids<'_> {
    /// `2.25.` and a random (version 4) UUID as a decimal number (PS3.5 B.2).
    pub fn new_uid(&mut self) -> String {
        const VERSION: u128 = 0xF << 76;
        const VARIANT: u128 = 0b11 << 62;
        let uuid = (self.0)() & !VERSION & !VARIANT | 4 << 76 | 0b10 << 62;
        format!("2.25.{uuid}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_is_a_version_4_uuid_of_at_most_64_characters() {
        let uid = Uids(&mut || u128::MAX).new_uid();
        // In Python: uuid.UUID("ffffffff-ffff-4fff-bfff-ffffffffffff").int
        assert_eq!(uid, "2.25.340282366920937632322261936355783213055");
        assert!(uid.len() <= 64);
        // uuid.UUID("00000000-0000-4000-8000-000000000000").int
        assert_eq!(Uids(&mut || 0).new_uid(), "2.25.302240678275694148452352");
    }
}
