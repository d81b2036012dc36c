//! Numbers, money, dates, countries for people: the browser's own `Intl`, in the chosen language and the browser's
//! time zone. Each formatter is made once per language and options. Amounts stay text all the way.

use std::{cell::RefCell, collections::HashMap};

use entente_web_api::{CountryCode, CurrencyCode, Date, DateTime, Money};
use js_sys::{Array, Function, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::language;

const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

thread_local! {
    static FORMATTERS: RefCell<HashMap<String, Option<(JsValue, Function)>>> = RefCell::default();
}

/// Calls `method` of `new Intl[kind](language, options)`. `None` where the browser cannot.
fn intl(kind: &str, options: &str, method: &str, args: &[JsValue]) -> Option<String> {
    let tag = match language() {
        // Day before month and a 24-hour clock: partners sit in many countries.
        super::Language::English => "en-GB",
        super::Language::German => "de-DE",
    };
    let key = format!("{tag}|{kind}|{method}|{options}");
    let (formatter, function) =
        FORMATTERS.with_borrow_mut(|formatters| formatters.entry(key).or_insert_with(|| make(kind, tag, options, method)).clone())?;
    let text = match args {
        [one] => function.call1(&formatter, one),
        [one, two] => function.call2(&formatter, one, two),
        _ => return None,
    };
    text.ok()?.as_string()
}

fn make(kind: &str, tag: &str, options: &str, method: &str) -> Option<(JsValue, Function)> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor: Function = Reflect::get(&intl, &kind.into()).ok()?.dyn_into().ok()?;
    let options = JSON::parse(options).ok()?;
    let formatter = Reflect::construct(&constructor, &Array::of2(&tag.into(), &options)).ok()?;
    let function: Function = Reflect::get(&formatter, &method.into()).ok()?.dyn_into().ok()?;
    Some((formatter, function))
}

fn moment(text: &str) -> Option<f64> {
    let ms = js_sys::Date::parse(text);
    ms.is_finite().then_some(ms)
}

/// A number with grouping, up to two decimals.
pub fn number(value: f64) -> String {
    if cfg!(not(target_arch = "wasm32")) {
        return value.to_string();
    }
    intl("NumberFormat", r#"{"maximumFractionDigits":2}"#, "format", &[value.into()]).unwrap_or_else(|| value.to_string())
}

/// A share of a hundred, as `35 %`.
pub fn percent(of_hundred: f64) -> String {
    intl("NumberFormat", r#"{"style":"percent","maximumFractionDigits":0}"#, "format", &[(of_hundred / 100.0).into()])
        .unwrap_or_else(|| format!("{of_hundred} %"))
}

/// A full amount, without the cents where there are none.
pub fn money(money: &Money) -> String {
    let options = format!(r#"{{"style":"currency","currency":"{}","trailingZeroDisplay":"stripIfInteger"}}"#, safe(&money.currency));
    intl("NumberFormat", &options, "format", &[money.amount.as_str().into()]).unwrap_or_else(|| format!("{} {}", money.amount, money.currency))
}

/// A short amount for totals and tiles, as `€1.2M`.
pub fn money_short(money: &Money) -> String {
    let options = format!(r#"{{"style":"currency","currency":"{}","notation":"compact","maximumSignificantDigits":3}}"#, safe(&money.currency));
    intl("NumberFormat", &options, "format", &[money.amount.as_str().into()]).unwrap_or_else(|| format!("{} {}", money.amount, money.currency))
}

/// The code alone where it is one; an odd value must not break the options.
fn safe(currency: &CurrencyCode) -> &str {
    let code = currency.as_str();
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) { code } else { "EUR" }
}

/// A calendar day, as `21 Nov 2026`.
pub fn date(date: &Date) -> String {
    // A day has no zone: read at noon UTC and shown in UTC it stays the same day everywhere.
    let options = r#"{"day":"numeric","month":"short","year":"numeric","timeZone":"UTC"}"#;
    moment(&format!("{date}T12:00:00Z"))
        .and_then(|ms| intl("DateTimeFormat", options, "format", &[js_sys::Date::new(&ms.into()).into()]))
        .unwrap_or_else(|| date.to_string())
}

/// A moment as a day in the browser's zone.
pub fn day_of(when: &DateTime) -> String {
    in_zone(when, r#"{"day":"numeric","month":"short","year":"numeric"}"#)
}

/// A moment with its time, as `21 Nov 2026, 14:05`.
pub fn date_time(when: &DateTime) -> String {
    in_zone(when, r#"{"day":"numeric","month":"short","year":"numeric","hour":"2-digit","minute":"2-digit"}"#)
}

fn in_zone(when: &DateTime, options: &str) -> String {
    moment(when.as_str())
        .and_then(|ms| intl("DateTimeFormat", options, "format", &[js_sys::Date::new(&ms.into()).into()]))
        .unwrap_or_else(|| when.to_string())
}

/// How far from now, as `in 3 hours` or `yesterday`.
pub fn relative(when: &DateTime) -> String {
    let Some(then) = moment(when.as_str()) else { return when.to_string() };
    let away = then - js_sys::Date::now();
    let (amount, unit) = match away.abs() {
        ms if ms < 45_000.0 => (0.0, "second"),
        ms if ms < HOUR => (away / MINUTE, "minute"),
        ms if ms < DAY => (away / HOUR, "hour"),
        ms if ms < 30.0 * DAY => (away / DAY, "day"),
        ms if ms < 365.0 * DAY => (away / (30.0 * DAY), "month"),
        _ => (away / (365.0 * DAY), "year"),
    };
    intl("RelativeTimeFormat", r#"{"numeric":"auto"}"#, "format", &[round_away(amount).into(), unit.into()]).unwrap_or_else(|| when.to_string())
}

// "in 0 hours" helps nobody, and -0 reads as a moment ago.
fn round_away(amount: f64) -> f64 {
    if amount == 0.0 { 0.0 } else { amount.round().abs().max(1.0).copysign(amount) }
}

/// Milliseconds until a moment; negative when it has passed, `None` when it is no moment.
pub fn ms_until(when: &DateTime) -> Option<f64> {
    moment(when.as_str()).map(|then| then - js_sys::Date::now())
}

/// A country's name, as `Germany`.
pub fn country(code: &CountryCode) -> String {
    intl("DisplayNames", r#"{"type":"region","fallback":"code"}"#, "of", &[code.as_str().into()]).unwrap_or_else(|| code.to_string())
}

/// A language's name, as `German`.
pub fn language_name(tag: &str) -> String {
    intl("DisplayNames", r#"{"type":"language","fallback":"code"}"#, "of", &[tag.into()]).unwrap_or_else(|| tag.to_owned())
}

/// Several names as a sentence part, as `A, B and C`.
pub fn list(names: &[String]) -> String {
    let array: Array = names.iter().map(|name| JsValue::from_str(name)).collect();
    intl("ListFormat", r#"{"type":"conjunction"}"#, "format", &[array.into()]).unwrap_or_else(|| names.join(", "))
}

/// Today in the browser's zone, as `YYYY-MM-DD`.
pub fn today() -> Date {
    let now = js_sys::Date::new_0();
    Date(format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date()))
}
