//! Pages of lists: the arguments `first` and `after`, page info, and the macro that declares a connection with its edge.

use std::str::FromStr;

use async_graphql::{Enum, ID, Lookahead, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use entente_app::page::{FIRST_DEFAULT, FIRST_MAX, Page};

use crate::problem::Problem;

/// Where a page lies in its list.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct PageInfo {
    /// Whether more rows follow.
    pub(crate) has_next_page: bool,
    /// Whether rows come before; true on every page that was asked for with `after`.
    pub(crate) has_previous_page: bool,
    /// Cursor of the first row; null when there is none.
    pub(crate) start_cursor: Option<String>,
    /// Cursor of the last row, for `after`; null when there is none.
    pub(crate) end_cursor: Option<String>,
}

/// The error for a cursor that cannot be read or belongs to another list.
pub(crate) fn bad_cursor() -> Problem {
    Problem::bad_request("after must be a cursor of this very list, with the same filter and order.")
}

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum OrderDirection {
    /// Smallest or earliest first.
    Asc,
    /// Largest or latest first.
    Desc,
}

/// What a list of `first` rows costs when one row costs `child`.
pub(crate) fn list_cost(first: Option<i32>, child: usize) -> usize {
    let rows = first.map_or(FIRST_DEFAULT, |n| u32::try_from(n).unwrap_or(1)).clamp(1, FIRST_MAX);
    usize::try_from(rows).unwrap_or(1).saturating_mul(child).saturating_add(1)
}

/// A number of the one order of events as an opaque cursor.
pub fn seq_cursor(seq: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("seq:{seq}"))
}

/// Reads back what [`seq_cursor`] wrote.
pub(crate) fn read_seq_cursor(cursor: &str) -> Result<i64, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad_cursor())?;
    let text = String::from_utf8(bytes).map_err(|_| bad_cursor())?;
    let seq: i64 = text.strip_prefix("seq:").and_then(|n| n.parse().ok()).ok_or_else(bad_cursor)?;
    if seq >= 0 && seq_cursor(seq) == cursor { Ok(seq) } else { Err(bad_cursor()) }
}

/// The number of rows as it goes over the wire.
pub(crate) fn count(n: u64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// Most entries of one list of a filter.
const KEYS_MAX: usize = 100;
/// Most characters of a search.
const SEARCH_MAX: usize = 200;

/// The entries of one list of a filter.
pub(crate) fn keys<T>(field: &str, list: Option<Vec<T>>) -> Result<Vec<T>, Problem> {
    let list = list.unwrap_or_default();
    if list.len() > KEYS_MAX {
        return Err(Problem::bad_request(format!("{field} must have at most {KEYS_MAX} entries.")));
    }
    Ok(list)
}

/// The words looked for; blanks alone are none.
pub(crate) fn search(text: Option<String>) -> Result<Option<String>, Problem> {
    let text = text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    match text {
        Some(t) if t.chars().count() > SEARCH_MAX => Err(Problem::bad_request(format!("search must have at most {SEARCH_MAX} characters."))),
        text => Ok(text),
    }
}

/// Ids of a filter. What is no id of that kind becomes one that nothing has: it must match nothing, not be left out.
pub(crate) fn id_in_list<T: FromStr>(prefix: &str, ids: &[ID]) -> Vec<T> {
    let nobody = format!("{prefix}_00000000000000000000000000");
    ids.iter().filter_map(|id| id.parse().or_else(|_| nobody.parse()).ok()).collect()
}

/// Declares a connection and its edge. With `counted` it has `totalCount`, which is computed only when it is selected.
macro_rules! connection {
    (@type $connection:ident, $edge:ident, $node:ty, $doc:literal, { $($extra:tt)* }, { $($field:tt)* }) => {
        #[doc = concat!("One ", $doc, " of a page, with its cursor.")]
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $edge {
            /// Where this row lies in the list; opaque.
            pub(crate) cursor: String,
            #[doc = concat!("The ", $doc, ".")]
            pub(crate) node: $node,
        }

        #[doc = concat!("A page of a list; each row is one ", $doc, ".")]
        #[derive(async_graphql::SimpleObject)]
        #[graphql(complex)]
        pub(crate) struct $connection {
            /// The rows with their cursors.
            pub(crate) edges: Vec<$edge>,
            /// Where the page lies in the list.
            pub(crate) page_info: crate::page::PageInfo,
            $($field)*
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// The rows without their cursors.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }
            $($extra)*
        }
    };
    ($connection:ident, $edge:ident, $node:ty, $doc:literal) => {
        crate::page::connection!(@type $connection, $edge, $node, $doc, {}, {});

        impl $connection {
            /// The connection of a page.
            pub(crate) fn of(page: entente_app::page::Page<$node>) -> Self {
                let page_info = crate::page::info(&page);
                Self { edges: page.rows.into_iter().map(|(cursor, node)| $edge { cursor, node }).collect(), page_info }
            }
        }
    };
    (counted $connection:ident, $edge:ident, $node:ty, $doc:literal) => {
        crate::page::connection!(@type $connection, $edge, $node, $doc, {
            /// Rows of the whole list that the viewer may see; computed only when it is asked for.
            async fn total_count(&self) -> async_graphql::Result<i32> {
                self.total.map(crate::page::count).ok_or_else(|| crate::problem::Problem::internal("a count was not looked ahead for").into())
            }
        }, {
            #[graphql(skip)]
            total: Option<u64>,
        });

        impl $connection {
            /// The connection of a page; `total` where it was asked for.
            pub(crate) fn of(page: entente_app::page::Page<$node>, total: Option<u64>) -> Self {
                let page_info = crate::page::info(&page);
                Self { edges: page.rows.into_iter().map(|(cursor, node)| $edge { cursor, node }).collect(), page_info, total }
            }
        }
    };
}
pub(crate) use connection;

/// What is selected of the rows of a list, wherever in the connection it is selected.
pub(crate) struct Rows<'a>(Vec<Lookahead<'a>>);

impl<'a> Rows<'a> {
    /// The rows of a connection: under `nodes`, and under `edges { node }`.
    pub(crate) fn of(connection: &Lookahead<'a>) -> Self {
        Self(vec![connection.field("nodes"), connection.field("edges").field("node")])
    }

    /// One row on its own.
    pub(crate) fn only(row: Lookahead<'a>) -> Self {
        Self(vec![row])
    }

    /// Whether that field of the rows is selected.
    pub(crate) fn select(&self, field: &str) -> bool {
        self.0.iter().any(|row| row.field(field).exists())
    }

    /// The selection under one field of the rows.
    pub(crate) fn field(&self, field: &str) -> Self {
        Self(self.0.iter().map(|row| row.field(field)).collect())
    }
}

/// Page info of a page.
pub(crate) fn info<T>(page: &Page<T>) -> PageInfo {
    PageInfo {
        has_next_page: page.has_next,
        has_previous_page: page.has_previous,
        start_cursor: page.rows.first().map(|(cursor, _)| cursor.clone()),
        end_cursor: page.rows.last().map(|(cursor, _)| cursor.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_does() {
        for seq in [0, 1, i64::MAX] {
            assert_eq!(read_seq_cursor(&seq_cursor(seq)), Ok(seq));
        }
        for bad in ["", "c2Vx", "seq:1", "c2VxOi0x", "c2VxOjAx", "äöü"] {
            assert_eq!(read_seq_cursor(bad), Err(bad_cursor()), "{bad}");
        }
    }

    #[test]
    fn lists_cost_by_their_length() {
        assert_eq!(list_cost(None, 4), 101);
        assert_eq!(list_cost(Some(1_000_000), 4), 401);
        assert_eq!(list_cost(Some(100), usize::MAX), usize::MAX);
    }
}
