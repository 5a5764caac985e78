//! `palisade_gate` as messages: validate, plan, apply, import, upgrade.

use palisade::value::Value;

use super::diagnostics::{error, mistake, of_gate};
use super::objects::{GATE_TYPE, read, with, written};
use super::{Server, wire};
use crate::gate::{self, Gate, Judged};
use crate::offer;
use crate::policy::{Mode, Policy};
use crate::protocol::tfplugin6::{
    DynamicValue, apply_resource_change, import_resource_state, plan_resource_change, upgrade_resource_state,
};

/// The version of the state's form.
const VERSION: i64 = 0;

/// Looks at a gate before its values are known.
pub(super) fn validate(config: Option<&DynamicValue>) -> Vec<wire::Diagnostic> {
    match read(config, &GATE_TYPE, offer::GATE) {
        Ok(object) => Gate::read(&object).mistakes().iter().map(mistake).collect(),
        Err(diagnostic) => vec![*diagnostic],
    }
}

/// Plans a gate: judges what is known.
pub(super) fn plan(server: &Server, request: &plan_resource_change::Request) -> plan_resource_change::Response {
    let proposed = request.proposed_new_state.as_ref();
    match judged(server, request.config.as_ref(), proposed) {
        Ok(Outcome::Destroyed) => plan_resource_change::Response {
            planned_state: request.proposed_new_state.clone(),
            planned_private: request.prior_private.clone(),
            ..plan_resource_change::Response::default()
        },
        Ok(Outcome::Open(state, diagnostics)) => plan_resource_change::Response {
            planned_state: Some(state),
            planned_private: request.prior_private.clone(),
            diagnostics,
            ..plan_resource_change::Response::default()
        },
        Ok(Outcome::Closed(diagnostics)) => plan_resource_change::Response {
            planned_state: request.prior_state.clone(),
            diagnostics,
            ..plan_resource_change::Response::default()
        },
        Err(diagnostic) => plan_resource_change::Response {
            planned_state: request.prior_state.clone(),
            diagnostics: vec![diagnostic],
            ..plan_resource_change::Response::default()
        },
    }
}

/// Applies a gate: judges what became known.
pub(super) fn apply(server: &Server, request: apply_resource_change::Request) -> apply_resource_change::Response {
    let planned = request.planned_state.as_ref();
    let (new_state, diagnostics) = match judged(server, request.config.as_ref(), planned) {
        Ok(Outcome::Destroyed) => (request.planned_state, Vec::new()),
        Ok(Outcome::Open(state, diagnostics)) => (Some(state), diagnostics),
        Ok(Outcome::Closed(diagnostics)) => (request.prior_state, diagnostics),
        Err(diagnostic) => (request.prior_state, vec![diagnostic]),
    };
    apply_resource_change::Response {
        new_state,
        private: request.planned_private,
        diagnostics,
        ..apply_resource_change::Response::default()
    }
}

/// Takes over a gate by its name.
pub(super) fn import(request: &import_resource_state::Request) -> import_resource_state::Response {
    let mut response = import_resource_state::Response::default();
    match written(&gate::imported(&request.id), &GATE_TYPE) {
        Ok(state) => response.imported_resources.push(import_resource_state::ImportedResource {
            type_name: request.type_name.clone(),
            state: Some(state),
            ..import_resource_state::ImportedResource::default()
        }),
        Err(diagnostic) => response.diagnostics.push(diagnostic),
    }
    response
}

/// Brings kept state into the present form, which is the only one there has been.
pub(super) fn upgrade(request: upgrade_resource_state::Request) -> upgrade_resource_state::Response {
    if request.version > VERSION {
        let summary = "The state was written by a later version of the provider";
        let detail = format!("It has version {}; this provider knows {VERSION}. Use the later one.", request.version);
        return upgrade_resource_state::Response { upgraded_state: None, diagnostics: vec![error(summary, &detail)] };
    }
    let json = request.raw_state.map(|state| state.json).unwrap_or_default();
    let kept = DynamicValue { msgpack: Vec::new(), json };
    // It is read so that a state that was changed by hand is refused here, where Terraform says which it is.
    let state = read(Some(&kept), &GATE_TYPE, offer::GATE).map_err(|it| *it);
    match state.and_then(|state| written(&state, &GATE_TYPE)) {
        Ok(state) => upgrade_resource_state::Response { upgraded_state: Some(state), diagnostics: Vec::new() },
        Err(diagnostic) => upgrade_resource_state::Response { upgraded_state: None, diagnostics: vec![diagnostic] },
    }
}

enum Outcome {
    /// It will not exist.
    Destroyed,
    /// It lets through; its state, and what is worth telling.
    Open(DynamicValue, Vec<wire::Diagnostic>),
    /// It does not.
    Closed(Vec<wire::Diagnostic>),
}

fn judged(
    server: &Server,
    config: Option<&DynamicValue>,
    state: Option<&DynamicValue>,
) -> Result<Outcome, wire::Diagnostic> {
    let is_destroyed = |object: &Value| object.is_null();
    let object = read(state, &GATE_TYPE, offer::GATE).map_err(|it| *it)?;
    if is_destroyed(&object) {
        return Ok(Outcome::Destroyed);
    }
    let policy = server.policy()?;
    // The configuration is what is known best; the state has it too, and the attributes that are computed.
    let object = read(config, &GATE_TYPE, offer::GATE).map_err(|it| *it)?;
    let gate = Gate::read(&object);
    let mistakes = gate.mistakes();
    if !mistakes.is_empty() {
        return Ok(Outcome::Closed(mistakes.iter().map(mistake).collect()));
    }
    let judged = gate.judge(&policy);
    outcome(&policy, &judged, state)
}

fn outcome(policy: &Policy, judged: &Judged, state: Option<&DynamicValue>) -> Result<Outcome, wire::Diagnostic> {
    let mut diagnostics = of_gate(policy, &judged.counting);
    diagnostics.extend(judged.errors.iter().map(|message| error("A rule could not be judged", message)));
    let is_closed = !judged.errors.is_empty() || policy.mode == Mode::Enforce && !judged.counting.is_empty();
    if is_closed {
        return Ok(Outcome::Closed(diagnostics));
    }
    Ok(Outcome::Open(with(state, &judged.computed)?, diagnostics))
}
