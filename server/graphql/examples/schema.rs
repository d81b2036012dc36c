//! Prints the schema as SDL, sorted, with descriptions: what `schema.graphql` in the root of the repository holds.
#![allow(clippy::print_stdout)]

fn main() {
    print!("{}", entente_graphql::sdl());
}
