//! Functions as messages.

use palisade::value::{Type, Value, convert};

use super::objects::{read, written};
use super::{Server, wire};
use crate::functions::{self, Refused};
use crate::offer;
use crate::protocol::tfplugin6::call_function;

/// Calls a function.
pub(super) fn call(server: &Server, request: &call_function::Request) -> call_function::Response {
    match result(server, request) {
        Ok(result) => call_function::Response { result: Some(result), error: None },
        Err(refused) => {
            let argument = i64::try_from(refused.argument).ok().filter(|_| refused.argument < request.arguments.len());
            let error = wire::FunctionError { text: refused.message, function_argument: argument };
            call_function::Response { result: None, error: Some(error) }
        }
    }
}

fn result(server: &Server, request: &call_function::Request) -> Result<wire::DynamicValue, Refused> {
    /// No argument has this number.
    const NO_ARGUMENT: usize = usize::MAX;
    let whole = |message: String| Refused { argument: NO_ARGUMENT, message };
    let known = offer::functions().into_iter().find(|it| it.name == request.name);
    let Some(function) = known else { return Err(whole(format!("there is no function {:?}", request.name))) };
    let mut arguments: Vec<Value> = Vec::new();
    for (at, (parameter, argument)) in function.parameters.iter().zip(&request.arguments).enumerate() {
        let value = read(Some(argument), &parameter.ty, parameter.name);
        arguments.push(value.map_err(|diagnostic| Refused { argument: at, message: diagnostic.detail })?);
    }
    let value = match (function.name, arguments.as_slice()) {
        (offer::ENVIRONMENT_OF, [name]) => functions::environment_of(name)?,
        (offer::CIDR_OVERLAPS, [a, b]) => functions::cidr_overlaps(a, b)?,
        (offer::VIOLATIONS, [resource_type, config]) => {
            functions::violations(&*policy(server)?, resource_type, config)?
        }
        (offer::COMPLIANT, [resource_type, config]) => functions::compliant(&*policy(server)?, resource_type, config)?,
        _ => return Err(whole(format!("{} wants {} arguments", function.name, function.parameters.len()))),
    };
    write(&value, &function.result).map_err(whole)
}

fn policy(server: &Server) -> Result<std::sync::Arc<crate::policy::Policy>, Refused> {
    let policy = server.function_policy();
    policy.map_err(|bad| Refused { argument: usize::MAX, message: format!("the policy cannot be read: {bad}") })
}

fn write(value: &Value, ty: &Type) -> Result<wire::DynamicValue, String> {
    let value = convert(value, ty).map_err(|error| error.to_string())?;
    written(&value, ty).map_err(|diagnostic| diagnostic.detail)
}
