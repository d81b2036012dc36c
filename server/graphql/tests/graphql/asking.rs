//! Questions made from the schema itself: every root field, with arguments filled in by their types and everything selected
//! that can be, so that a new field is asked for without anybody thinking of it.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition};

/// Stands for no id: what need not be given is left out.
pub const NONE: &str = "none";

/// The types of the schema by name.
pub struct Types(HashMap<String, TypeDefinition>);

/// A field of `Query`, `Mutation` or `Subscription`.
pub struct Root {
    pub operation: &'static str,
    pub field: FieldDefinition,
}

impl Root {
    pub fn name(&self) -> &str {
        self.field.name.node.as_str()
    }
}

fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => base(inner),
    }
}

fn is_required(argument: &InputValueDefinition) -> bool {
    !argument.ty.node.nullable && argument.default_value.is_none()
}

impl Types {
    pub fn read() -> Self {
        let document = parse_schema(entente_graphql::sdl()).unwrap();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(ty) => Some((ty.node.name.node.to_string(), ty.node)),
            _ => None,
        });
        Self(types.collect())
    }

    fn fields(&self, name: &str) -> Option<&[async_graphql::Positioned<FieldDefinition>]> {
        match &self.0.get(name)?.kind {
            TypeKind::Object(object) => Some(&object.fields),
            TypeKind::Interface(interface) => Some(&interface.fields),
            _ => None,
        }
    }

    pub fn roots(&self) -> Vec<Root> {
        let operations = [("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")];
        let of = |(operation, ty)| self.fields(ty).unwrap().iter().map(move |field| Root { operation, field: field.node.clone() });
        operations.into_iter().flat_map(of).collect()
    }

    /// The types that `node(id:)` may answer.
    pub fn nodes(&self) -> Vec<&str> {
        let of = self.0.iter().filter(|(_, ty)| matches!(&ty.kind, TypeKind::Object(o) if o.implements.iter().any(|i| i.node == "Node")));
        of.map(|(name, _)| name.as_str()).collect()
    }

    /// Values of an enum.
    pub fn values(&self, name: &str) -> Vec<String> {
        match &self.0[name].kind {
            TypeKind::Enum(values) => values.values.iter().map(|v| v.node.value.node.to_string()).collect(),
            _ => Vec::new(),
        }
    }

    /// Everything below a type, so many levels deep.
    fn selection(&self, name: &str, depth: usize) -> String {
        let inner = match self.0.get(name).map(|ty| &ty.kind) {
            Some(TypeKind::Union(union)) => {
                let of = union.members.iter().map(|m| format!("... on {} {}", m.node, self.selection(m.node.as_str(), depth)));
                of.collect::<Vec<_>>().join(" ")
            }
            Some(TypeKind::Interface(_)) => {
                let of = self.0.iter().filter(|(_, ty)| matches!(&ty.kind, TypeKind::Object(o) if o.implements.iter().any(|i| i.node == name)));
                of.map(|(member, _)| format!("... on {member} {}", self.selection(member, depth.min(1)))).collect::<Vec<_>>().join(" ")
            }
            Some(TypeKind::Object(object)) => {
                let fields = object.fields.iter().filter(|f| !f.node.arguments.iter().any(|a| is_required(&a.node)));
                let of = fields.filter_map(|field| {
                    let (field, ty) = (&field.node, base(&field.node.ty.node));
                    let leaf = !matches!(self.0.get(ty).map(|t| &t.kind), Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)));
                    match leaf {
                        true => Some(field.name.node.to_string()),
                        false if depth == 0 => None,
                        false => Some(format!("{}{} {}", field.name.node, few(field), self.selection(ty, depth - 1))),
                    }
                });
                of.collect::<Vec<_>>().join(" ")
            }
            _ => String::new(),
        };
        format!("{{ __typename {inner} }}")
    }

    /// A value of that type; `id` wherever an id is wanted.
    fn value(&self, ty: &Type, id: &str, depth: usize) -> String {
        let one = match &ty.base {
            BaseType::List(inner) => return format!("[{}]", self.value(inner, id, depth)),
            BaseType::Named(name) => name.as_str(),
        };
        match self.0.get(one).map(|t| &t.kind) {
            Some(TypeKind::Enum(_)) => self.values(one).swap_remove(0),
            Some(TypeKind::InputObject(object)) => {
                let wanted = |a: &InputValueDefinition| is_required(a) || (depth > 0 && base(&a.ty.node) == "ID");
                let fields = object.fields.iter().filter(|a| wanted(&a.node));
                let of = fields.map(|a| format!("{}: {}", a.node.name.node, self.value(&a.node.ty.node, id, depth.saturating_sub(1))));
                format!("{{ {} }}", of.collect::<Vec<_>>().join(", "))
            }
            _ => match one {
                "ID" => format!("\"{id}\""),
                "Int" => "1".into(),
                "Boolean" => "true".into(),
                "Decimal" => "\"1.00\"".into(),
                "Date" => "\"2027-01-01\"".into(),
                "DateTime" => "\"2027-01-01T00:00:00Z\"".into(),
                "Float" => "1.0".into(),
                _ => "\"x\"".into(),
            },
        }
    }

    /// Whether an id is anywhere in the arguments.
    pub fn takes_id(&self, root: &Root) -> bool {
        self.arguments(root, "MARK").contains("MARK")
    }

    fn arguments(&self, root: &Root, id: &str) -> String {
        let wanted = |a: &InputValueDefinition| is_required(a) || (id != NONE && self.may_hold_id(base(&a.ty.node)));
        let arguments = root.field.arguments.iter().filter(|a| wanted(&a.node));
        let of: Vec<_> = arguments.map(|a| format!("{}: {}", a.node.name.node, self.value(&a.node.ty.node, id, 2))).collect();
        if of.is_empty() { String::new() } else { format!("({})", of.join(", ")) }
    }

    fn may_hold_id(&self, name: &str) -> bool {
        let inner = |a: &InputValueDefinition| base(&a.ty.node) == "ID";
        name == "ID" || matches!(self.0.get(name).map(|t| &t.kind), Some(TypeKind::InputObject(o)) if o.fields.iter().any(|f| inner(&f.node)))
    }

    /// The operation that asks for a root field with that id in every place for one, so many levels deep.
    pub fn question(&self, root: &Root, id: &str, depth: usize) -> String {
        let ty = base(&root.field.ty.node);
        let selection = if self.0.contains_key(ty) && self.selects(ty) { self.selection(ty, depth) } else { String::new() };
        format!("{} {{ {}{} {selection} }}", root.operation, root.name(), self.arguments(root, id))
    }

    fn selects(&self, ty: &str) -> bool {
        matches!(self.0.get(ty).map(|t| &t.kind), Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)))
    }
}

/// Short pages, so that what is nested costs little.
fn few(field: &FieldDefinition) -> &'static str {
    if field.arguments.iter().any(|a| a.node.name.node == "first") { "(first: 3)" } else { "" }
}
