//! The services that every plugin has: shutting down, output, further connections; and the way to each by its path.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::{Request, Response};
use hyper::body::Incoming;
use tokio::sync::Notify;
use tonic::body::Body;
use tonic::codegen::{BoxStream, Service, tokio_stream};
use tonic::{Status, Streaming};

use crate::protocol::plugin::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use crate::protocol::plugin::grpc_controller_server::{GrpcController, GrpcControllerServer};
use crate::protocol::plugin::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use crate::protocol::plugin::{ConnInfo, Empty, StdioData};

/// Ends the plugin when Terraform asks for it.
#[derive(Clone, Debug)]
pub struct Controller {
    end: Arc<Notify>,
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: tonic::Request<Empty>) -> Result<tonic::Response<Empty>, Status> {
        self.end.notify_one();
        Ok(tonic::Response::new(Empty {}))
    }
}

/// The output of a plugin that prints nothing.
#[derive(Clone, Copy, Debug)]
pub struct Silence;

#[tonic::async_trait]
impl GrpcStdio for Silence {
    async fn stream_stdio(&self, _: tonic::Request<Empty>) -> Result<tonic::Response<BoxStream<StdioData>>, Status> {
        Ok(tonic::Response::new(Box::pin(tokio_stream::pending())))
    }
}

/// Further connections, of which there are none.
#[derive(Clone, Copy, Debug)]
pub struct NoConnections;

#[tonic::async_trait]
impl GrpcBroker for NoConnections {
    async fn start_stream(
        &self,
        _: tonic::Request<Streaming<ConnInfo>>,
    ) -> Result<tonic::Response<BoxStream<ConnInfo>>, Status> {
        Ok(tonic::Response::new(Box::pin(tokio_stream::pending())))
    }
}

/// All services of a plugin: those of every plugin and `provider`, which answers what has this `prefix`.
#[derive(Clone, Debug)]
pub struct Services<P> {
    prefix: &'static str,
    provider: P,
    controller: GrpcControllerServer<Controller>,
    stdio: GrpcStdioServer<Silence>,
    broker: GrpcBrokerServer<NoConnections>,
}

impl<P> Services<P> {
    /// Services that notify `end` when the plugin shall end. The prefix is such as `/tfplugin6.Provider/`.
    #[must_use]
    pub fn new(prefix: &'static str, provider: P, end: Arc<Notify>) -> Self {
        Self {
            prefix,
            provider,
            controller: GrpcControllerServer::new(Controller { end }),
            stdio: GrpcStdioServer::new(Silence),
            broker: GrpcBrokerServer::new(NoConnections),
        }
    }
}

/// An answer on its way.
pub type Answer = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<P> hyper::service::Service<Request<Incoming>> for Services<P>
where
    P: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible> + Clone,
    P::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: Request<Incoming>) -> Answer {
        let path = request.uri().path();
        // These services are always ready, so they are called at once.
        if path.starts_with(self.prefix) {
            Box::pin(self.provider.clone().call(request))
        } else if path.starts_with("/plugin.GRPCController/") {
            Box::pin(self.controller.clone().call(request))
        } else if path.starts_with("/plugin.GRPCStdio/") {
            Box::pin(self.stdio.clone().call(request))
        } else if path.starts_with("/plugin.GRPCBroker/") {
            Box::pin(self.broker.clone().call(request))
        } else {
            let refusal = Status::unimplemented("there is no such service").into_http();
            Box::pin(std::future::ready(Ok(refusal)))
        }
    }
}
