//! Every page: its address, what it asks.
