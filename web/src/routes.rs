//! Every address of the app, in one enum, and state that lives in the query string (filters, tabs, cursors), so that
//! a link or the back button brings the same screen again.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use yew::prelude::*;
use yew_router::{AnyRoute, prelude::*};

/// Every screen.
#[derive(Clone, Debug, PartialEq, Routable)]
pub enum Routes {
    #[at("/")]
    Home,
    #[at("/sign-in")]
    SignIn,
    #[at("/pipeline")]
    Pipeline,
    #[at("/deals/:id")]
    Deal { id: String },
    #[at("/register")]
    Register,
    #[at("/rooms")]
    Rooms,
    #[at("/rooms/:id")]
    Room { id: String },
    #[at("/queue")]
    Queue,
    #[at("/partners")]
    Partners,
    #[at("/partners/:slug")]
    Partner { slug: String },
    #[at("/kits")]
    Kits,
    #[at("/kits/:id")]
    Kit { id: String },
    #[at("/leads")]
    Leads,
    #[at("/leads/import")]
    LeadImport,
    #[at("/leads/:id")]
    Lead { id: String },
    #[at("/leads/:id/deal")]
    LeadConvert { id: String },
    #[at("/admin/lead-routing")]
    LeadRules,
    #[at("/direct-sales")]
    Directs,
    #[at("/disputes")]
    Disputes,
    #[at("/disputes/:id")]
    Dispute { id: String },
    #[at("/import")]
    Import,
    #[at("/settings/users")]
    Users,
    #[at("/settings/api-keys")]
    ApiKeys,
    #[at("/reports")]
    Reports,
    #[at("/rules")]
    Rules,
    #[at("/admin/rules")]
    RulesAdmin,
    #[at("/admin/products")]
    Products,
    #[at("/notifications")]
    Notifications,
    #[at("/notifications/preferences")]
    NotificationPreferences,
    #[at("/act/:token")]
    Act { token: String },
    #[at("/admin/routing")]
    RoutingAdmin,
    #[at("/profile")]
    Profile,
    #[at("/forbidden")]
    Forbidden,
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

impl Routes {
    /// Whether the screen is there without a session.
    pub fn is_public(&self) -> bool {
        matches!(self, Self::SignIn | Self::Act { .. } | Self::Rules | Self::Partners | Self::Partner { .. } | Self::NotFound)
    }
}

/// Several values in one query parameter, as `stage=open,won`. Values must not contain commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommaList(pub Vec<String>);

impl CommaList {
    pub fn contains(&self, value: &str) -> bool {
        self.0.iter().any(|known| known == value)
    }

    /// With `value` added, or taken out when it was there.
    pub fn toggled(&self, value: &str) -> Self {
        let mut values = self.0.clone();
        if self.contains(value) {
            values.retain(|known| known != value);
        } else {
            values.push(value.to_owned());
        }
        Self(values)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For a filter's field: `None` when nothing is chosen.
    pub fn for_filter(&self) -> Option<Vec<String>> {
        (!self.is_empty()).then(|| self.0.clone())
    }
}

impl Serialize for CommaList {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.join(","))
    }
}

impl<'de> Deserialize<'de> for CommaList {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()))
    }
}

/// A screen's state in the query string. Give every field `#[serde(default, skip_serializing_if = ...)]`.
pub struct QueryState<T> {
    pub value: T,
    navigator: Option<Navigator>,
    location: Option<Location>,
}

impl<T: Clone> Clone for QueryState<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), navigator: self.navigator.clone(), location: self.location.clone() }
    }
}

impl<T: Serialize> QueryState<T> {
    /// Puts a new state into the address, in place of the old entry of the history.
    pub fn set(&self, value: &T) {
        let (Some(navigator), Some(location)) = (&self.navigator, &self.location) else { return };
        let query = serde_urlencoded::to_string(value).unwrap_or_default();
        let path = location.path();
        let address = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        navigator.replace(&AnyRoute::new(address));
    }
}

/// The state in the query string, read anew whenever the address changes.
#[hook]
pub fn use_query_state<T>() -> QueryState<T>
where
    T: DeserializeOwned + Serialize + Default + 'static,
{
    let location = use_location();
    let value =
        location.as_ref().and_then(|location| serde_urlencoded::from_str(location.query_str().trim_start_matches('?')).ok()).unwrap_or_default();
    QueryState { value, navigator: use_navigator(), location }
}

/// An address of the app as it stands in a link, for returning to where somebody was headed. Anything that a browser
/// could read as another host becomes home.
pub fn address(path: &str) -> AnyRoute {
    let inside = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    AnyRoute::new(if inside { path } else { "/" })
}
