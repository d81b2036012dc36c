//! One row of a sales pipeline: every rule applied, everything that is wrong told at once.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::issue::IssueCode;
use super::{key_of, stage, value};
use crate::id::ProductId;
use crate::program::StageCategory;
use crate::text::LINE_MAX;

/// A column of the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The other system's id of the row.
    OpportunityId,
    /// Who sells: the partner.
    SalesAgent,
    /// What is sold.
    Product,
    /// To whom.
    Account,
    /// How far it is.
    DealStage,
    /// When it began.
    EngageDate,
    /// When it was won or lost, or is expected to be.
    CloseDate,
    /// What it is worth, in the program's currency.
    CloseValue,
}

/// The values of a row, trimmed and mapped; empty where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct RawRow<'a> {
    /// See [`Column::OpportunityId`].
    pub opportunity_id: &'a str,
    /// See [`Column::SalesAgent`].
    pub sales_agent: &'a str,
    /// See [`Column::Product`].
    pub product: &'a str,
    /// See [`Column::Account`].
    pub account: &'a str,
    /// See [`Column::DealStage`].
    pub deal_stage: &'a str,
    /// See [`Column::EngageDate`].
    pub engage_date: &'a str,
    /// See [`Column::CloseDate`].
    pub close_date: &'a str,
    /// See [`Column::CloseValue`].
    pub close_value: &'a str,
}

/// A product that a row may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProduct {
    /// Its id in the program.
    pub id: ProductId,
    /// Its name in the program.
    pub name: String,
    /// List price in the program's currency.
    pub list_price: Option<Decimal>,
}

/// What a row is judged by.
pub struct RowRules<'a> {
    /// Today where the program is.
    pub today: Date,
    /// Decimals of the program's currency.
    pub decimals: u32,
    /// The product of a name.
    pub product: &'a dyn Fn(&str) -> Option<KnownProduct>,
    /// The name of a product that looks much like this one.
    pub similar: &'a dyn Fn(&str) -> Option<String>,
    /// What the stage of a name is; none when it cannot be one.
    pub stage: &'a dyn Fn(&str) -> Option<StageCategory>,
}

/// A row that can go in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The other system's id.
    pub opportunity_id: String,
    /// Who sells.
    pub sales_agent: String,
    /// What is sold.
    pub product: KnownProduct,
    /// To whom.
    pub account: Option<String>,
    /// Name of the stage as in the file.
    pub stage: String,
    /// What the stage is.
    pub category: StageCategory,
    /// When it began.
    pub engaged_on: Option<Date>,
    /// Close date: a fact on a closed deal, an expectation on an open one.
    pub close_on: Option<Date>,
    /// Value in the program's currency.
    pub value: Decimal,
}

/// One thing wrong in a row, without its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowIssue {
    /// What.
    pub code: IssueCode,
    /// Where.
    pub column: Column,
    /// What is wrong and what would mend it.
    pub reason: String,
}

/// Applies every rule: the row with what is worth a warning, or everything that is wrong with it.
pub fn read(raw: &RawRow<'_>, rules: &RowRules<'_>) -> Result<(Row, Vec<RowIssue>), Vec<RowIssue>> {
    let mut wrong: Vec<RowIssue> = Vec::new();
    let mut warnings: Vec<RowIssue> = Vec::new();
    let opportunity_id = keep(required(raw.opportunity_id, Column::OpportunityId), &mut wrong);
    let sales_agent = keep(required(raw.sales_agent, Column::SalesAgent), &mut wrong);
    let product = keep(product(raw.product, rules), &mut wrong);
    let stage = keep(stage_of(raw.deal_stage, rules), &mut wrong);
    let account = keep(account(raw.account, &mut warnings), &mut wrong);
    let dates = dates(raw, stage.as_ref().map(|s| s.1), rules.today, &mut warnings, &mut wrong);
    let value = keep(worth(raw.close_value, product.as_ref(), rules.decimals, &mut warnings), &mut wrong);
    match (opportunity_id, sales_agent, product, stage, account, value) {
        (Some(opportunity_id), Some(sales_agent), Some(product), Some((stage, category)), Some(account), Some(value)) if wrong.is_empty() => {
            let (engaged_on, close_on) = dates;
            Ok((Row { opportunity_id, sales_agent, product, account, stage, category, engaged_on, close_on, value }, warnings))
        }
        _ => Err(wrong),
    }
}

fn keep<T>(read: Result<T, RowIssue>, wrong: &mut Vec<RowIssue>) -> Option<T> {
    read.map_err(|issue| wrong.push(issue)).ok()
}

fn issue(column: Column, code: IssueCode, reason: impl Into<String>) -> RowIssue {
    RowIssue { code, column, reason: reason.into() }
}

fn short(text: &str, column: Column) -> Result<String, RowIssue> {
    if text.chars().count() > LINE_MAX {
        return Err(issue(column, IssueCode::TooLong, format!("must have at most {LINE_MAX} characters")));
    }
    Ok(text.to_owned())
}

fn required(text: &str, column: Column) -> Result<String, RowIssue> {
    if key_of(text).is_none() {
        return Err(issue(column, IssueCode::Required, "must not be empty"));
    }
    short(text, column)
}

fn product(name: &str, rules: &RowRules<'_>) -> Result<KnownProduct, RowIssue> {
    let name = required(name, Column::Product)?;
    (rules.product)(&name).ok_or_else(|| {
        let help = match (rules.similar)(&name) {
            Some(similar) => format!("if it is `{similar}`, say so with an alias: product:{name}={similar}"),
            None => format!("add it to the products file, or say which one it is with an alias: product:{name}=..."),
        };
        issue(Column::Product, IssueCode::UnknownProduct, format!("no product is called `{name}`; {help}"))
    })
}

fn stage_of(name: &str, rules: &RowRules<'_>) -> Result<(String, StageCategory), RowIssue> {
    let name = required(name, Column::DealStage)?;
    match (rules.stage)(&name).filter(|_| stage::is_plausible(&name)) {
        Some(category) => Ok((name, category)),
        None => {
            Err(issue(Column::DealStage, IssueCode::InvalidStage, "must be the name of a stage: short, with a letter in it, and not one of too many"))
        }
    }
}

fn account(name: &str, warnings: &mut Vec<RowIssue>) -> Result<Option<String>, RowIssue> {
    if key_of(name).is_none() {
        warnings.push(issue(Column::Account, IssueCode::MissingAccount, "the row names no account; the deal has no customer"));
        return Ok(None);
    }
    short(name, Column::Account).map(Some)
}

type Dates = (Option<Date>, Option<Date>);

/// Engage and close date. What is said to have happened lies neither ahead nor the wrong way round.
fn dates(raw: &RawRow<'_>, category: Option<StageCategory>, today: Date, warnings: &mut Vec<RowIssue>, wrong: &mut Vec<RowIssue>) -> Dates {
    let mut read = |text: &str, column: Column, happened: bool| {
        if text.is_empty() {
            return None;
        }
        match value::date(text) {
            Ok(date) if happened && date > today => {
                wrong.push(issue(column, IssueCode::DateInFuture, format!("must not be after today, {today}")));
                None
            }
            Ok(date) => Some(date),
            Err((code, rule)) => {
                wrong.push(issue(column, code, rule));
                None
            }
        }
    };
    let closed = category.is_some_and(|c| c != StageCategory::Open);
    let engaged_on = read(raw.engage_date, Column::EngageDate, true);
    let close_on = read(raw.close_date, Column::CloseDate, closed);
    if let (Some(from), Some(to)) = (engaged_on, close_on)
        && to < from
    {
        wrong.push(issue(Column::CloseDate, IssueCode::DateOrder, format!("must not be before the engage date, {from}")));
    }
    if raw.engage_date.is_empty() {
        warnings.push(issue(
            Column::EngageDate,
            IssueCode::MissingDate,
            "the row has no engage date; the deal begins with the close date or with the import",
        ));
    }
    if closed && raw.close_date.is_empty() {
        warnings.push(issue(Column::CloseDate, IssueCode::MissingDate, "a closed deal has no close date; it is left empty"));
    }
    (engaged_on, close_on)
}

/// The value; none in the file takes the list price.
fn worth(text: &str, product: Option<&KnownProduct>, decimals: u32, warnings: &mut Vec<RowIssue>) -> Result<Decimal, RowIssue> {
    if !text.is_empty() {
        return value::amount(text, decimals).map_err(|(code, rule)| issue(Column::CloseValue, code, rule));
    }
    // Without a product the row is refused for that alone.
    let Some(product) = product else { return Ok(Decimal::ZERO) };
    match product.list_price {
        Some(price) => {
            let reason = format!("the row has no value; it takes the list price of {}, {}", product.name, price.normalize());
            warnings.push(issue(Column::CloseValue, IssueCode::MissingValue, reason));
            Ok(price)
        }
        None => Err(issue(Column::CloseValue, IssueCode::NoListPrice, format!("must be given, for {} has no list price", product.name))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::{product_id, program};
    use jiff::civil::date;

    const GOOD: RawRow<'_> = RawRow {
        opportunity_id: "1C1I7A6R",
        sales_agent: "Moses Frase",
        product: "GTX Plus Basic",
        account: "Cancity",
        deal_stage: "Won",
        engage_date: "10/20/2016",
        close_date: "3/1/2017",
        close_value: "1054",
    };

    fn judge(raw: RawRow<'_>) -> Result<(Row, Vec<RowIssue>), Vec<RowIssue>> {
        let program = program();
        let product = |name: &str| {
            let known = |list_price| KnownProduct { id: product_id(1), name: name.to_owned(), list_price };
            match name {
                "GTX Plus Basic" => Some(known(Some(Decimal::from(1096)))),
                "Consulting" => Some(known(None)),
                _ => None,
            }
        };
        let stage = |name: &str| Some(stage::find(&program, name).map_or(stage::category(name), |s| s.category));
        read(&raw, &RowRules { today: date(2018, 1, 1), decimals: 2, product: &product, similar: &|_| None, stage: &stage })
    }

    fn wrong(raw: RawRow<'_>) -> Vec<(Column, IssueCode)> {
        judge(raw).expect_err("refused").into_iter().map(|i| (i.column, i.code)).collect()
    }

    fn warned(raw: RawRow<'_>) -> (Row, Vec<(Column, IssueCode)>) {
        let (row, warnings) = judge(raw).expect("goes in");
        (row, warnings.into_iter().map(|i| (i.column, i.code)).collect())
    }

    #[test]
    fn a_good_row_is_read_whole() {
        let (row, warnings) = warned(GOOD);
        assert!(warnings.is_empty());
        assert_eq!((row.engaged_on, row.close_on), (Some(date(2016, 10, 20)), Some(date(2017, 3, 1))));
        assert_eq!((row.value, row.category, row.account.as_deref()), (Decimal::from(1054), StageCategory::Won, Some("Cancity")));
    }

    #[test]
    fn what_is_missing_is_a_warning() {
        let open = RawRow { account: "", engage_date: "", close_date: "", close_value: "", deal_stage: "Prospecting", ..GOOD };
        let (row, warnings) = warned(open);
        let expected = [
            (Column::Account, IssueCode::MissingAccount),
            (Column::EngageDate, IssueCode::MissingDate),
            (Column::CloseValue, IssueCode::MissingValue),
        ];
        assert_eq!(warnings, expected);
        assert_eq!((row.value, row.category), (Decimal::from(1096), StageCategory::Open));
        let (row, warnings) = warned(RawRow { close_date: "", ..GOOD });
        assert_eq!((row.close_on, warnings), (None, vec![(Column::CloseDate, IssueCode::MissingDate)]));
    }

    #[test]
    fn a_lost_deal_is_worth_nothing_and_stays_so() {
        let (row, warnings) = warned(RawRow { deal_stage: "Lost", close_value: "0", ..GOOD });
        assert_eq!((row.value, warnings.len()), (Decimal::ZERO, 0));
    }

    #[test]
    fn an_open_deal_may_expect_to_close_later_and_a_closed_one_may_not() {
        let (row, _) = warned(RawRow { deal_stage: "Engaging", close_date: "2/1/2030", ..GOOD });
        assert_eq!(row.close_on, Some(date(2030, 2, 1)));
        assert_eq!(wrong(RawRow { close_date: "2/1/2030", ..GOOD }), [(Column::CloseDate, IssueCode::DateInFuture)]);
        assert_eq!(wrong(RawRow { engage_date: "2/1/2019", close_date: "", ..GOOD }), [(Column::EngageDate, IssueCode::DateInFuture)]);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let long = "x".repeat(LINE_MAX + 1);
        let bad = RawRow {
            opportunity_id: " ",
            sales_agent: &long,
            product: "GTXPro",
            deal_stage: "",
            engage_date: "20/10/2016",
            close_date: "x",
            close_value: "$5",
            ..GOOD
        };
        assert_eq!(
            wrong(bad),
            [
                (Column::OpportunityId, IssueCode::Required),
                (Column::SalesAgent, IssueCode::TooLong),
                (Column::Product, IssueCode::UnknownProduct),
                (Column::DealStage, IssueCode::Required),
                (Column::EngageDate, IssueCode::InvalidDate),
                (Column::CloseDate, IssueCode::InvalidDate),
                (Column::CloseValue, IssueCode::InvalidValue),
            ]
        );
        assert_eq!(wrong(RawRow { close_date: "10/19/2016", ..GOOD }), [(Column::CloseDate, IssueCode::DateOrder)]);
        assert_eq!(wrong(RawRow { close_value: "1.001", ..GOOD }), [(Column::CloseValue, IssueCode::ValueTooPrecise)]);
        assert_eq!(wrong(RawRow { close_value: "-1", ..GOOD }), [(Column::CloseValue, IssueCode::ValueOutOfRange)]);
        assert_eq!(wrong(RawRow { product: "Consulting", close_value: "", ..GOOD }), [(Column::CloseValue, IssueCode::NoListPrice)]);
        assert_eq!(wrong(RawRow { account: &long, ..GOOD }), [(Column::Account, IssueCode::TooLong)]);
    }
}
