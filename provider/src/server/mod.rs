//! The provider as Terraform talks to it: messages in, messages out.
//!
//! Owns: [`Server`].
//! Promises: every mistake of the user is a diagnostic with its attribute; the values of attributes that are the
//! user's are given back as they came, byte by byte.
//! Must not know: how anything is judged.

mod diagnostics;
mod functions;
mod gate;
mod objects;

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use palisade::source::Disk;
use tonic::{Request, Response, Status};

use crate::check::Check;
use crate::offer;
use crate::policy::{BadPolicy, Choices, Policy};
use crate::protocol::tfplugin6 as wire;
use crate::protocol::tfplugin6::provider_server::Provider;
use crate::{configuration, protocol};
use diagnostics::{error, mistake};
use objects::{CHECK_TYPE, GATE_TYPE, PROVIDER_TYPE};

/// Paths of the provider's service begin like this.
pub const PREFIX: &str = "/tfplugin6.Provider/";

/// The provider. Clones share what it was configured with.
#[derive(Clone, Default)]
pub struct Server {
    /// What the `provider` block says.
    configured: Arc<RwLock<Option<Arc<Policy>>>>,
    /// What functions judge by: Terraform does not tell them what the `provider` block says.
    functions: Arc<OnceLock<Result<Arc<Policy>, BadPolicy>>>,
}

impl Server {
    /// The policy of the `provider` block.
    fn policy(&self) -> Result<Arc<Policy>, wire::Diagnostic> {
        let configured = self.configured.read().unwrap_or_else(PoisonError::into_inner).clone();
        configured.ok_or_else(|| error("The provider is not configured", "Terraform did not say its configuration."))
    }

    /// The policy of functions.
    fn function_policy(&self) -> Result<Arc<Policy>, BadPolicy> {
        self.functions.get_or_init(|| Policy::load(&Disk, &Choices::default()).map(Arc::new)).clone()
    }

    fn configure(&self, config: Option<&wire::DynamicValue>) -> Vec<wire::Diagnostic> {
        let object = match objects::read(config, &PROVIDER_TYPE, "provider") {
            Ok(object) => object,
            Err(diagnostic) => return vec![*diagnostic],
        };
        if let Some(path) = configuration::unknown(&object) {
            let mut unknown = error(
                "The configuration of the provider is not known yet",
                "What decides verdicts must be known when Terraform plans. Use a value that does not come from a resource.",
            );
            unknown.attribute = Some(protocol::path::v6(&path));
            return vec![unknown];
        }
        let choices = match configuration::read(&object) {
            Ok(choices) => choices,
            Err(wrong) => return vec![mistake(&wrong)],
        };
        match Policy::load(&Disk, &choices) {
            Ok(policy) => {
                *self.configured.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(policy));
                Vec::new()
            }
            Err(bad) => bad.mistakes.iter().map(|it| error("The policy cannot be read", it)).collect(),
        }
    }

    fn read_check(&self, request: &wire::read_data_source::Request) -> wire::read_data_source::Response {
        let work = || {
            let config = request.config.as_ref();
            let object = objects::read(config, &CHECK_TYPE, offer::CHECK).map_err(|it| *it)?;
            let check = Check::read(&object).map_err(|wrong| mistake(&wrong))?;
            let policy = self.policy()?;
            let checked = check.judge(&Disk, &policy);
            let state = objects::with(config, &checked.computed)?;
            Ok::<_, wire::Diagnostic>((state, diagnostics::of_check(&policy, &check, &checked)))
        };
        let (state, diagnostics) = match work() {
            Ok((state, diagnostics)) => (Some(state), diagnostics),
            Err(diagnostic) => (None, vec![diagnostic]),
        };
        wire::read_data_source::Response { state, diagnostics, deferred: None }
    }
}

/// Does work that may take long where it holds nobody up.
async fn worked<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<Response<T>, Status> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => Ok(Response::new(answer)),
        Err(_) => Err(Status::internal("palisade failed inside; please report it")),
    }
}

#[tonic::async_trait]
impl Provider for Server {
    async fn get_metadata(
        &self,
        _: Request<wire::get_metadata::Request>,
    ) -> Result<Response<wire::get_metadata::Response>, Status> {
        let schema = offer::provider_schema();
        let metadata = |type_name: &str| wire::get_metadata::ResourceMetadata { type_name: type_name.to_owned() };
        let source = |type_name: &str| wire::get_metadata::DataSourceMetadata { type_name: type_name.to_owned() };
        let functions = schema.functions.into_keys().map(|name| wire::get_metadata::FunctionMetadata { name });
        Ok(Response::new(wire::get_metadata::Response {
            server_capabilities: schema.server_capabilities,
            diagnostics: Vec::new(),
            data_sources: vec![source(offer::CHECK)],
            resources: vec![metadata(offer::GATE)],
            functions: functions.collect(),
        }))
    }

    async fn get_provider_schema(
        &self,
        _: Request<wire::get_provider_schema::Request>,
    ) -> Result<Response<wire::get_provider_schema::Response>, Status> {
        Ok(Response::new(offer::provider_schema()))
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<wire::get_resource_identity_schemas::Request>,
    ) -> Result<Response<wire::get_resource_identity_schemas::Response>, Status> {
        Ok(Response::new(wire::get_resource_identity_schemas::Response::default()))
    }

    async fn get_functions(
        &self,
        _: Request<wire::get_functions::Request>,
    ) -> Result<Response<wire::get_functions::Response>, Status> {
        let functions = offer::provider_schema().functions;
        Ok(Response::new(wire::get_functions::Response { functions, diagnostics: Vec::new() }))
    }

    async fn validate_provider_config(
        &self,
        request: Request<wire::validate_provider_config::Request>,
    ) -> Result<Response<wire::validate_provider_config::Response>, Status> {
        let config = request.into_inner().config;
        let object = objects::read(config.as_ref(), &PROVIDER_TYPE, "provider");
        let diagnostics = match object.map(|object| configuration::read(&object)) {
            Ok(Ok(_)) => Vec::new(),
            Ok(Err(wrong)) => vec![mistake(&wrong)],
            Err(diagnostic) => vec![*diagnostic],
        };
        Ok(Response::new(wire::validate_provider_config::Response { diagnostics }))
    }

    async fn configure_provider(
        &self,
        request: Request<wire::configure_provider::Request>,
    ) -> Result<Response<wire::configure_provider::Response>, Status> {
        let (server, config) = (self.clone(), request.into_inner().config);
        worked(move || wire::configure_provider::Response { diagnostics: server.configure(config.as_ref()) }).await
    }

    async fn validate_resource_config(
        &self,
        request: Request<wire::validate_resource_config::Request>,
    ) -> Result<Response<wire::validate_resource_config::Response>, Status> {
        let config = request.into_inner().config;
        let diagnostics = gate::validate(config.as_ref());
        Ok(Response::new(wire::validate_resource_config::Response { diagnostics }))
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<wire::validate_data_resource_config::Request>,
    ) -> Result<Response<wire::validate_data_resource_config::Response>, Status> {
        let config = request.into_inner().config;
        let diagnostics = match objects::read(config.as_ref(), &CHECK_TYPE, offer::CHECK) {
            Ok(object) => Check::read(&object).err().iter().map(mistake).collect(),
            Err(diagnostic) => vec![*diagnostic],
        };
        Ok(Response::new(wire::validate_data_resource_config::Response { diagnostics }))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> Result<Response<wire::upgrade_resource_state::Response>, Status> {
        Ok(Response::new(gate::upgrade(request.into_inner())))
    }

    async fn read_resource(
        &self,
        request: Request<wire::read_resource::Request>,
    ) -> Result<Response<wire::read_resource::Response>, Status> {
        // A gate is nowhere but in the state.
        let request = request.into_inner();
        Ok(Response::new(wire::read_resource::Response {
            new_state: request.current_state,
            private: request.private,
            ..wire::read_resource::Response::default()
        }))
    }

    async fn plan_resource_change(
        &self,
        request: Request<wire::plan_resource_change::Request>,
    ) -> Result<Response<wire::plan_resource_change::Response>, Status> {
        let (server, request) = (self.clone(), request.into_inner());
        worked(move || gate::plan(&server, &request)).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<wire::apply_resource_change::Request>,
    ) -> Result<Response<wire::apply_resource_change::Response>, Status> {
        let (server, request) = (self.clone(), request.into_inner());
        worked(move || gate::apply(&server, request)).await
    }

    async fn import_resource_state(
        &self,
        request: Request<wire::import_resource_state::Request>,
    ) -> Result<Response<wire::import_resource_state::Response>, Status> {
        Ok(Response::new(gate::import(&request.into_inner())))
    }

    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> Result<Response<wire::read_data_source::Response>, Status> {
        let (server, request) = (self.clone(), request.into_inner());
        worked(move || server.read_check(&request)).await
    }

    async fn call_function(
        &self,
        request: Request<wire::call_function::Request>,
    ) -> Result<Response<wire::call_function::Response>, Status> {
        let (server, request) = (self.clone(), request.into_inner());
        worked(move || functions::call(&server, &request)).await
    }

    async fn stop_provider(
        &self,
        _: Request<wire::stop_provider::Request>,
    ) -> Result<Response<wire::stop_provider::Response>, Status> {
        // Nothing that is done here takes long or changes anything.
        Ok(Response::new(wire::stop_provider::Response::default()))
    }
}

/// The gate's type on the wire, for tests and documentation.
#[must_use]
pub fn gate_type() -> palisade::value::Type {
    GATE_TYPE.clone()
}
