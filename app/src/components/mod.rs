//! The pieces pages are made of. Each is a function from the page's values to a view.

pub(crate) mod answer;
pub(crate) mod cards;
pub(crate) mod compare;
pub(crate) mod figure;
pub(crate) mod filters;
pub(crate) mod frame;
pub(crate) mod funnel;
pub(crate) mod growth_table;
pub(crate) mod heatmap;
pub(crate) mod makeup;
pub(crate) mod movers;
pub(crate) mod names;
pub(crate) mod section;
pub(crate) mod states;
pub(crate) mod table;
pub(crate) mod tabs;
pub(crate) mod target;
pub(crate) mod trend;
pub(crate) mod waterfall;
pub(crate) mod why;
