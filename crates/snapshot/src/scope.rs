//! Parts of a retailer's data that are snapshots of their own, so that no filter can fail open.
//!
//! The whole lies in the snapshot's folder; a part lies in `scopes/<name>/` inside it, with a manifest and shards of
//! its own, and names nothing that it does not hold.

use std::path::{Path, PathBuf};

use crate::content_hash;

/// The name of the whole, as `manifest.scope` has it.
pub const ALL: &str = "all";

/// The folder of the parts, inside that of the whole.
pub const SCOPES: &str = "scopes";

/// The name of a region's part, as `manifest.scope` and its folder have it: the region's own name may hold any
/// character of any script, so this is made of 64 bits of its BLAKE3.
pub fn region_scope(region: &str) -> String {
    format!("region-{}", &content_hash(region.as_bytes())[..16])
}

/// Whether a text can be the name of a part: nothing else is ever looked for in a file system.
pub fn is_scope_name(text: &str) -> bool {
    text.strip_prefix("region-")
        .is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

/// The folder of a part; none where the text is no part's name.
pub fn scope_folder(whole: &Path, scope: &str) -> Option<PathBuf> {
    match scope {
        ALL => Some(whole.to_owned()),
        part => is_scope_name(part).then(|| whole.join(SCOPES).join(part)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_one_name_whatever_its_script() {
        assert_eq!(region_scope("华东"), region_scope("华东"));
        assert_ne!(region_scope("华东"), region_scope("华南"));
        for region in ["", "华东", "../..", "a/b", "\0", "CON", "مرحبا"] {
            assert!(is_scope_name(&region_scope(region)), "{region}");
        }
    }

    #[test]
    fn only_names_of_parts_are_looked_for() {
        let whole = Path::new("snapshot");
        assert_eq!(scope_folder(whole, ALL), Some(whole.to_owned()));
        assert_eq!(
            scope_folder(whole, "region-0123456789abcdef"),
            Some(whole.join("scopes").join("region-0123456789abcdef"))
        );
        for other in
            ["", "..", "region-", "region-0123456789ABCDEF", "region-0123456789abcde/", "region-0123456789abcdef0"]
        {
            assert_eq!(scope_folder(whole, other), None, "{other}");
        }
    }
}
