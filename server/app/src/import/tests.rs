//! Files as tables: what is read, and what refuses the whole import.

use bytes::Bytes;

use super::files::{FileRole, SourceFile, Table};
use super::mapping::Mapping;
use super::refusal::ImportRefusal;

fn read(bytes: &[u8]) -> Result<Table, ImportRefusal> {
    read_with(bytes, &Mapping::default())
}

fn read_with(bytes: &[u8], mapping: &Mapping) -> Result<Table, ImportRefusal> {
    let source = SourceFile { name: "products.csv".into(), bytes: Bytes::copy_from_slice(bytes) };
    Table::read(FileRole::Products, &source, mapping)
}

fn refusal(bytes: &[u8]) -> (&'static str, String) {
    let refused = read(bytes).expect_err("refused");
    assert_eq!(refused.path(), ["input", "products"]);
    (refused.code(), refused.to_string())
}

#[test]
fn columns_are_found_wherever_they_stand() {
    let table = read(
        "\u{feff}Notes, SALES_PRICE ,product,series\r\nx,\" 4,821 \",GTX Pro,GTX\r\n\r\n,,,\r\n\"two\nlines\",55,\"MG \t Special\",MG\r\n".as_bytes(),
    )
    .unwrap();
    let values: Vec<_> = table.records.iter().map(|r| (r.line, table.clean(r, 0), table.raw(r, 2).to_owned())).collect();
    assert_eq!(values[0], (2, "GTX Pro".to_owned(), "4,821".to_owned()));
    assert_eq!(values.last(), Some(&(5, "MG   Special".to_owned(), "55".to_owned())));
    assert_eq!(table.column_name(2).as_deref(), Some("SALES_PRICE"), "as it is in the file");
    assert!(table.broken.is_empty());
}

#[test]
fn a_row_of_another_length_is_reported_and_the_others_are_kept() {
    let table = read(b"product,series,sales_price\nA,B\nGTX Pro,GTX,4821\nC,D,E,F\n").unwrap();
    assert_eq!(table.records.len(), 1);
    let broken: Vec<_> = table.broken.iter().map(|i| (i.line, i.code.name(), i.reason.as_str())).collect();
    assert_eq!(
        broken,
        [(2, "WRONG_FIELD_COUNT", "the row has 2 fields, the header has 3"), (4, "WRONG_FIELD_COUNT", "the row has 4 fields, the header has 3")]
    );
}

#[test]
fn a_missing_column_is_named_with_its_file() {
    let (code, text) = refusal(b"product,price\nGTX Pro,4821\n");
    assert_eq!(code, "COLUMN_MISSING");
    assert!(text.contains("products.csv") && text.contains("`series`") && text.contains("`product`, `price`"), "{text}");
    let mapping = Mapping::new(&[], Some("columns.products.sales_price = \"Price\"\ncolumns.products.series = \"line\"")).unwrap();
    assert!(read_with(b"product,price,Line\nGTX Pro,4821,GTX\n", &mapping).is_ok());
}

#[test]
fn what_is_no_table_is_refused_as_a_whole() {
    for (bytes, said) in [
        (&b""[..], "is empty"),
        (b"product,series,sales_price\nGTX,\xff\xfe,1\n", "line 2: is not UTF-8"),
        (b"\xff\xfep\0r\0o\0", "line 1: is not UTF-8"),
        (b"product,series,sales_price\nGTX\0,GTX,1\n", "zero bytes"),
        (b"product;series;sales_price\nGTX;GTX;1\n", "separated by commas"),
        (b"product,series,sales_price,Product\n", "`product` is there twice"),
        (b"product,series,sales_price\nA,B,1\n\"GTX,GTX,1\nMG,MG,2\nMH,MH,3\n", "line 3: a quotation mark"),
    ] {
        let (code, text) = refusal(bytes);
        assert_eq!(code, "FILE_BROKEN");
        assert!(text.contains(said) && text.contains("products.csv"), "{text}");
    }
}

#[test]
fn a_mark_for_inches_is_no_broken_quotation() {
    let table = read(b"product,series,sales_price\nScreen 5\" wide,S,1\n\"a\nb\",S,1\nC,S,2\n").unwrap();
    assert_eq!(table.records.len(), 3);
}
