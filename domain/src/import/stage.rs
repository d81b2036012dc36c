//! Stages of an imported sale: found among the program's by name, or added to them.

use super::key_of;
use crate::program::{Program, Stage, StageCategory};

/// Most stages that a program has after an import; a file with more different ones has a broken column.
pub const STAGES_MAX: usize = 40;

/// The program's stage of that name (or key), without regard to case.
pub fn find<'a>(program: &'a Program, name: &str) -> Option<&'a Stage> {
    let key = key_of(name)?;
    program.stages.iter().find(|s| s.key == key || key_of(&s.name).as_ref() == Some(&key))
}

/// What a stage is, by its name: won, lost, or on the way.
pub fn category(name: &str) -> StageCategory {
    match key_of(name).as_deref() {
        Some("won" | "closed-won") => StageCategory::Won,
        Some("lost" | "closed-lost") => StageCategory::Lost,
        _ => StageCategory::Open,
    }
}

/// Whether a stage could have this name: it has a letter, is short, and is not a date or a number that slipped into the
/// wrong column.
pub fn is_plausible(name: &str) -> bool {
    name.chars().any(char::is_alphabetic) && name.chars().count() <= 60 && key_of(name).is_some()
}

/// Adds a stage: an open one before the first that closes, halfway between the chance of the one before it and
/// certainty; others at the end. Does nothing when there is one of that name, or when there are [`STAGES_MAX`].
pub fn add(program: &mut Program, name: &str) {
    let Some(key) = key_of(name) else { return };
    if find(program, name).is_some() || program.stages.len() >= STAGES_MAX {
        return;
    }
    let category = category(name);
    let at = match category {
        StageCategory::Open => program.stages.iter().position(|s| s.category != StageCategory::Open).unwrap_or(program.stages.len()),
        _ => program.stages.len(),
    };
    let probability = match category {
        StageCategory::Won => 100,
        StageCategory::Lost => 0,
        StageCategory::Open => {
            let before = program.stages[..at].iter().map(|s| s.probability).next_back().unwrap_or_default();
            before + (100 - before) / 2
        }
    };
    program.stages.insert(at, Stage { key, name: name.trim().to_owned(), category, probability });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::program;

    #[test]
    fn stages_are_found_without_regard_to_case() {
        let p = program();
        assert_eq!(find(&p, " WON ").map(|s| s.key.as_str()), Some("won"));
        assert_eq!(find(&p, "in talks").map(|s| s.key.as_str()), Some("talks"), "by the name, not only the key");
        assert!(find(&p, "Engaging").is_none() && find(&p, "").is_none());
    }

    #[test]
    fn a_new_open_stage_goes_before_the_ends_and_others_behind() {
        let mut p = program();
        for name in ["Engaging", "Closed Lost", "engaging"] {
            add(&mut p, name);
        }
        let stages: Vec<_> = p.stages.iter().map(|s| (s.key.as_str(), s.category, s.probability)).collect();
        assert_eq!(
            stages,
            [
                ("talks", StageCategory::Open, 20),
                ("engaging", StageCategory::Open, 60),
                ("won", StageCategory::Won, 100),
                ("lost", StageCategory::Lost, 0),
                ("closed-lost", StageCategory::Lost, 0),
            ]
        );
        for n in 0..100 {
            add(&mut p, &format!("Stage {n}"));
        }
        assert_eq!(p.stages.len(), STAGES_MAX);
    }

    #[test]
    fn a_date_in_the_wrong_column_is_no_stage() {
        assert!(is_plausible("Won") && !is_plausible("10/20/2016") && !is_plausible("1054") && !is_plausible(&"a".repeat(61)));
    }
}
