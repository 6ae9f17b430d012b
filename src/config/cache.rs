//! What is kept of delivery's answers.

use super::reader::Reader;
use super::value::ByteSize;

/// What is kept of delivery's answers.
#[derive(Clone, Debug)]
pub struct CacheConfig {
    /// `MASTHEAD_CACHE_SIZE`: how much memory may hold answers, in bytes; 0 keeps none.
    pub size: u64,
}

const MIB: u64 = 1 << 20;

/// An answer must fit into a part of it.
const LEAST: u64 = 16 * MIB;

impl Default for CacheConfig {
    fn default() -> Self {
        Self { size: 256 * MIB }
    }
}

impl CacheConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let name = "MASTHEAD_CACHE_SIZE";
        let size = reader.get(name, ByteSize(Self::default().size)).0;
        if size != 0 && !(LEAST..=1024 * 1024 * MIB).contains(&size) {
            reader.problem(name, "must be 0B or 16MiB to 1048576MiB".to_owned(), "256MiB");
        }
        Self { size }
    }
}
