//! Names that mean harm, through every field that holds a name, into everything that shows one.

mod corpus;
mod files;
mod pages;
mod retailer;
mod structure;
