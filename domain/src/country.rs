//! Countries by ISO 3166-1 alpha-2 code.

/// Every code that is assigned, sorted.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Code, English name and German name (Unicode CLDR), a line each.
const NAMES: &str = include_str!("country_names.txt");

/// Every assigned code in alphabetical order.
pub fn all() -> impl Iterator<Item = &'static str> {
    CODES.split(' ')
}

/// English and German name of a country.
pub fn names(code: &str) -> Option<(&'static str, &'static str)> {
    NAMES.lines().filter_map(|l| l.split_once('|')).find(|(c, _)| *c == code).and_then(|(_, names)| names.split_once('|'))
}

/// The code of an English name, whatever its case.
pub fn code_of(english: &str) -> Option<&'static str> {
    NAMES
        .lines()
        .filter_map(|l| l.split_once('|'))
        .find(|(_, n)| n.split('|').next().is_some_and(|en| en.eq_ignore_ascii_case(english.trim())))
        .map(|(c, _)| c)
}

/// Whether this is an assigned code in capital letters.
pub fn is_known(code: &str) -> bool {
    code.len() == 2 && all().any(|c| c == code)
}

#[cfg(test)]
mod tests {
    #[test]
    fn knows_the_assigned_codes() {
        assert_eq!(super::all().count(), 249);
        assert_eq!(super::names("DE"), Some(("Germany", "Deutschland")));
        assert_eq!(super::code_of("united states"), Some("US"));
        assert!(super::is_known("DE") && !super::is_known("XX") && !super::is_known("de") && !super::is_known(""));
    }
}
