//! Disputes: who may do what when, and what each side is told.
