//! Brand colours: parsing, contrast and the shades that templates use.
//! A partner may have any colour, pale yellow included; what is returned here is always legible.

use serde::Serialize;

/// Colours for partners that named none. All reach 4.5:1 against white.
const PALETTE: [Rgb; 8] = [
    Rgb(0x1f, 0x5f, 0x8b),
    Rgb(0x0f, 0x76, 0x6e),
    Rgb(0x5b, 0x4b, 0xb3),
    Rgb(0xa8, 0x3f, 0x5d),
    Rgb(0x9a, 0x4f, 0x14),
    Rgb(0x2f, 0x6b, 0x3c),
    Rgb(0x3d, 0x52, 0x6e),
    Rgb(0x8a, 0x3f, 0x8f),
];

/// Near-black used as dark text.
const INK: Rgb = Rgb(0x10, 0x1c, 0x2c);
const WHITE: Rgb = Rgb(0xff, 0xff, 0xff);
const BLACK: Rgb = Rgb(0, 0, 0);

/// A colour in sRGB, eight bits per channel: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#rrggbb` or `#rgb`, in either case. Anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let wide = match digits.len() {
            3 => digits.chars().flat_map(|c| [c, c]).collect(),
            6 => digits.to_owned(),
            _ => return None,
        };
        let value = u32::from_str_radix(&wide, 16).ok()?;
        let [_, r, g, b] = value.to_be_bytes();
        Some(Self(r, g, b))
    }

    /// The colour of a partner that named none: always the same one for the same name.
    #[must_use]
    pub fn for_name(name: &str) -> Self {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let len = PALETTE.len() as u64;
        PALETTE.get((hash % len) as usize).copied().unwrap_or(INK)
    }

    /// `#rrggbb`, lower case.
    #[must_use]
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// This colour with `share` (0 to 1) of `other` mixed in.
    #[must_use]
    pub fn mix(self, other: Self, share: f64) -> Self {
        let channel = |a: u8, b: u8| {
            let value = f64::from(a) * (1.0 - share) + f64::from(b) * share;
            value.round().clamp(0.0, 255.0) as u8
        };
        Self(channel(self.0, other.0), channel(self.1, other.1), channel(self.2, other.2))
    }

    /// Contrast ratio of WCAG 2, from 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

/// The shades a template may use, all as `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shades {
    /// The partner's colour as given, or the one derived from its name.
    pub color: String,
    /// The colour darkened until white text on it, and it as text on white, reach 4.5:1.
    pub deep: String,
    /// Black or white, whichever reads better on `color`.
    pub on_color: String,
    /// A hint of the colour, for large areas behind dark text.
    pub tint: String,
    /// A quarter of the colour, for lines and small areas.
    pub soft: String,
}

impl Shades {
    /// Derives all shades from one colour.
    #[must_use]
    pub fn of(color: Rgb) -> Self {
        let deep = (0..=20).map(|step| color.mix(BLACK, f64::from(step) * 0.05)).find(|shade| shade.contrast(WHITE) >= 4.5).unwrap_or(INK);
        let on_color = if color.contrast(WHITE) >= 3.6 { WHITE } else { INK };
        Self {
            color: color.hex(),
            deep: deep.hex(),
            on_color: on_color.hex(),
            tint: color.mix(WHITE, 0.92).hex(),
            soft: color.mix(WHITE, 0.74).hex(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_notations_and_nothing_else() {
        assert_eq!(Rgb::parse("#1f5f8b"), Some(Rgb(0x1f, 0x5f, 0x8b)));
        assert_eq!(Rgb::parse("#FFF"), Some(WHITE));
        for bad in ["", "1f5f8b", "#12", "#12345g", "red", "#1f5f8b;x", "#ä1"] {
            assert_eq!(Rgb::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn pale_colours_become_legible() {
        for color in ["#ffe600", "#ffffff", "#00ff00", "#101c2c"] {
            let shades = Shades::of(Rgb::parse(color).unwrap());
            let deep = Rgb::parse(&shades.deep).unwrap();
            assert!(deep.contrast(WHITE) >= 4.5, "{color}");
            let on = Rgb::parse(&shades.on_color).unwrap();
            assert!(on.contrast(Rgb::parse(color).unwrap()) >= 3.6, "{color}");
        }
    }

    #[test]
    fn every_fallback_is_legible_and_stable() {
        assert!(PALETTE.iter().all(|color| color.contrast(WHITE) >= 4.5));
        assert_eq!(Rgb::for_name("Aurora"), Rgb::for_name("Aurora"));
    }
}
