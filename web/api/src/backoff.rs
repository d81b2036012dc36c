//! How long to wait before the next attempt to connect, and whether an impatient person may cut it short: from the
//! reason of the last end and the number of failures in a row. Pure; chance comes in as an argument.

/// A connection that lived so long was a good one: its end is the first failure of a new row.
const GOOD_AFTER_MS: f64 = 10_000.0;
/// A server that restarts says so and is back in a moment: its clients return spread over so long.
const RESTART_MS: f64 = 500.0;
/// The first pause after a loss is at most so long; each further one doubles.
const LOST_FIRST_MS: f64 = 1_000.0;
const LOST_LONGEST_MS: f64 = 20_000.0;
/// A server that asks not to be bothered is left alone for longer.
const BUSY_FIRST_MS: f64 = 8_000.0;
const BUSY_LONGEST_MS: f64 = 60_000.0;

/// Why a connection ended, as far as the next attempt is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// 1012: the server restarts; another is there, or it is soon.
    Restart,
    /// It broke, was never there, or did not answer.
    Lost,
    /// 1013: the server has too much to do, or this client did not keep up.
    Busy,
    /// 4403: the token does not hold any more.
    Refused,
    /// The server does not understand this client, which trying again does not mend: a newer version was rolled out.
    Mistake,
}

impl Ending {
    /// From the code of a close event; 1006 is what a browser says of a connection that broke.
    pub(crate) fn of(code: u16) -> Self {
        match code {
            1012 => Self::Restart,
            1013 => Self::Busy,
            4403 => Self::Refused,
            4400 | 4401 | 4406 | 4409 | 4429 => Self::Mistake,
            _ => Self::Lost,
        }
    }

    /// Whether a wish to be connected now (the network is back, somebody looks again) ends the pause.
    pub(crate) fn may_hurry(self) -> bool {
        matches!(self, Self::Restart | Self::Lost)
    }
}

/// The failures in a row.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: i32,
}

impl Backoff {
    /// Forgets earlier failures: the next attempt is a new beginning.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// How long to pause after this end, in milliseconds. `lived_ms` is how long the connection was acknowledged, 0 when it
    /// never was; `random` is at least 0 and below 1.
    pub(crate) fn pause_ms(&mut self, ending: Ending, lived_ms: f64, random: f64) -> u32 {
        self.failures = if lived_ms >= GOOD_AFTER_MS { 1 } else { (self.failures + 1).min(16) };
        let doubled = 2_f64.powi(self.failures - 1);
        let pause = match ending {
            Ending::Restart | Ending::Refused if self.failures == 1 => RESTART_MS * random,
            Ending::Restart | Ending::Lost => {
                // Over the whole span: a thousand clients that lost the same server must not return together.
                let ceiling = (LOST_FIRST_MS * doubled).min(LOST_LONGEST_MS);
                ceiling * (0.1 + 0.9 * random)
            }
            Ending::Busy | Ending::Refused => (BUSY_FIRST_MS * doubled).min(BUSY_LONGEST_MS) * (0.5 + 0.5 * random),
            Ending::Mistake => BUSY_LONGEST_MS * (0.5 + 0.5 * random),
        };
        pause as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest share of a thousand clients that return within the same 100 ms.
    fn crowd(ending: Ending, earlier_failures: u32) -> usize {
        let mut at: Vec<u32> = (0..1_000)
            .map(|n| {
                let mut backoff = Backoff::default();
                for _ in 0..earlier_failures {
                    backoff.pause_ms(Ending::Lost, 0.0, 0.5);
                }
                // Evenly spread, and the same in every run.
                backoff.pause_ms(ending, 0.0, (f64::from(n) * 0.618_033_988_749_895).fract())
            })
            .collect();
        at.sort_unstable();
        (0..at.len()).map(|from| at[from..].iter().take_while(|ms| **ms < at[from] + 100).count()).max().unwrap()
    }

    #[test]
    fn a_thousand_clients_do_not_return_at_once() {
        assert!(crowd(Ending::Restart, 0) <= 220, "{}", crowd(Ending::Restart, 0));
        assert!(crowd(Ending::Lost, 0) <= 125, "{}", crowd(Ending::Lost, 0));
        assert!(crowd(Ending::Lost, 2) <= 40, "{}", crowd(Ending::Lost, 2));
        assert!(crowd(Ending::Busy, 0) <= 40, "{}", crowd(Ending::Busy, 0));
    }

    #[test]
    fn a_restart_is_followed_at_once_and_an_outage_less_and_less_often() {
        let mut backoff = Backoff::default();
        assert!(backoff.pause_ms(Ending::Restart, 60_000.0, 0.999) < 500);
        let pauses: Vec<u32> = (0..8).map(|_| backoff.pause_ms(Ending::Lost, 0.0, 0.999)).collect();
        assert!(pauses.windows(2).all(|two| two[0] <= two[1]), "{pauses:?}");
        assert!(pauses[0] > 1_000 && pauses[7] <= 20_000, "{pauses:?}");
        // Never nothing, and never without bound.
        assert!((0..100).all(|_| (1..=20_000).contains(&backoff.pause_ms(Ending::Lost, 0.0, 0.0))));
    }

    #[test]
    fn a_connection_that_lived_forgives_what_was_before() {
        let mut backoff = Backoff::default();
        for _ in 0..10 {
            backoff.pause_ms(Ending::Lost, 0.0, 0.5);
        }
        assert!(backoff.pause_ms(Ending::Lost, 11_000.0, 0.999) <= 1_000);
        // One that is closed as soon as it stands does not.
        let mut backoff = Backoff::default();
        let pauses: Vec<u32> = (0..5).map(|_| backoff.pause_ms(Ending::Lost, 50.0, 0.999)).collect();
        assert!(pauses[4] > 10_000, "{pauses:?}");
    }

    #[test]
    fn who_is_sent_away_stays_away() {
        for random in [0.0, 0.5, 0.999] {
            assert!(Backoff::default().pause_ms(Ending::Busy, 60_000.0, random) >= 4_000);
            assert!(Backoff::default().pause_ms(Ending::Mistake, 60_000.0, random) >= 30_000);
            // The first refusal is a token that ran out: it has been renewed.
            assert!(Backoff::default().pause_ms(Ending::Refused, 60_000.0, random) < 500);
        }
        let mut backoff = Backoff::default();
        backoff.pause_ms(Ending::Refused, 0.0, 0.5);
        assert!(backoff.pause_ms(Ending::Refused, 0.0, 0.0) >= 8_000);
    }

    #[test]
    fn codes_say_what_to_do() {
        for (code, ending) in [
            (1012, Ending::Restart),
            (1013, Ending::Busy),
            (4403, Ending::Refused),
            (4400, Ending::Mistake),
            (4401, Ending::Mistake),
            (4409, Ending::Mistake),
            (4429, Ending::Mistake),
            (4408, Ending::Lost),
            (1006, Ending::Lost),
            (1001, Ending::Lost),
            (1009, Ending::Lost),
        ] {
            assert_eq!(Ending::of(code), ending, "{code}");
        }
        assert!(Ending::Lost.may_hurry() && Ending::Restart.may_hurry());
        assert!(!Ending::Busy.may_hurry() && !Ending::Refused.may_hurry() && !Ending::Mistake.may_hurry());
    }
}
