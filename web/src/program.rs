//! The program (stages, tiers, products, currencies ...), read once per session, again whenever it changes, and shared by
//! every signed-in screen.

use std::rc::Rc;

use entente_web_api::{
    QueryBuilder,
    product::ProgramChanges,
    program::{DealStage, DraftRequirements, Program, ProgramQuery},
};
use yew::prelude::*;

use crate::{live::use_stream, remote::use_query, ui::SkeletonBlock};

/// Shared read-only access; compares by identity.
#[derive(Clone)]
pub struct SharedProgram(Rc<ProgramQuery>, Callback<()>);

impl PartialEq for SharedProgram {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for SharedProgram {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.0.program
    }
}

impl SharedProgram {
    /// Reads it again, for the one who changed it; everybody else hears of the change live.
    pub fn reload(&self) {
        self.1.emit(());
    }

    /// What the rules in force ask of a registration.
    pub fn rules(&self) -> &DraftRequirements {
        &self.0.program_rules
    }

    pub fn stage(&self, key: &str) -> Option<&DealStage> {
        self.stages.iter().find(|stage| stage.key == key)
    }

    pub fn territory_name(&self, key: &str) -> String {
        self.territories.iter().find(|known| known.key == key).map_or_else(|| key.to_owned(), |known| known.name.clone())
    }

    pub fn vertical_name(&self, key: &str) -> String {
        self.verticals.iter().find(|known| known.key == key).map_or_else(|| key.to_owned(), |known| known.name.clone())
    }
}

#[derive(PartialEq, Properties)]
pub struct ProgramProviderProps {
    pub children: Html,
}

/// Reads the program and shows what is below once it is there.
#[component]
pub fn ProgramProvider(props: &ProgramProviderProps) -> Html {
    let query = use_query((), ProgramQuery::build);
    {
        let reload = query.on_reload();
        use_stream::<ProgramChanges>(true, move |_| reload.emit(()));
    }
    query.view(SkeletonBlock::Page, |program| {
        html! {
            <ContextProvider<SharedProgram> context={SharedProgram(program.clone(), query.on_reload())}>
                { props.children.clone() }
            </ContextProvider<SharedProgram>>
        }
    })
}

/// The program; `None` only on public screens without a session.
#[hook]
pub fn use_program() -> Option<SharedProgram> {
    use_context::<SharedProgram>()
}
