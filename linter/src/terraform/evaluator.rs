//! Demand-driven evaluation of a module tree: every value is computed once, when something first asks for it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::expand::{Expansion, Repetition};
use super::instance::Extent;
use super::load::Node;
use super::module::{Module, ModuleCall, Resource};
use super::variables::Inputs;
use crate::diagnostic::{Diagnostic, Level};
use crate::eval::{self, Context, Scope};
use crate::source::Span;
use crate::syntax::Expr;
use crate::value::{Reason, Type, Value};

/// Most instances of modules in one root.
const MAX_MODULE_INSTANCES: usize = 10_000;
/// Most instances of resources and data sources in one root.
const MAX_RESOURCE_INSTANCES: usize = 50_000;
/// Values of a root, items and attributes counted.
const MAX_PARTS: usize = 3_000_000;
/// Most blocks that nested `dynamic` blocks make together for one attribute, and for one root.
const MAX_DYNAMIC_BLOCKS: (usize, usize) = (20_000, 500_000);

/// Index of a module instance in its evaluator.
pub(super) type ModuleId = usize;

/// What is computed once per module instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Name<'a> {
    Variable(&'a str),
    Local(&'a str),
    Output(&'a str),
}

/// A value that is being computed, or has been.
#[derive(Clone, Debug)]
pub(super) enum Memo {
    Running,
    Done(Value),
}

/// One instance of a module: the module, and the call that gives its variables their values.
pub(super) struct ModuleInstance<'a> {
    pub(super) id: ModuleId,
    pub(super) module: &'a Module<'a>,
    pub(super) node: &'a Node,
    /// `module.a["k"].module.b`, empty for the root.
    pub(super) address: Arc<str>,
    pub(super) call: Option<CallSite<'a>>,
    /// The calls on the way here, outermost first.
    pub(super) calls: Vec<Span>,
    pub(super) extent: Extent,
    memo: RefCell<FxHashMap<Name<'a>, Memo>>,
    pub(super) resources: RefCell<FxHashMap<usize, Rc<Expansion<Rc<ResourceInstance<'a>>>>>>,
    pub(super) children: RefCell<FxHashMap<&'a str, Rc<Expansion<ModuleId>>>>,
}

/// The call of a module instance.
#[derive(Clone)]
pub(super) struct CallSite<'a> {
    pub(super) parent: ModuleId,
    pub(super) call: &'a ModuleCall<'a>,
    pub(super) repetition: Repetition,
}

/// One instance of a resource or data source, its attributes computed on demand.
pub(super) struct ResourceInstance<'a> {
    pub(super) resource: &'a Resource<'a>,
    pub(super) module: ModuleId,
    pub(super) address: Arc<str>,
    pub(super) key: super::instance::InstanceKey,
    pub(super) repetition: Repetition,
    pub(super) extent: Extent,
    pub(super) attributes: RefCell<FxHashMap<String, Memo>>,
    pub(super) whole: RefCell<Option<Value>>,
}

/// Evaluated `provider` blocks by module instance and name; `None` while one is computed.
type ProviderConfigs = FxHashMap<(ModuleId, String), Option<Arc<Value>>>;

/// Evaluates one root module.
pub(super) struct Evaluator<'a> {
    pub(super) context: Context<'a>,
    pub(super) modules: &'a [Module<'a>],
    pub(super) nodes: &'a [Node],
    pub(super) inputs: &'a Inputs,
    pub(super) workspace: Option<Arc<str>>,
    /// Major versions of providers from the lock file, by source.
    pub(super) majors: BTreeMap<String, u32>,
    instances: RefCell<Vec<Rc<ModuleInstance<'a>>>>,
    pub(super) providers: RefCell<ProviderConfigs>,
    /// Resource instances so far.
    resources: Cell<usize>,
    /// Blocks that `dynamic` made for the attribute at hand, and for the whole root.
    dynamic_blocks: Cell<(usize, usize)>,
    /// How many values all computed ones are made of.
    parts: Cell<usize>,
    diagnostics: RefCell<Vec<Diagnostic>>,
    /// Every module instance evaluates the same text again; each message is said once.
    said: RefCell<FxHashSet<(Option<Span>, String)>>,
    /// Names being computed, for the message about a cycle.
    chain: RefCell<Vec<String>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        context: Context<'a>,
        modules: &'a [Module<'a>],
        nodes: &'a [Node],
        inputs: &'a Inputs,
        workspace: Option<Arc<str>>,
        majors: BTreeMap<String, u32>,
    ) -> Self {
        Self {
            context,
            modules,
            nodes,
            inputs,
            workspace,
            majors,
            instances: RefCell::default(),
            providers: RefCell::default(),
            resources: Cell::default(),
            dynamic_blocks: Cell::default(),
            parts: Cell::default(),
            diagnostics: RefCell::default(),
            said: RefCell::default(),
            chain: RefCell::default(),
        }
    }

    /// The root module's instance; `None` if its directory could not be read.
    pub(super) fn root(&self) -> Option<Rc<ModuleInstance<'a>>> {
        let node = self.nodes.first()?;
        let id = self.add(node, Arc::from(""), None, Vec::new(), Extent::Certain)?;
        self.module(id)
    }

    /// Adds a module instance; `None` if its directory was not read.
    pub(super) fn add(
        &self,
        node: &'a Node,
        address: Arc<str>,
        call: Option<CallSite<'a>>,
        calls: Vec<Span>,
        extent: Extent,
    ) -> Option<ModuleId> {
        let module = self.modules.get(node.directory)?;
        let mut instances = self.instances.borrow_mut();
        let id = instances.len();
        instances.push(Rc::new(ModuleInstance {
            id,
            module,
            node,
            address,
            call,
            calls,
            extent,
            memo: RefCell::default(),
            resources: RefCell::default(),
            children: RefCell::default(),
        }));
        Some(id)
    }

    /// Whether so many more module instances are within bounds; says it where they are not.
    pub(super) fn has_room_for_modules(&self, count: usize, span: Span) -> bool {
        let fits = self.instances.borrow().len().saturating_add(count) <= MAX_MODULE_INSTANCES;
        if !fits {
            let message =
                format!("More than {MAX_MODULE_INSTANCES} module instances; those of this call are not judged");
            self.say(Diagnostic::error(span, message));
        }
        fits
    }

    /// Whether so many more resource instances are within bounds; says it where they are not.
    pub(super) fn has_room_for_resources(&self, count: usize, span: Span) -> bool {
        let total = self.resources.get().saturating_add(count);
        let fits = total <= MAX_RESOURCE_INSTANCES;
        if fits {
            self.resources.set(total);
        } else {
            let message =
                format!("More than {MAX_RESOURCE_INSTANCES} instances in all; those of this block are not judged");
            self.say(Diagnostic::error(span, message));
        }
        fits
    }

    /// Evaluates an attribute whose dynamic blocks count for themselves.
    pub(super) fn counting_blocks(&self, work: impl FnOnce() -> Value) -> Value {
        let (outer, total) = self.dynamic_blocks.get();
        self.dynamic_blocks.set((0, total));
        let value = work();
        self.dynamic_blocks.set((outer, self.dynamic_blocks.get().1));
        value
    }

    /// Counts a block that a `dynamic` block makes; `false`, and said, when there are too many.
    pub(super) fn one_more_block(&self, span: Span) -> bool {
        let (here, total) = self.dynamic_blocks.get();
        let (most_here, most) = MAX_DYNAMIC_BLOCKS;
        if here >= most_here || total >= most {
            let message = format!("Nested dynamic blocks make more than {most_here} blocks; the rest is not judged");
            self.say(Diagnostic::error(span, message));
            return false;
        }
        self.dynamic_blocks.set((here + 1, total + 1));
        true
    }

    pub(super) fn module(&self, id: ModuleId) -> Option<Rc<ModuleInstance<'a>>> {
        self.instances.borrow().get(id).cloned()
    }

    /// All problems found so far.
    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics.into_inner()
    }

    /// Says something once.
    pub(super) fn say(&self, diagnostic: Diagnostic) {
        if self.said.borrow_mut().insert((diagnostic.span, diagnostic.message.clone())) {
            self.diagnostics.borrow_mut().push(diagnostic);
        }
    }

    /// The value of an expression; an error is said and gives an unknown value.
    pub(super) fn evaluate(&self, expr: Expr<'_>, scope: &dyn Scope) -> Value {
        match eval::evaluate(expr, scope, &self.context) {
            Ok(value) => value,
            Err(error) => {
                let error = error.withheld(self.context.sources);
                let mut diagnostic = error.to_diagnostic();
                // What depends on values may come right where Terraform runs: a file that a build step makes is not
                // there yet when a commit is checked. The value is unknown, and rules say so.
                if error.catchable {
                    diagnostic.level = Level::Warning;
                }
                self.say(diagnostic);
                error.to_unknown()
            }
        }
    }

    /// A variable, local or output of a module instance, computed once.
    pub(super) fn named(
        &self,
        instance: &ModuleInstance<'a>,
        name: Name<'a>,
        span: Span,
        compute: impl FnOnce() -> Value,
    ) -> Value {
        let known = instance.memo.borrow().get(&name).cloned();
        match known {
            Some(Memo::Done(value)) => value,
            Some(Memo::Running) => self.cycle(&shown(instance, name), span),
            None => {
                instance.memo.borrow_mut().insert(name, Memo::Running);
                let value = self.within(shown(instance, name), || self.bounded(span, compute));
                instance.memo.borrow_mut().insert(name, Memo::Done(value.clone()));
                value
            }
        }
    }

    /// The value that `compute` gives, or an unknown one once all values together are too many: instances that list
    /// each other grow with their square.
    pub(super) fn bounded(&self, span: Span, compute: impl FnOnce() -> Value) -> Value {
        let before = self.parts.get();
        if before > MAX_PARTS {
            return Value::unknown(Type::Any, Reason::Limit(format!("{MAX_PARTS} values in one root").into()));
        }
        let value = compute();
        self.parts.set(self.parts.get().saturating_add(value.count_parts()));
        if before <= MAX_PARTS && self.parts.get() > MAX_PARTS {
            let message = format!("The root has more than {MAX_PARTS} values; further ones are not computed");
            self.say(Diagnostic::error(span, message));
        }
        value
    }

    /// Runs `compute` as the computation of `name`, so that a cycle can be told.
    pub(super) fn within(&self, name: String, compute: impl FnOnce() -> Value) -> Value {
        self.chain.borrow_mut().push(name);
        let value = compute();
        self.chain.borrow_mut().pop();
        value
    }

    /// The value of something that asks for itself: unknown, and said with the chain.
    pub(super) fn cycle(&self, name: &str, span: Span) -> Value {
        let chain = self.chain.borrow();
        let start = chain.iter().rposition(|link| link == name).unwrap_or(0);
        let mut links: Vec<&str> = chain.iter().skip(start).map(String::as_str).collect();
        links.push(name);
        let chain_text = links.join(" → ");
        let message = format!("{name} depends on itself: {chain_text}");
        self.say(
            Diagnostic::error(span, message)
                .with_help("Take one of these references out; Terraform cannot order them either."),
        );
        Value::unknown(Type::Any, Reason::Cycle(chain_text.into()))
    }
}

fn shown(instance: &ModuleInstance<'_>, name: Name<'_>) -> String {
    let local = match name {
        Name::Variable(name) => format!("var.{name}"),
        Name::Local(name) => format!("local.{name}"),
        Name::Output(name) => format!("output.{name}"),
    };
    if instance.address.is_empty() { local } else { format!("{}.{local}", instance.address) }
}
