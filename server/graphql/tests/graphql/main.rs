//! The schema run in process on a real MongoDB with the demo program in it: rights, isolation, input, sessions, live changes.

mod input;
mod isolation;
mod live;
mod reading;
mod rights;
mod session;
mod work;
mod world;
