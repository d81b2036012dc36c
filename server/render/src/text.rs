//! Measuring and breaking text with the fonts that this crate carries.
//! The same shaper lays the text out later, so that a measured line is the line that appears.

use std::sync::LazyLock;

use rustybuzz::{Face, UnicodeBuffer};

/// Fonts compiled into the crate: file contents in the order of [`Typeface`].
pub(crate) const FONT_FILES: [&[u8]; 4] = [
    include_bytes!("../fonts/Inter-Regular.otf"),
    include_bytes!("../fonts/Inter-SemiBold.otf"),
    include_bytes!("../fonts/Manrope-Bold.ttf"),
    include_bytes!("../fonts/Manrope-ExtraBold.ttf"),
];

static FACES: LazyLock<Vec<Option<Face<'static>>>> = LazyLock::new(|| FONT_FILES.iter().map(|bytes| Face::from_slice(bytes, 0)).collect());

/// Share of the font size that a character takes when a font cannot be read.
const GUESSED_ADVANCE: f64 = 0.56;

/// One of the four fonts that templates may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typeface {
    /// Inter, weight 400: running text.
    Body,
    /// Inter, weight 600: emphasis and labels.
    BodyStrong,
    /// Manrope, weight 700: smaller headings.
    Head,
    /// Manrope, weight 800: headlines.
    HeadStrong,
}

impl Typeface {
    /// The typeface for a template's `font` (`body` or `head`) and weight (100 to 900).
    #[must_use]
    pub fn of(font: &str, weight: u32) -> Self {
        match (font, weight) {
            ("head", 0..=700) => Self::Head,
            ("head", _) => Self::HeadStrong,
            (_, 0..=500) => Self::Body,
            _ => Self::BodyStrong,
        }
    }

    /// The `font-family` name in SVG.
    #[must_use]
    pub fn family(self) -> &'static str {
        match self {
            Self::Body | Self::BodyStrong => "Inter",
            Self::Head | Self::HeadStrong => "Manrope",
        }
    }

    /// The `font-weight` in SVG.
    #[must_use]
    pub fn weight(self) -> u32 {
        match self {
            Self::Body => 400,
            Self::BodyStrong => 600,
            Self::Head => 700,
            Self::HeadStrong => 800,
        }
    }

    fn face(self) -> Option<&'static Face<'static>> {
        let index = match self {
            Self::Body => 0,
            Self::BodyStrong => 1,
            Self::Head => 2,
            Self::HeadStrong => 3,
        };
        FACES.get(index).and_then(Option::as_ref)
    }
}

/// How a piece of text is set: the typeface, the size in user units and the extra space after each
/// character in user units.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The font.
    pub face: Typeface,
    /// Font size, user units.
    pub size: f64,
    /// Letter spacing, user units; may be negative.
    pub spacing: f64,
}

impl Style {
    /// Width of one line, user units.
    #[must_use]
    pub fn measure(&self, text: &str) -> f64 {
        let count = text.chars().count() as f64;
        let Some(face) = self.face.face() else {
            return count * (self.size * GUESSED_ADVANCE + self.spacing);
        };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        let shaped = rustybuzz::shape(face, &[], buffer);
        let units: i64 = shaped.glyph_positions().iter().map(|glyph| i64::from(glyph.x_advance)).sum();
        units as f64 * self.size / f64::from(face.units_per_em()) + count * self.spacing
    }

    /// Breaks text into lines no wider than `width`. `\n` forces a break. A word wider than the line
    /// is broken between characters. With `max_lines`, the last line ends in an ellipsis if text is left.
    #[must_use]
    pub fn wrap(&self, text: &str, width: f64, max_lines: Option<usize>) -> Vec<String> {
        let mut lines: Vec<String> = text.split('\n').flat_map(|paragraph| self.wrap_paragraph(paragraph, width)).collect();
        if let Some(max) = max_lines.filter(|max| lines.len() > *max && *max > 0) {
            lines.truncate(max);
            if let Some(last) = lines.last_mut() {
                *last = self.ellipsis(last, width);
            }
        }
        lines
    }

    /// As [`Style::wrap`], with lines of similar length: as many lines as needed, none of them a lone last word.
    #[must_use]
    pub fn balance(&self, text: &str, width: f64) -> Vec<String> {
        let lines = self.wrap(text, width, None);
        let longest_word = text.split_whitespace().map(|word| self.measure(word)).fold(0.0, f64::max);
        let (mut low, mut high) = (longest_word.min(width), width);
        while high - low > 1.0 {
            let middle = f64::midpoint(low, high);
            if self.wrap(text, middle, None).len() > lines.len() {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.wrap(text, high, None)
    }

    fn wrap_paragraph(&self, paragraph: &str, width: f64) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let candidate = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.measure(&candidate) <= width {
                line = candidate;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = self.split_word(word, width, &mut lines);
        }
        lines.push(line);
        lines
    }

    /// Pushes full lines of a word that is too wide and returns what is left of it.
    fn split_word(&self, word: &str, width: f64, lines: &mut Vec<String>) -> String {
        if self.measure(word) <= width {
            return word.to_owned();
        }
        let mut rest = String::new();
        for c in word.chars() {
            rest.push(c);
            if rest.chars().count() > 1 && self.measure(&rest) > width {
                rest.pop();
                lines.push(std::mem::take(&mut rest));
                rest.push(c);
            }
        }
        rest
    }

    fn ellipsis(&self, line: &str, width: f64) -> String {
        let mut kept = line.trim_end().to_owned();
        loop {
            let candidate = format!("{}…", kept.trim_end_matches([' ', ',', '.', ';', ':']));
            if kept.is_empty() || self.measure(&candidate) <= width {
                return candidate;
            }
            kept.pop();
        }
    }

    /// The largest size from `size` down to `min` at which the text takes at most `max_lines` lines
    /// of `width` and no word has to be broken. `min` when none does.
    #[must_use]
    pub fn fit(&self, text: &str, width: f64, max_lines: usize, min: f64) -> f64 {
        let mut style = *self;
        while style.size > min {
            let widest = text.split_whitespace().map(|word| style.measure(word)).fold(0.0, f64::max);
            if widest <= width && style.wrap(text, width, None).len() <= max_lines {
                return style.size;
            }
            style.size -= (self.size * 0.02).max(0.25);
        }
        min
    }
}

/// Breaks plain text at `columns` characters; existing line breaks stay. Lines after the first of a paragraph
/// begin with `indent` spaces.
#[must_use]
pub fn fill(text: &str, columns: usize, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let length = line.chars().count() + 1 + word.chars().count();
            if !line.trim().is_empty() && length > columns {
                lines.push(std::mem::replace(&mut line, margin.clone()));
            }
            if !line.trim().is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { face: Typeface::Body, size: 10.0, spacing: 0.0 };

    #[test]
    fn all_fonts_can_be_read() {
        assert!(FACES.iter().all(Option::is_some));
    }

    #[test]
    fn lines_keep_to_the_width_and_lose_nothing() {
        let text = "Restore tests run every night, and the result is a report that an auditor can read.";
        let lines = STYLE.wrap(text, 120.0, None);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| STYLE.measure(line) <= 120.0));
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn headlines_are_balanced() {
        let text = "A policy says what should happen. Evidence says what did.";
        let (plain, balanced) = (STYLE.wrap(text, 250.0, None), STYLE.balance(text, 250.0));
        assert_eq!(plain.len(), balanced.len());
        assert_eq!(balanced.join(" "), text);
        let shortest = |lines: &[String]| lines.iter().map(|line| STYLE.measure(line)).fold(f64::MAX, f64::min);
        assert!(shortest(&balanced) > shortest(&plain));
    }

    #[test]
    fn an_endless_word_is_broken() {
        let word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk";
        let lines = STYLE.wrap(word, 60.0, None);
        assert!(lines.iter().all(|line| STYLE.measure(line) <= 60.0));
        assert_eq!(lines.concat(), word);
    }

    #[test]
    fn what_is_cut_ends_in_an_ellipsis() {
        let lines = STYLE.wrap("one two three four five six seven", 50.0, Some(2));
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
    }

    #[test]
    fn fit_shrinks_only_when_needed() {
        assert!((STYLE.fit("short", 200.0, 1, 5.0) - 10.0).abs() < f64::EPSILON);
        let size = STYLE.fit("A rather long name of a company", 100.0, 1, 5.0);
        assert!((5.0..10.0).contains(&size));
    }

    #[test]
    fn plain_text_is_filled() {
        assert_eq!(fill("aa bb cc\n\ndd", 5, 0), "aa bb\ncc\n\ndd");
        assert_eq!(fill("- aa bb", 4, 2), "- aa\n  bb");
    }
}
