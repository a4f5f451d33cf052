//! What in an address could not be taken as it stood, and what is shown instead.

use model::{Day, Window};

/// Something in the URL that could not be taken as it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// A word that is no value of this parameter; the default is used.
    Ignored {
        /// The parameter.
        field: &'static str,
        /// What it said, shortened.
        value: String,
    },
    /// A store, region, channel or the like that the snapshot does not have.
    Unknown(String),
    /// No store has this id; all stores are shown.
    NoSuchStore(String),
    /// Days in the wrong order, or outside the data; these are shown instead.
    WindowMoved(Window),
    /// The comparison lies wholly or partly before the first day of the data.
    CompareBeforeData(Day),
    /// The days of the comparison are not known; another one is used.
    NoCompareDays,
    /// Two campaigns have no days to be compared by; another comparison is used.
    NoCampaignDays,
    /// The window leaves the days of the campaign compared; another comparison is used.
    OutsideCampaign,
    /// Too many points for one chart; a coarser grain is used.
    GrainCoarser,
}

impl Note {
    /// A value that means nothing to a parameter.
    pub(crate) fn ignored(field: &'static str, value: &str) -> Self {
        Self::Ignored { field, value: shortened(value) }
    }

    /// A name that the snapshot does not have.
    pub(crate) fn unknown(name: &str) -> Self {
        Self::Unknown(shortened(name))
    }

    /// An id that no store has.
    pub(crate) fn no_such_store(id: &str) -> Self {
        Self::NoSuchStore(shortened(id))
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
