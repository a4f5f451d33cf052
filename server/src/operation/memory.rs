//! What this process takes of the machine's memory, as the kernel says.

use std::fs;

/// Bytes in memory now, and the most there ever were; `None` where the system does not say.
pub(super) fn resident() -> Option<(i64, i64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    Some((bytes(&status, "VmRSS:")?, bytes(&status, "VmHWM:")?))
}

fn bytes(status: &str, name: &str) -> Option<i64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_kilobytes_are_read() {
        let status = "Name:\twellspring\nVmHWM:\t  2048 kB\nVmRSS:\t    10 kB\n";
        assert_eq!((bytes(status, "VmRSS:"), bytes(status, "VmHWM:")), (Some(10_240), Some(2_097_152)));
        assert_eq!(bytes("VmRSS: many kB", "VmRSS:"), None);
        assert_eq!(bytes("", "VmRSS:"), None);
    }
}
