//! Hands the committed schema to cynic, so that an operation that does not fit it fails to compile.

fn main() {
    println!("cargo:rerun-if-changed=../../schema.graphql");
    if let Err(error) =
        cynic_codegen::register_schema("entente").from_sdl_file("../../schema.graphql").and_then(|registration| registration.as_default())
    {
        println!("cargo::error=schema.graphql cannot be read: {error}");
    }
}
