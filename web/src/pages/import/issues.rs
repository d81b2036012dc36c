//! The rows that were refused or warned about, page by page.

use entente_web_api::{
    Id, PageInfo, QueryBuilder,
    import::{ImportIssue, ImportIssuesQuery, ImportIssuesVariables, ImportSeverity},
};
use yew::prelude::*;

use super::words::meaning;
use crate::{
    i18n::{Language, format, language},
    paged::{PageOf, use_paged},
    t,
    ui::{Card, Column, Count, EmptyState, IconName, SkeletonBlock, Table, Tag, Tone},
};

const PAGE: i32 = 50;

#[derive(PartialEq, Properties)]
pub struct IssuesProps {
    pub run_id: Id,
}

#[component]
pub fn Issues(props: &IssuesProps) -> Html {
    let list = use_paged(
        ImportIssuesVariables { id: props.run_id.clone(), first: Some(PAGE), after: None },
        |mut variables, after| {
            variables.after = after;
            ImportIssuesQuery::build(variables)
        },
        |data: ImportIssuesQuery| match data.import_run {
            Some(run) => PageOf { nodes: run.issues.nodes, page_info: run.issues.page_info, total: run.issues.total_count },
            None => PageOf { nodes: Vec::new(), page_info: PageInfo::default(), total: 0 },
        },
    );
    let total = list.data().map(|listed| html! { <Count n={i64::from(listed.total)} /> }).unwrap_or_default();
    html! {
        <Card title={t!("import-issues")} flush=true aside={total}>
            { list.view(SkeletonBlock::Rows(6), |listed| {
                if listed.nodes.is_empty() {
                    return html! { <EmptyState icon={IconName::CheckCircle} title={t!("import-issues-none")} /> };
                }
                html! {
                    <>
                        <Table
                            caption={t!("import-issues-table")}
                            columns={vec![
                                Column::new(t!("import-issue-reason")),
                                Column::new(t!("import-issue-severity")),
                                Column::new(t!("import-issue-file")),
                                Column::new(t!("import-issue-line")).end(),
                                Column::new(t!("import-issue-column")),
                                Column::new(t!("import-issue-value")),
                            ]}
                        >
                            { for listed.nodes.iter().enumerate().map(|(at, issue)| row(at, issue)) }
                        </Table>
                        { list.foot() }
                    </>
                }
            }) }
        </Card>
    }
}

/// The server's own sentence names the values and speaks English; elsewhere what the code means says nearly as much.
fn reason(issue: &ImportIssue) -> String {
    match language() {
        Language::English => issue.reason.clone(),
        Language::German => meaning(&issue.code).unwrap_or_else(|| issue.reason.clone()),
    }
}

fn row(at: usize, issue: &ImportIssue) -> Html {
    let (tone, severity) = match issue.severity {
        ImportSeverity::Error => (Tone::Danger, t!("import-error")),
        ImportSeverity::Warning => (Tone::Warm, t!("import-warning")),
    };
    html! {
        <tr key={at}>
            <td data-label="" title={issue.reason.clone()}>{ reason(issue) }</td>
            <td data-label={t!("import-issue-severity")}><Tag {tone}>{ severity }</Tag></td>
            <td data-label={t!("import-issue-file")}>{ &issue.file }</td>
            <td class="e-end e-num" data-label={t!("import-issue-line")}>{ format::number(f64::from(issue.line)) }</td>
            <td data-label={t!("import-issue-column")}>{ issue.column.clone().unwrap_or_default() }</td>
            <td data-label={t!("import-issue-value")}>
                if let Some(value) = issue.value.as_ref().filter(|value| !value.is_empty()) { <code class="e-code">{ value }</code> }
            </td>
        </tr>
    }
}
