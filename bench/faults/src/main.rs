//! The fault harness.

fn main() {}
