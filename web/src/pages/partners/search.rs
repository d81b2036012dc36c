//! What is searched for, as it stands in the address, and what the server is asked for it.

use entente_web_api::{
    CountryCode,
    partner::{FacetField, PartnerFilter, PartnerOrder, PartnerOrderField},
    scalar::OrderDirection,
};
use serde::{Deserialize, Serialize};

use crate::routes::CommaList;

/// The facets in the order shown.
pub const FIELDS: [FacetField; 7] = [
    FacetField::Tier,
    FacetField::Type,
    FacetField::Country,
    FacetField::Competency,
    FacetField::Vertical,
    FacetField::Territory,
    FacetField::Language,
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Search {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    tier: CommaList,
    #[serde(rename = "type", skip_serializing_if = "CommaList::is_empty")]
    kind: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    country: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    territory: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    vertical: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    competency: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    language: CommaList,
    /// Empty (by relevance), `name` or `tier`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
}

impl Search {
    /// With other words to search for.
    pub fn with_text(&self, text: String) -> Self {
        Self { q: text, ..self.clone() }
    }

    /// In another order.
    pub fn sorted_by(&self, sort: String) -> Self {
        Self { sort, ..self.clone() }
    }

    pub fn text(&self) -> Option<String> {
        let text = self.q.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    pub fn filter(&self) -> Option<PartnerFilter> {
        let countries = self.country.for_filter().map(|codes| codes.into_iter().map(CountryCode).collect());
        let filter = PartnerFilter {
            tiers: self.tier.for_filter(),
            types: self.kind.for_filter(),
            countries,
            territories: self.territory.for_filter(),
            verticals: self.vertical.for_filter(),
            competencies: self.competency.for_filter(),
            languages: self.language.for_filter(),
        };
        (filter != PartnerFilter::default()).then_some(filter)
    }

    pub fn order(&self) -> Option<PartnerOrder> {
        match self.sort.as_str() {
            "name" => Some(PartnerOrder { field: PartnerOrderField::Name, direction: OrderDirection::Asc }),
            "tier" => Some(PartnerOrder { field: PartnerOrderField::Tier, direction: OrderDirection::Desc }),
            _ => None,
        }
    }

    /// What is chosen of a facet.
    pub fn chosen_of(&self, field: FacetField) -> &CommaList {
        match field {
            FacetField::Tier => &self.tier,
            FacetField::Type => &self.kind,
            FacetField::Country => &self.country,
            FacetField::Territory => &self.territory,
            FacetField::Vertical => &self.vertical,
            FacetField::Competency => &self.competency,
            FacetField::Language => &self.language,
        }
    }

    /// With a value of a facet chosen, or no longer.
    pub fn toggled(&self, field: FacetField, key: &str) -> Self {
        let mut next = self.clone();
        let list = match field {
            FacetField::Tier => &mut next.tier,
            FacetField::Type => &mut next.kind,
            FacetField::Country => &mut next.country,
            FacetField::Territory => &mut next.territory,
            FacetField::Vertical => &mut next.vertical,
            FacetField::Competency => &mut next.competency,
            FacetField::Language => &mut next.language,
        };
        *list = list.toggled(key);
        next
    }

    /// How many values are chosen over all facets.
    pub fn chosen(&self) -> usize {
        FIELDS.into_iter().map(|field| self.chosen_of(field).0.len()).sum()
    }

    /// Without text and facets; the order stays.
    pub fn cleared(&self) -> Self {
        Self { sort: self.sort.clone(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_survives_the_address() {
        let search = Search { q: "backup hh".into(), sort: "name".into(), ..Search::default() };
        let search = search.toggled(FacetField::Type, "msp").toggled(FacetField::Type, "si").toggled(FacetField::Country, "DE");
        let address = serde_urlencoded::to_string(&search).unwrap();
        assert_eq!(address, "q=backup+hh&type=msp%2Csi&country=DE&sort=name");
        assert_eq!(serde_urlencoded::from_str::<Search>(&address).unwrap(), search);
        assert_eq!(search.chosen(), 3);
        assert_eq!(search.toggled(FacetField::Type, "msp").chosen(), 2);
        assert!(search.cleared().filter().is_none() && search.cleared().order().is_some());
    }
}
