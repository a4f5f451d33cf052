//! 64 bits of a BLAKE3 hash of few bytes: of an id, of a key's value. A build takes hundreds of millions of them.

/// So many bytes are hashed from one place, which is several times quicker than a state that takes part by part.
const AT_ONCE: usize = 192;

/// Bytes that come in parts, until they are hashed.
pub(crate) struct ShortHash {
    bytes: [u8; AT_ONCE],
    filled: usize,
    /// Where there were too many for one place.
    state: Option<blake3::Hasher>,
}

impl ShortHash {
    pub(crate) fn new() -> Self {
        Self { bytes: [0; AT_ONCE], filled: 0, state: None }
    }

    pub(crate) fn update(&mut self, part: &[u8]) {
        if let Some(state) = &mut self.state {
            state.update(part);
        } else if let Some(place) = self.bytes[self.filled..].get_mut(..part.len()) {
            place.copy_from_slice(part);
            self.filled += part.len();
        } else {
            let mut state = blake3::Hasher::new();
            state.update(&self.bytes[..self.filled]).update(part);
            self.state = Some(state);
        }
    }

    /// The first 64 bits, the lowest byte first.
    pub(crate) fn finish(&self) -> u64 {
        let hash =
            self.state.as_ref().map_or_else(|| blake3::hash(&self.bytes[..self.filled]), blake3::Hasher::finalize);
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hash.as_bytes()[..8]);
        u64::from_le_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_the_bytes_however_they_come() {
        // Names of members and places of shards are made of it.
        let bytes: Vec<u8> = (0..=255).cycle().take(5_000).collect();
        for length in [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 5_000] {
            let expected: [u8; 8] = blake3::hash(&bytes[..length]).as_bytes()[..8].try_into().expect("eight bytes");
            for part in [1, 7, AT_ONCE, 5_000] {
                let mut hash = ShortHash::new();
                bytes[..length].chunks(part).for_each(|part| hash.update(part));
                assert_eq!(hash.finish(), u64::from_le_bytes(expected), "{length} bytes, {part} at once");
            }
        }
    }
}
