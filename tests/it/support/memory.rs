//! How much memory this process holds, and with it the servers that run in it.

use std::fs;

/// The most since [`forget_peak`], in MiB.
pub fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

pub fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").unwrap();
}
