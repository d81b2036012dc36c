//! Whether the other side is still there, and whether this side slept: pings and their time limits, and what a jump of
//! the wall clock means. Pure; the time comes in, in milliseconds since 1970.

/// The other side is asked when it was silent for so long.
const PING_AFTER_MS: f64 = 12_000.0;
/// How long it may take to answer.
const PONG_WITHIN_MS: f64 = 10_000.0;
/// The same for a connection that somebody is waiting for: after sleep, or when the tab is shown again.
const PROBE_WITHIN_MS: f64 = 2_000.0;
/// The clock is looked at this often: timers stand still while a machine sleeps, so what a sleep lasted shows only here.
const TICK_MS: f64 = 2_000.0;
/// Two looks farther apart than this were not both made awake.
const SLEPT_AFTER_MS: f64 = 8_000.0;
/// After such a silence the server has let this client go: there is nothing to ask.
const GONE_AFTER_MS: f64 = 45_000.0;
/// Who spoke just now need not be asked.
const FRESH_MS: f64 = 1_000.0;

/// What is to be done about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// Nothing.
    Nothing,
    /// Ask whether the other side is there.
    Ping,
    /// Give it up and connect anew at once.
    Replace,
}

/// What is known about one connection.
#[derive(Debug)]
pub(crate) struct Health {
    looked: f64,
    heard: f64,
    answer_by: Option<f64>,
}

impl Health {
    /// A connection that has just been acknowledged.
    pub(crate) fn new(now: f64) -> Self {
        Self { looked: now, heard: now, answer_by: None }
    }

    /// The other side said something.
    pub(crate) fn heard(&mut self, now: f64) {
        self.heard = now;
        self.answer_by = None;
    }

    /// Something was sent that has an answer.
    pub(crate) fn asked(&mut self, now: f64) {
        let by = now + PONG_WITHIN_MS;
        self.answer_by = Some(self.answer_by.map_or(by, |earlier| earlier.min(by)));
    }

    /// A look at the clock, to be taken every [`Health::next_look_ms`].
    pub(crate) fn look(&mut self, now: f64) -> Care {
        let since = now - self.looked;
        self.looked = now;
        if since < 0.0 {
            // The clock was set back: what it said before is worth nothing.
            self.heard = now;
            self.answer_by = None;
        }
        if since > SLEPT_AFTER_MS {
            return self.woke(now);
        }
        if self.answer_by.is_some_and(|by| now >= by) {
            return Care::Replace;
        }
        if self.answer_by.is_none() && now - self.heard >= PING_AFTER_MS {
            self.answer_by = Some(now + PONG_WITHIN_MS);
            return Care::Ping;
        }
        Care::Nothing
    }

    /// The machine woke up, the network came back, or somebody looks again.
    pub(crate) fn woke(&mut self, now: f64) -> Care {
        self.looked = now;
        let silent = now - self.heard;
        if silent >= GONE_AFTER_MS {
            return Care::Replace;
        }
        if (0.0..FRESH_MS).contains(&silent) {
            return Care::Nothing;
        }
        // A limit from before the sleep has run out unheard, and one that was generous is not any more.
        let is_asked = self.answer_by.is_some_and(|by| by > now && by <= now + PROBE_WITHIN_MS);
        if is_asked {
            return Care::Nothing;
        }
        self.answer_by = Some(now + PROBE_WITHIN_MS);
        Care::Ping
    }

    /// When to look next, in milliseconds from now.
    pub(crate) fn next_look_ms(&self, now: f64) -> u32 {
        let wait = self.answer_by.map_or(TICK_MS, |by| (by - now).clamp(50.0, TICK_MS));
        wait as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: f64 = 1_800_000_000_000.0;

    /// Looks at the clock as the socket does until something is to be done; when, and what.
    fn until_care(health: &mut Health, from: f64, limit: f64) -> Option<(f64, Care)> {
        let mut now = from;
        while now < from + limit {
            now += f64::from(health.next_look_ms(now));
            match health.look(now) {
                Care::Nothing => {}
                care => return Some((now - from, care)),
            }
        }
        None
    }

    #[test]
    fn a_silent_connection_is_asked_and_given_up_when_it_does_not_answer() {
        let mut health = Health::new(START);
        assert_eq!(until_care(&mut health, START, 60_000.0), Some((12_000.0, Care::Ping)));
        assert_eq!(until_care(&mut health, START + 12_000.0, 60_000.0), Some((10_000.0, Care::Replace)));
    }

    #[test]
    fn a_connection_that_answers_is_kept() {
        let mut health = Health::new(START);
        let mut now = START;
        for _ in 0..50 {
            let (after, care) = until_care(&mut health, now, 60_000.0).unwrap();
            assert_eq!(care, Care::Ping);
            now += after + 40.0;
            health.heard(now);
        }
    }

    #[test]
    fn a_short_sleep_is_noticed_at_the_first_look_and_the_connection_probed_within_two_seconds() {
        let mut health = Health::new(START);
        let woke = START + 30_000.0;
        assert_eq!(health.look(woke), Care::Ping);
        assert_eq!(until_care(&mut health, woke, 60_000.0), Some((2_000.0, Care::Replace)));
        // One that answers is kept.
        let mut health = Health::new(START);
        assert_eq!(health.look(woke), Care::Ping);
        health.heard(woke + 30.0);
        assert_eq!(until_care(&mut health, woke + 30.0, 10_000.0), None);
    }

    #[test]
    fn after_a_long_sleep_nobody_waits_for_an_answer() {
        let mut health = Health::new(START);
        assert_eq!(health.look(START + 60_000.0), Care::Replace);
        let mut health = Health::new(START);
        assert_eq!(health.woke(START + 3_600_000.0), Care::Replace);
    }

    #[test]
    fn a_question_from_before_the_sleep_does_not_count_against_the_connection() {
        let mut health = Health::new(START);
        assert_eq!(until_care(&mut health, START, 60_000.0), Some((12_000.0, Care::Ping)));
        let woke = START + 32_000.0;
        assert_eq!(health.look(woke), Care::Ping, "asked again, not given up");
        assert_eq!(until_care(&mut health, woke, 60_000.0), Some((2_000.0, Care::Replace)));
    }

    #[test]
    fn looking_again_shortens_the_wait_once() {
        let mut health = Health::new(START);
        until_care(&mut health, START, 60_000.0);
        let shown = START + 13_000.0;
        assert_eq!(health.woke(shown), Care::Ping);
        assert_eq!(health.woke(shown + 100.0), Care::Nothing, "it is being asked");
        assert_eq!(until_care(&mut health, shown + 100.0, 60_000.0), Some((1_900.0, Care::Replace)));
    }

    #[test]
    fn who_spoke_just_now_is_not_asked() {
        let mut health = Health::new(START);
        health.heard(START + 5_000.0);
        assert_eq!(health.woke(START + 5_400.0), Care::Nothing);
        assert_eq!(health.woke(START + 7_000.0), Care::Ping);
    }

    #[test]
    fn a_clock_that_is_set_back_breaks_nothing() {
        let mut health = Health::new(START);
        let earlier = START - 3_600_000.0;
        assert_eq!(health.look(earlier), Care::Nothing);
        assert_eq!(until_care(&mut health, earlier, 60_000.0), Some((12_000.0, Care::Ping)));
        // And one that is set forward costs one question at most.
        let mut health = Health::new(START);
        health.heard(START + 1_000.0);
        assert_eq!(health.look(START + 30_000.0), Care::Ping);
        health.heard(START + 30_020.0);
        assert_eq!(until_care(&mut health, START + 30_020.0, 10_000.0), None);
    }
}
