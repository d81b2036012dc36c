//! The pieces screens are built from: the only place that knows PatternFly. Screens import from here and nothing else,
//! so that look and accessibility are decided once.

mod alert;
mod anchor;
mod button;
mod choice;
mod clock;
mod combobox;
mod field;
mod file;
mod filter_menu;
mod focus;
mod icon;
mod list;
mod logo;
mod menu;
mod modal;
mod page;
mod progress;
mod segments;
mod state;
mod suggest;
mod table;
mod tag;

pub use alert::{Alert, AlertTone};
pub use anchor::AnchorButton;
pub use button::{Button, ButtonKind, IconButton, LinkButton};
pub use choice::{CheckField, Choice, Select, SwitchField};
pub use clock::Clock;
pub use combobox::Combobox;
pub use field::{DateField, SearchField, TextAreaField, TextField};
pub use file::FilePicker;
pub use filter_menu::{FilterMenu, FilterOption};
pub use focus::use_focus_on_errors;
pub use icon::{Icon, IconName};
pub use list::{FilterChip, FilterChips, LoadMore};
pub use logo::LogoTile;
pub use menu::{Menu, MenuEntry};
pub use modal::{Drawer, Modal};
pub use page::{Card, PageHead, set_title};
pub use progress::Progress;
pub use segments::{Segment, Segments};
pub use state::{EmptyState, Failure, SkeletonBlock};
pub use suggest::{SuggestField, Suggestion};
pub use table::{Column, SortDirection, Table};
pub use tag::{Count, StatusTag, Tag, Tone};
