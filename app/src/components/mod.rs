//! The pieces pages are made of. Each is a function from the page's values to a view.

pub(crate) mod cards;
pub(crate) mod compare;
pub(crate) mod figure;
pub(crate) mod filters;
pub(crate) mod frame;
pub(crate) mod funnel;
pub(crate) mod heat;
pub(crate) mod makeup;
pub(crate) mod movers;
pub(crate) mod trend;
pub(crate) mod waterfall;
