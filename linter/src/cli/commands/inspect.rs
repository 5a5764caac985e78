//! `palisade inspect`: what was evaluated.
use super::super::{
    Exit,
    args::{Global, Inspect},
};
use crate::source::{Boundary, Disk, SourceMap};
use crate::terraform::{Options, load_directory};

pub(crate) fn run(inspect: &Inspect, _global: &Global) -> Exit {
    let map = SourceMap::default();
    let boundary = Boundary::around(&Disk, &inspect.path);
    let options = Options {
        var_files: inspect.variables.var_files.clone(),
        vars: Vec::new(),
        workspace: inspect.variables.workspace.clone(),
    };
    let t = std::time::Instant::now();
    let loaded = load_directory(&Disk, &map, &boundary, &inspect.path, &options);
    let el = t.elapsed();
    for i in &loaded.root.instances {
        println!("{} {:?}", i.address, i.extent);
        if inspect.address.as_deref() == Some(&*i.address) {
            println!(
                "{:#?}",
                i.values.as_fields().map(|f| f.iter().map(|(k, v)| (k.clone(), v.brief())).collect::<Vec<_>>())
            );
        }
    }
    for d in &loaded.diagnostics {
        println!(
            "{:?} {} {:?} {:?}",
            d.level,
            d.message,
            d.span.and_then(|s| map.location(s)).map(|l| format!("{}:{}:{}", l.file, l.start.line, l.start.column)),
            d.path
        );
    }
    for m in &loaded.root.modules {
        println!("{m:?}");
    }
    println!("{el:?}");
    Exit::Clean
}
