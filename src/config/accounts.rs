//! Registration and passwords.

use super::reader::Reader;

/// Registration and passwords.
#[derive(Clone, Debug)]
pub struct AccountsConfig {
    /// `MASTHEAD_REGISTRATION`: whether readers may make an account of their own.
    pub registration: bool,
    /// `MASTHEAD_HASH_MEMORY_KIB`: the memory that hashing one password takes, in KiB; the default is also the minimum.
    pub hash_memory_kib: u32,
}

impl Default for AccountsConfig {
    fn default() -> Self {
        Self {
            registration: false,
            hash_memory_kib: 33_792,
        }
    }
}

impl AccountsConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let default = Self::default();
        let memory = default.hash_memory_kib..=1 << 20;
        Self {
            registration: reader.get("MASTHEAD_REGISTRATION", default.registration),
            hash_memory_kib: reader.within("MASTHEAD_HASH_MEMORY_KIB", default.hash_memory_kib, &memory),
        }
    }
}
