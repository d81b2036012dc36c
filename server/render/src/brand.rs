//! A partner as templates see it: checked addresses, legible colours, and always a logo.

use serde::Serialize;

use crate::color::{Rgb, Shades};
use crate::error::RenderError;
use crate::logo::{CleanLogo, Frame};
use crate::{svg, wordmark};

/// Longest address that is taken over.
const MAX_URL: usize = 2000;
/// Longest link that is printed in full; of a longer one the host is printed.
const MAX_PRINTED: usize = 44;

/// The partner that is merged into a kit. Only `name`, `link` and `vendor_name` are needed;
/// every layout looks right without the rest. What is not a usable address is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Brand {
    /// The partner's name as it is to be read.
    pub name: String,
    /// Website, with or without scheme.
    pub website: Option<String>,
    /// Person to ask.
    pub contact_name: Option<String>,
    /// That person's mail address.
    pub contact_email: Option<String>,
    /// That person's telephone number, international notation.
    pub contact_phone: Option<String>,
    /// City of the partner.
    pub city: Option<String>,
    /// Country of the partner, as a name in the reader's language.
    pub country: Option<String>,
    /// Logo; without one, a wordmark is made from name and colour.
    pub logo: Option<CleanLogo>,
    /// Public https address of the same logo as PNG, for e-mail; without it the picture is inlined.
    pub logo_url: Option<String>,
    /// `#rrggbb`; without one, a colour is derived from the name.
    pub color: Option<String>,
    /// The partner's tracking link for this kit, http or https.
    pub link: String,
    /// The vendor whose program it is.
    pub vendor_name: String,
}

impl Brand {
    /// A brand with a name, a tracking link and nothing else.
    #[must_use]
    pub fn new(name: impl Into<String>, link: impl Into<String>, vendor: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            website: None,
            contact_name: None,
            contact_email: None,
            contact_phone: None,
            city: None,
            country: None,
            logo: None,
            logo_url: None,
            color: None,
            link: link.into(),
            vendor_name: vendor.into(),
        }
    }

    /// The colour as given, or the one derived from the name.
    #[must_use]
    pub fn rgb(&self) -> Rgb {
        self.color.as_deref().and_then(Rgb::parse).unwrap_or_else(|| Rgb::for_name(&self.name))
    }

    /// What a template sees as `brand`.
    pub(crate) fn view(&self) -> Result<BrandView, RenderError> {
        let link = web_address(&self.link).ok_or(RenderError::Link)?;
        let name = plain(&self.name).unwrap_or_else(|| self.vendor_name.clone());
        let website = self.website.as_deref().and_then(website_address);
        let website_label = website.as_deref().map(host_label);
        let phone = self.contact_phone.as_deref().and_then(plain);
        Ok(BrandView {
            link_label: printed_link(&link, website_label.as_deref()),
            link,
            website_label,
            website,
            contact_name: self.contact_name.as_deref().and_then(plain),
            contact_email: self.contact_email.as_deref().and_then(mail_address),
            contact_phone_href: phone.as_deref().and_then(phone_href),
            contact_phone: phone,
            place: place(self.city.as_deref(), self.country.as_deref()),
            logo: self.logo_view(&name),
            shades: Shades::of(self.rgb()),
            vendor_name: plain(&self.vendor_name).unwrap_or_default(),
            name,
        })
    }

    fn logo_view(&self, name: &str) -> LogoView {
        let own = self.logo.clone();
        let is_wordmark = own.is_none();
        let logo = own.unwrap_or_else(|| wordmark::logo(name, self.rgb()));
        let mail = self.logo_url.as_deref().filter(|_| !is_wordmark).and_then(web_address).filter(|url| url.starts_with("https://"));
        LogoView {
            uri: logo.data_uri(),
            mail_uri: mail.unwrap_or_else(|| svg::logo_png_uri(&logo)),
            width: logo.width(),
            height: logo.height(),
            ratio: logo.frame().width / logo.frame().height,
            frame: logo.frame(),
            is_wordmark,
        }
    }
}

/// `brand` in templates. Optional values are `none` when there is nothing to show.
#[derive(Debug, Serialize)]
pub(crate) struct BrandView {
    pub name: String,
    pub website: Option<String>,
    pub website_label: Option<String>,
    pub contact_name: Option<String>,
    pub contact_email: Option<String>,
    pub contact_phone: Option<String>,
    pub contact_phone_href: Option<String>,
    pub place: Option<String>,
    pub logo: LogoView,
    #[serde(flatten)]
    pub shades: Shades,
    pub link: String,
    pub link_label: String,
    pub vendor_name: String,
}

/// `brand.logo` in templates. `frame` is the part that is drawn on, `ratio` its width by its height.
#[derive(Debug, Serialize)]
pub(crate) struct LogoView {
    pub uri: String,
    pub mail_uri: String,
    pub width: f32,
    pub height: f32,
    pub ratio: f32,
    pub frame: Frame,
    pub is_wordmark: bool,
}

/// Text on one line, without control characters; `None` when nothing is left.
fn plain(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn web_address(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"))?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\');
    let bad = rest.is_empty() || rest.starts_with('/') || text.len() > MAX_URL || text.contains(odd);
    (!bad).then(|| text.to_owned())
}

fn website_address(text: &str) -> Option<String> {
    let text = text.trim();
    if text.contains("://") {
        return web_address(text);
    }
    let looks_like_host = text.contains('.') && !text.contains(':');
    looks_like_host.then(|| format!("https://{text}")).and_then(|url| web_address(&url))
}

fn mail_address(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.split_once('@')?;
    let fine = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'));
    (fine(local) && fine(domain) && text.len() <= 254).then(|| text.to_owned())
}

fn phone_href(text: &str) -> Option<String> {
    let digits: String = text.replace("(0)", "").chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    (digits.len() >= 5).then(|| format!("tel:{digits}"))
}

fn host_label(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.trim_end_matches('/').to_owned()
}

fn printed_link(link: &str, website: Option<&str>) -> String {
    let label = host_label(link);
    if label.chars().count() <= MAX_PRINTED {
        return label;
    }
    let host = label.split(['/', '?', '#']).next().unwrap_or_default();
    website.unwrap_or(host).to_owned()
}

fn place(city: Option<&str>, country: Option<&str>) -> Option<String> {
    let parts: Vec<String> = [city, country].into_iter().flatten().filter_map(plain).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brand() -> Brand {
        Brand::new("Aurora Systems", "https://go.example/r/a1", "Halden Cloud")
    }

    #[test]
    fn a_link_that_is_not_http_is_refused() {
        for link in ["javascript:alert(1)", "", "ftp://x", "https://", "https://a b", "https://a\"b"] {
            let brand = Brand { link: link.to_owned(), ..brand() };
            assert!(matches!(brand.view(), Err(RenderError::Link)), "{link}");
        }
    }

    #[test]
    fn unusable_addresses_are_left_out() {
        let view = Brand {
            website: Some("javascript:alert(1)".into()),
            contact_email: Some("x@y?bcc=z@z".into()),
            contact_phone: Some("  ".into()),
            city: Some(String::new()),
            ..brand()
        }
        .view()
        .unwrap();
        assert_eq!(view.website, None);
        assert_eq!(view.contact_email, None);
        assert_eq!(view.contact_phone, None);
        assert_eq!(view.place, None);
        assert!(view.logo.is_wordmark);
    }

    #[test]
    fn addresses_get_labels() {
        let view = Brand {
            website: Some("www.aurora-systems.test/".into()),
            contact_phone: Some("+49 (0)30 1234-56".into()),
            city: Some("Oslo".into()),
            country: Some("Norway".into()),
            ..brand()
        }
        .view()
        .unwrap();
        assert_eq!(view.website.as_deref(), Some("https://www.aurora-systems.test/"));
        assert_eq!(view.website_label.as_deref(), Some("aurora-systems.test"));
        assert_eq!(view.contact_phone_href.as_deref(), Some("tel:+4930123456"));
        assert_eq!(view.place.as_deref(), Some("Oslo, Norway"));
        assert_eq!(view.link_label, "go.example/r/a1");
    }
}
