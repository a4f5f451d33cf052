//! What tells whether a file is still the one that was read, without reading it.
//!
//! Of a file on disk: its length, its inode, when it was written and when its inode was changed, to the nanosecond. The
//! last of them is set by the kernel at every change, also where a tool sets the time of writing back. Clocks tick
//! slowly, so a file that was changed just now may be changed again without a trace; such a file is not relied upon.
//! Of an object in a bucket: its entity tag, which is of its content. A table of a database has nothing of the kind.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::source::Place;

/// A file as it is now.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// Two files with the same text have the same content.
    pub(super) text: String,
    pub(super) bytes: u64,
    /// When it was changed last, in nanoseconds since 1970; none where a later change always shows.
    changed: Option<i128>,
}

impl Identity {
    /// None where nothing tells.
    pub(super) fn of(place: &Place) -> Option<Self> {
        match place {
            Place::Disk(path) => of_file(path),
            Place::Object(object) => {
                // A weak tag stands for several contents.
                let tag = object.tag().filter(|tag| !tag.is_empty() && !tag.starts_with("W/"))?;
                let written = object.written().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
                let text = format!("{} bytes, written {written}, tag {tag}", object.len());
                Some(Self { text, bytes: object.len(), changed: None })
            }
            Place::Rows(_) => None,
        }
    }

    /// Whether a change from `now` on would show.
    pub(super) fn is_settled(&self, now: SystemTime, margin: Duration) -> bool {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos() as i128;
        self.changed.is_none_or(|changed| changed + margin.as_nanos() as i128 <= now)
    }
}

#[cfg(unix)]
fn of_file(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;

    let meta = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let nanos = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    let written = nanos(meta.mtime(), meta.mtime_nsec());
    let changed = nanos(meta.ctime(), meta.ctime_nsec());
    let text = format!("{} bytes, written {written}, changed {changed}, inode {}", meta.len(), meta.ino());
    Some(Identity { text, bytes: meta.len(), changed: Some(written.max(changed)) })
}

/// Elsewhere no time is known that nobody can set back.
#[cfg(not(unix))]
fn of_file(_: &Path) -> Option<Identity> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, File};

    use super::*;

    fn of(path: &Path) -> Identity {
        Identity::of(&Place::Disk(path.to_owned())).expect("a file")
    }

    #[test]
    fn another_content_under_the_same_name_length_and_time_is_another_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (path, other) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        fs::write(&path, "one").expect("a file");
        let before = of(&path);
        assert_eq!(of(&path), before);
        let written = fs::metadata(&path).and_then(|meta| meta.modified()).expect("a time");
        std::thread::sleep(Duration::from_millis(20));
        // As `rsync --times` does: a file beside it, its time set back, renamed over the first.
        fs::write(&other, "two").expect("a file");
        File::options().write(true).open(&other).and_then(|file| file.set_modified(written)).expect("a time");
        fs::rename(&other, &path).expect("the same folder");
        assert_ne!(of(&path), before);
        // And in place.
        let before = of(&path);
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&path, "six").expect("a file");
        File::options().write(true).open(&path).and_then(|file| file.set_modified(written)).expect("a time");
        assert_ne!(of(&path), before);
    }

    #[test]
    fn a_file_changed_just_now_or_in_the_future_is_not_relied_upon() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.csv");
        fs::write(&path, "one").expect("a file");
        let (now, margin) = (SystemTime::now(), Duration::from_secs(2));
        assert!(!of(&path).is_settled(now, margin));
        assert!(of(&path).is_settled(now + Duration::from_secs(3), margin));
        let ahead = now + Duration::from_secs(3_600);
        File::options().write(true).open(&path).and_then(|file| file.set_modified(ahead)).expect("a time");
        assert!(!of(&path).is_settled(now + Duration::from_secs(3), margin));
    }
}
