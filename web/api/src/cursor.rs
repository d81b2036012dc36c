//! Where a stream is: the cursor to go on from, and what was handed on already, so that what the server tells twice
//! around a break is shown once. And what to do when the server ends a stream. Pure.

use std::collections::VecDeque;

/// How many cursors are remembered to drop what is delivered twice. The server goes on after the newest, so what can
/// come twice is what was on the wire when it broke.
const REMEMBERED: usize = 512;

/// The place in a stream.
#[derive(Debug, Default)]
pub(crate) struct Place {
    cursor: Option<String>,
    seen: VecDeque<String>,
    failures: u32,
}

/// How a stream goes on after the server ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GoOn {
    /// Not at all: the right to it is gone.
    Never,
    /// From the cursor, after so many milliseconds.
    Resume(u32),
    /// From a new cursor, with everything read again, after so many milliseconds.
    Anew(u32),
}

impl Place {
    /// The cursor to go on after, if there is one.
    pub(crate) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// Begins at this cursor.
    pub(crate) fn begin(&mut self, cursor: String) {
        self.cursor = Some(cursor);
    }

    /// Goes on after this change. False when it was there before and is not to be handed on.
    pub(crate) fn reach(&mut self, cursor: &str) -> bool {
        self.failures = 0;
        if self.seen.iter().any(|earlier| earlier == cursor) {
            return false;
        }
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back(cursor.to_owned());
        self.cursor = Some(cursor.to_owned());
        true
    }

    /// The server ended the stream, with the code of its error or without one.
    pub(crate) fn ended(&mut self, code: Option<&str>) -> GoOn {
        self.failures += 1;
        let pause = 1_000 * 2_u32.pow(self.failures.min(6) - 1);
        match code {
            Some("FORBIDDEN") => GoOn::Never,
            // A cursor that the server does not take would be refused for ever.
            Some("BAD_REQUEST") => GoOn::Anew(pause),
            _ if self.failures > 3 => GoOn::Anew(pause),
            _ => GoOn::Resume(pause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_is_handed_on_once() {
        let mut place = Place::default();
        place.begin("a".into());
        assert_eq!(place.cursor(), Some("a"));
        assert!(place.reach("b") && place.reach("c"));
        assert!(!place.reach("b"), "told again after a break");
        assert_eq!(place.cursor(), Some("c"), "an old change does not turn the cursor back");
        assert!(place.reach("d"));
    }

    #[test]
    fn memory_is_bounded_and_the_newest_are_kept() {
        let mut place = Place::default();
        for n in 0..10_000 {
            assert!(place.reach(&n.to_string()));
        }
        assert_eq!(place.seen.len(), REMEMBERED);
        assert!((10_000 - REMEMBERED..10_000).all(|n| !place.reach(&n.to_string())));
    }

    #[test]
    fn a_stream_that_ends_goes_on_from_its_cursor() {
        let mut place = Place::default();
        place.reach("a");
        assert_eq!(place.ended(None), GoOn::Resume(1_000));
        assert_eq!(place.ended(Some("UNAVAILABLE")), GoOn::Resume(2_000));
        assert_eq!(place.cursor(), Some("a"));
        place.reach("b");
        assert_eq!(place.ended(Some("INTERNAL")), GoOn::Resume(1_000), "a change forgives earlier ends");
    }

    #[test]
    fn a_cursor_that_is_refused_is_given_up_and_a_right_that_is_gone_not_asked_for() {
        let mut place = Place::default();
        place.reach("a");
        assert_eq!(place.ended(Some("BAD_REQUEST")), GoOn::Anew(1_000));
        assert_eq!(place.ended(Some("FORBIDDEN")), GoOn::Never);
        let mut place = Place::default();
        let ends: Vec<GoOn> = (0..9).map(|_| place.ended(Some("INTERNAL"))).collect();
        assert_eq!(ends[3], GoOn::Anew(8_000));
        assert_eq!(ends[8], GoOn::Anew(32_000));
    }
}
