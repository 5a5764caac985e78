//! What every input becomes: instances of resources in a root.

use std::path::PathBuf;
use std::sync::Arc;

use crate::source::Span;
use crate::value::Value;

/// Managed resource or data source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// `resource`
    Managed,
    /// `data`
    Data,
}

/// The key of an instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstanceKey {
    /// Neither `count` nor `for_each`.
    None,
    /// From `count`.
    Index(u64),
    /// From `for_each`.
    Name(Arc<str>),
    /// `count` or `for_each` is unknown: one instance stands for all there may be.
    Unknown,
}

/// Whether an instance certainly exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It will exist.
    Certain,
    /// It stands for any number of instances, perhaps none.
    Possible,
}

/// What a plan will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    NoOp,
    /// Create.
    Create,
    /// Read a data source.
    Read,
    /// Change in place.
    Update,
    /// Destroy.
    Delete,
    /// Destroy and create, in either order.
    Replace,
    /// Drop from the state only.
    Forget,
}

/// A planned change.
#[derive(Clone, Debug)]
pub struct Change {
    /// What will be done.
    pub action: Action,
    /// The object before, if there is one.
    pub before: Option<Value>,
}

/// `lifecycle` of a resource, as far as rules want it.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// `prevent_destroy`, when it is literally there.
    pub prevent_destroy: Option<bool>,
    /// Names in `ignore_changes`; `all` for all.
    pub ignore_changes: Vec<Arc<str>>,
}

/// The provider configuration an instance uses.
#[derive(Clone, Debug)]
pub struct ProviderRef {
    /// Short source such as `hashicorp/aws`; for another registry with its host in front.
    pub source: Arc<str>,
    /// Name in the root module, with alias: `aws`, `aws.west`. Empty when unknown.
    pub name: Arc<str>,
    /// The evaluated `provider` block; `None` if there is none.
    pub config: Option<Arc<Value>>,
    /// Major version, from the lock file or the version constraint; `None` if neither says.
    pub major: Option<u32>,
}

/// One instance of a resource or data source.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Full address: `module.net["a"].aws_subnet.b[2]`, `data.aws_vpc.main`.
    pub address: Arc<str>,
    /// Address of its module instance; empty in the root module.
    pub module: Arc<str>,
    /// Managed or data.
    pub mode: Mode,
    /// `aws_subnet`
    pub resource_type: Arc<str>,
    /// The name label.
    pub name: Arc<str>,
    /// The key.
    pub key: InstanceKey,
    /// All attributes and blocks as an object whose identity is the address. Nested blocks are lists of objects
    /// (single-nesting ones too), attributes left out are absent. Each value's newest origin step is its attribute or block.
    pub values: Value,
    /// Header of the block; `None` when there is no source.
    pub span: Option<Span>,
    /// Module calls that led here, outermost first.
    pub calls: Vec<Span>,
    /// Its provider.
    pub provider: ProviderRef,
    /// Whether it certainly exists.
    pub extent: Extent,
    /// Its `lifecycle`.
    pub lifecycle: Lifecycle,
    /// Addresses in `depends_on`.
    pub depends_on: Vec<Arc<str>>,
    /// `provisioner` blocks: objects with `type` and their attributes.
    pub provisioners: Vec<Value>,
    /// What the plan will do; `None` outside plans.
    pub change: Option<Change>,
}

/// Where a root keeps its state.
#[derive(Clone, Debug)]
pub struct Backend {
    /// `s3`, `local`, `remote`, `cloud`.
    pub kind: Arc<str>,
    /// The attributes of the block.
    pub values: Value,
    /// The block's header.
    pub span: Option<Span>,
}

/// A `moved` block: full addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Address before.
    pub from: Arc<str>,
    /// Address now.
    pub to: Arc<str>,
}

/// Whether a module call's content was there to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModuleState {
    /// Loaded.
    Loaded,
    /// Not here; the reason in words.
    Missing(String),
}

/// A root module, a plan or a state: everything rules judge together.
#[derive(Clone, Debug, Default)]
pub struct Root {
    /// Path as shown to the user: the directory, or the plan or state file.
    pub path: PathBuf,
    /// Resources and data sources, in source order of modules, then by address.
    pub instances: Vec<Instance>,
    /// Instances that a plan destroys or forgets: not part of what will exist; each has its `change`.
    pub removed: Vec<Instance>,
    /// The workspace that `terraform.workspace` is; `None` if not said.
    pub workspace: Option<Arc<str>>,
    /// The backend; `None` means the state is a local file (or unknown, for plans without source).
    pub backend: Option<Backend>,
    /// The `moved` blocks.
    pub moves: Vec<Move>,
    /// Provider configurations of the root module, by name with alias.
    pub providers: Vec<(Arc<str>, Arc<Value>)>,
    /// Module calls by address and whether their content was there.
    pub modules: Vec<(Arc<str>, ModuleState)>,
    /// Files read for this root, as shown to the user: a change in one of them asks for its judging.
    pub files: Vec<PathBuf>,
    /// Whether positions point into source (directories, binary plans) or not.
    pub has_source: bool,
    /// Whether there may be resources besides these.
    pub others: Others,
}

/// Whether there may be resources that are not listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Others {
    /// What is listed is all.
    #[default]
    None,
    /// Only a part is known: what is not found may be there all the same.
    Possible,
}

impl Others {
    /// Why a verdict is open that depends on them.
    pub const REASON: &str = "other resources are not known here";
}
