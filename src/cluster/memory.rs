//! How much of the machine's memory PostgreSQL keeps pages in.

use std::fs;

const MIB: u64 = 1 << 20;
/// What PostgreSQL takes when nobody says anything.
const LEAST: u64 = 128 * MIB;
/// More than this gains little, and the system's own cache does as well.
const MOST: u64 = 8192 * MIB;

/// The setting: a quarter of the memory that there is. With less than what is read often, each read copies pages from the
/// system's cache, which costs more than the read. It is taken when it is used, not before.
pub(super) fn shared_buffers() -> String {
    let there_is = [machine(), container()].into_iter().flatten().min();
    let bytes = there_is.map_or(LEAST, |bytes| (bytes / 4).clamp(LEAST, MOST));
    format!("shared_buffers={}MB", bytes / MIB)
}

/// The machine's memory, where Linux tells it.
fn machine() -> Option<u64> {
    let told = fs::read_to_string("/proc/meminfo").ok()?;
    let kilobytes: u64 = told
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .ok()?;
    Some(kilobytes * 1024)
}

/// What the container may use of it, if it is bounded.
fn container() -> Option<u64> {
    fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()?
        .trim()
        .parse()
        .ok()
}
