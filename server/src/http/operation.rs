//! What kind of operation a document asks for, found without parsing it: the engine parses once, after its limits.

/// The kind of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Reads.
    Query,
    /// Changes something.
    Mutation,
    /// Goes on.
    Subscription,
    /// The document is wrong, or names no such operation; the engine will say so.
    Unknown,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
            Self::Unknown => "unknown",
        }
    }
}

/// The operation's span in traces. Its name is the caller's word, so it is cut.
pub(crate) fn span(kind: Kind, name: Option<&str>) -> tracing::Span {
    let name = name.unwrap_or("anonymous");
    let end = (0..=64.min(name.len())).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
    tracing::debug_span!(
        "operation",
        otel.name = format!("{} {}", kind.name(), &name[..end]),
        graphql.operation.type = kind.name(),
        graphql.operation.name = &name[..end],
        graphql.outcome = tracing::field::Empty,
    )
}

/// The kind of the operation of that name, or of the only one. One pass over the text, no recursion.
pub(crate) fn kind(document: &str, name: Option<&str>) -> Kind {
    let mut found = None;
    let mut depth = 0usize;
    let mut state = State::Between;
    for token in Tokens(document) {
        match token {
            Token::Open if depth == 0 && state == State::Between && name.is_none() => {
                found = merge(found, Kind::Query);
                (state, depth) = (State::Inside, 1);
            }
            Token::Open | Token::OpenInner => {
                if let (0, State::Keyword(kind), None) = (depth, state, name) {
                    found = merge(found, kind);
                }
                (state, depth) = (State::Inside, depth + 1);
            }
            Token::Close => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    state = State::Between;
                }
            }
            // Variables and arguments of directives come before the selection and end no definition.
            Token::CloseInner => depth = depth.saturating_sub(1),
            Token::Word(word) if depth == 0 => match state {
                State::Between => state = keyword(word),
                State::Keyword(kind) => {
                    if name.is_none_or(|name| name == word) {
                        found = merge(found, kind);
                    }
                    state = State::Inside;
                }
                State::Inside => {}
            },
            Token::At if depth == 0 => {
                if let (State::Keyword(kind), None) = (state, name) {
                    found = merge(found, kind);
                }
                state = State::Inside;
            }
            Token::Word(_) | Token::At | Token::Other => {}
        }
    }
    found.unwrap_or(Kind::Unknown)
}

/// Whether the operation may run on a GET: it reads, or it is so wrong that nothing in it could change anything.
pub(crate) fn only_reads(document: &str, name: Option<&str>) -> bool {
    match kind(document, name) {
        Kind::Query => true,
        Kind::Mutation | Kind::Subscription => false,
        Kind::Unknown => !document.contains("mutation"),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a definition.
    Between,
    /// After the word that says what operation it is, before its name.
    Keyword(Kind),
    /// In a definition whose kind is settled or does not matter.
    Inside,
}

fn keyword(word: &str) -> State {
    match word {
        "query" => State::Keyword(Kind::Query),
        "mutation" => State::Keyword(Kind::Mutation),
        "subscription" => State::Keyword(Kind::Subscription),
        _ => State::Inside,
    }
}

/// Two operations to choose from are none.
fn merge(found: Option<Kind>, kind: Kind) -> Option<Kind> {
    Some(if found.is_none() { kind } else { Kind::Unknown })
}

enum Token<'a> {
    Open,
    Close,
    OpenInner,
    CloseInner,
    Word(&'a str),
    At,
    Other,
}

struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let first = self.0.chars().next()?;
            let word = self.0.bytes().take_while(|b| *b == b'_' || b.is_ascii_alphanumeric()).count();
            let (length, token) = match first {
                '#' => (self.0.find('\n').unwrap_or(self.0.len()), None),
                '"' => (string(self.0), Some(Token::Other)),
                '@' => (1, Some(Token::At)),
                '{' => (1, Some(Token::Open)),
                '}' => (1, Some(Token::Close)),
                '(' | '[' => (1, Some(Token::OpenInner)),
                ')' | ']' => (1, Some(Token::CloseInner)),
                _ if word > 0 => (word, Some(Token::Word(&self.0[..word]))),
                c => (c.len_utf8(), None),
            };
            self.0 = &self.0[length..];
            if token.is_some() {
                return token;
            }
        }
    }
}

/// Length of the string that begins here, to the end when it is not closed.
fn string(text: &str) -> usize {
    if let Some(block) = text.strip_prefix("\"\"\"") {
        return block.find("\"\"\"").map_or(text.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' | b'\n' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind, only_reads};

    #[test]
    fn the_only_operation_needs_no_name() {
        assert_eq!(kind("{ viewer { id } }", None), Kind::Query);
        assert_eq!(kind("query { a }", None), Kind::Query);
        assert_eq!(kind("mutation($i: I! = {a: 1}) @d(x: {b: 2}) { a }", None), Kind::Mutation);
        assert_eq!(kind("# mutation\nsubscription S($a: [Int!]) { a }", None), Kind::Subscription);
        assert_eq!(kind("fragment F on Q { a } mutation M { ...F }", None), Kind::Mutation);
        assert_eq!(kind("mutation M { a(t: \"} query Q {\") }", None), Kind::Mutation);
        assert_eq!(kind("mutation @d { a }", None), Kind::Mutation);
    }

    #[test]
    fn among_several_the_name_decides() {
        let document = "query A { a } mutation B($x: In = {q: [1]}) { b(s: \"\"\" { \"\"\") } fragment C on Q { c }";
        assert_eq!(kind(document, Some("A")), Kind::Query);
        assert_eq!(kind(document, Some("B")), Kind::Mutation);
        assert_eq!(kind(document, Some("C")), Kind::Unknown);
        assert_eq!(kind(document, None), Kind::Unknown);
    }

    #[test]
    fn a_directive_is_no_name_and_a_get_never_changes_anything() {
        assert_eq!(kind("query @d { a } mutation d { b }", Some("d")), Kind::Mutation);
        assert!(only_reads("{ a }", None));
        assert!(!only_reads("mutation { a }", None));
        assert!(!only_reads("query A { a } mutation B { b }", None));
        assert!(!only_reads("query A { a } mutation A { b }", Some("A")));
        assert!(only_reads("{ a", None) && only_reads("nonsense", None));
    }

    #[test]
    fn nonsense_is_unknown_and_ends() {
        for document in ["", "}}}}", "{{{{", "\"abc", "query", "\u{feff}", "ä{", "mutation mutation"] {
            kind(document, None);
            kind(document, Some("x"));
        }
        assert_eq!(kind("", None), Kind::Unknown);
    }
}
