//! Past and running imports.

use entente_web_api::{
    QueryBuilder,
    import::{ImportRun, ImportRunsQuery, ImportRunsVariables},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    View,
    run::{duration, status_tag},
};
use crate::{
    i18n::format,
    paged::{PageOf, use_paged},
    routes::Routes,
    t,
    ui::{Card, Column, EmptyState, IconName, SkeletonBlock, Table},
};

const PAGE: i32 = 20;

#[component]
pub fn Runs() -> Html {
    let list = use_paged(
        ImportRunsVariables { first: Some(PAGE), after: None },
        |mut variables, after| {
            variables.after = after;
            ImportRunsQuery::build(variables)
        },
        |data: ImportRunsQuery| PageOf { nodes: data.import_runs.nodes, page_info: data.import_runs.page_info, total: data.import_runs.total_count },
    );
    html! {
        <Card title={t!("import-runs")} flush=true>
            { list.view(SkeletonBlock::Rows(3), |listed| {
                if listed.nodes.is_empty() {
                    return html! { <EmptyState icon={IconName::History} title={t!("import-runs-none")} text={t!("import-runs-none-text")} /> };
                }
                html! {
                    <>
                        <Table
                            caption={t!("import-runs-table")}
                            columns={vec![
                                Column::new(t!("import-run-started")),
                                Column::new(t!("import-run-status")),
                                Column::new(t!("import-sum-created")).end(),
                                Column::new(t!("import-sum-unchanged")).end(),
                                Column::new(t!("import-sum-rejected")).end(),
                                Column::new(t!("import-run-took")).end(),
                                Column::new(t!("import-run-by")),
                            ]}
                        >
                            { for listed.nodes.iter().map(row) }
                        </Table>
                        { list.foot() }
                    </>
                }
            }) }
        </Card>
    }
}

fn row(run: &ImportRun) -> Html {
    let view = View { run: run.id.inner().to_owned(), dry: String::new() };
    let number = |n: i32| format::number(f64::from(n));
    html! {
        <tr key={run.id.inner().to_owned()}>
            <td data-label="">
                <Link<Routes, View> to={Routes::Import} query={Some(view)} classes="e-strong">{ format::date_time(&run.started_at) }</Link<Routes, View>>
            </td>
            <td data-label={t!("import-run-status")}>{ status_tag(run.status) }</td>
            <td class="e-end e-num" data-label={t!("import-sum-created")}>{ number(run.created) }</td>
            <td class="e-end e-num" data-label={t!("import-sum-unchanged")}>{ number(run.unchanged) }</td>
            <td class="e-end e-num" data-label={t!("import-sum-rejected")}>{ number(run.rejected) }</td>
            <td class="e-end e-num" data-label={t!("import-run-took")}>{ duration(run).unwrap_or_default() }</td>
            <td data-label={t!("import-run-by")}>
                { run.started_by.as_ref().map_or_else(|| t!("import-by-shell"), |person| person.name.clone()) }
            </td>
        </tr>
    }
}
