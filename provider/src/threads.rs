//! Threads: judging recurses as deep as its limits allow, so they have large stacks.

use std::future::Future;
use std::io;

/// Stack of each thread that judges; memory is taken only where it is used.
const STACK_BYTES: usize = 256 << 20;
/// Calls that are judged at a time; further ones wait.
const JUDGING: usize = 16;

/// Runs the work to its end.
///
/// # Errors
/// When threads cannot be had.
pub fn run<T: Send>(work: impl Future<Output = T> + Send) -> io::Result<T> {
    // A pool that is there already serves as well.
    drop(rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build_global());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(JUDGING)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build()?;
    let result = runtime.block_on(work);
    // Nobody waits for what is still being judged.
    runtime.shutdown_background();
    Ok(result)
}
