//! How often callers may ask.

use super::reader::Reader;

/// How often callers may ask, in requests a minute. `MASTHEAD_RATE_LIMITS` switches all of it off.
#[derive(Clone, Debug)]
pub struct LimitsConfig {
    /// `MASTHEAD_RATE_LIMIT_AUTH`: from one address, to sign in, stay signed in, register or change a password.
    pub auth: u32,
    /// `MASTHEAD_RATE_LIMIT_READER_WRITES`: comments, reports and appeals, from one address.
    pub reader_writes: u32,
    /// `MASTHEAD_RATE_LIMIT_DESK_READS`: of one account or API key.
    pub desk_reads: u32,
    /// `MASTHEAD_RATE_LIMIT_DESK_WRITES`: of one account or API key.
    pub desk_writes: u32,
    /// `MASTHEAD_RATE_LIMIT_DELIVERY`: public reads from one address that the cache did not answer; not limited when it
    /// is not set, because a front end's server is one address for all its readers.
    pub delivery: Option<u32>,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            auth: 120,
            reader_writes: 60,
            desk_reads: 1200,
            desk_writes: 600,
            delivery: None,
        }
    }
}

impl LimitsConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let default = Self::default();
        let range = 1..=1_000_000;
        Self {
            auth: reader.within("MASTHEAD_RATE_LIMIT_AUTH", default.auth, &range),
            reader_writes: reader.within("MASTHEAD_RATE_LIMIT_READER_WRITES", default.reader_writes, &range),
            desk_reads: reader.within("MASTHEAD_RATE_LIMIT_DESK_READS", default.desk_reads, &range),
            desk_writes: reader.within("MASTHEAD_RATE_LIMIT_DESK_WRITES", default.desk_writes, &range),
            delivery: reader.optional_within("MASTHEAD_RATE_LIMIT_DELIVERY", "600", &range),
        }
    }
}
