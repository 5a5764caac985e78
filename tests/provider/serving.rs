//! A plugin is served to the one who started it, and to nobody else.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::convert::Infallible;
use std::sync::Arc;

use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use terraform_provider_palisade::plugin::client::connect;
use terraform_provider_palisade::plugin::handshake::{Announcement, Invitation};
use terraform_provider_palisade::plugin::serve::Plugin;
use terraform_provider_palisade::plugin::services::Services;
use terraform_provider_palisade::plugin::tls::Identity;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// A provider that answers every call with its path.
#[derive(Clone)]
struct Echo;

impl tonic::codegen::Service<Request<Incoming>> for Echo {
    type Response = Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let path = request.uri().path().to_owned();
        std::future::ready(Ok(Response::new(tonic::body::Body::new(Full::new(Bytes::from(path))))))
    }
}

async fn start(client: Option<&Identity>) -> (Announcement, JoinHandle<()>, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let invitation = Invitation {
        versions: vec![6],
        client_certificate: client.map(|identity| identity.certificate().to_vec()),
        socket_directory: Some(dir.path().to_path_buf()),
        ports: None,
    };
    let plugin = Plugin::listen(&invitation, 6).await.unwrap();
    let announcement = plugin.announcement().clone();
    let end = Arc::new(Notify::new());
    let services = Services::new("/tfplugin6.Provider/", Echo, Arc::clone(&end));
    let serving = tokio::spawn(async move { plugin.serve(services, end).await.unwrap() });
    (announcement, serving, dir)
}

fn call(path: &str) -> Request<Full<Bytes>> {
    let request = Request::post(format!("http://localhost{path}")).header("content-type", "application/grpc");
    // One frame of gRPC with an empty message.
    request.body(Full::new(Bytes::from_static(&[0; 5]))).unwrap()
}

/// Status and messages of an answer.
async fn answer(response: Response<Incoming>) -> (String, Bytes) {
    let (head, body) = response.into_parts();
    let collected = body.collect().await.unwrap();
    let trailers = collected.trailers().cloned().unwrap_or_default();
    let status = trailers.get("grpc-status").or(head.headers.get("grpc-status"));
    let status = status.map_or("", |value| value.to_str().unwrap()).to_owned();
    (status, collected.to_bytes())
}

#[tokio::test]
async fn the_client_that_was_named_is_served_until_it_asks_for_the_end() {
    let identity = Identity::new().unwrap();
    let (announcement, serving, dir) = start(Some(&identity)).await;
    assert!(announcement.certificate.is_some());
    let mut plugin = connect(&announcement, &identity).await.unwrap();
    let echoed = plugin.send_request(call("/tfplugin6.Provider/GetMetadata")).await.unwrap();
    assert_eq!(answer(echoed).await.1, "/tfplugin6.Provider/GetMetadata");
    let nowhere = plugin.send_request(call("/grpc.health.v1.Health/Check")).await.unwrap();
    assert_eq!(answer(nowhere).await.0, "12");
    let output = plugin.send_request(call("/plugin.GRPCStdio/StreamStdio")).await.unwrap();
    assert_eq!(output.status(), 200);
    let ended = plugin.send_request(call("/plugin.GRPCController/Shutdown")).await.unwrap();
    assert_eq!(answer(ended).await, ("0".to_owned(), Bytes::from_static(&[0; 5])));
    serving.await.unwrap();
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "the socket is gone");
}

#[tokio::test]
async fn another_client_is_not_served() {
    let (named, other) = (Identity::new().unwrap(), Identity::new().unwrap());
    let (announcement, serving, _dir) = start(Some(&named)).await;
    // With TLS 1.3 the client learns that it was refused when it speaks.
    let refused = async {
        let mut plugin = connect(&announcement, &other).await.ok()?;
        plugin.send_request(call("/tfplugin6.Provider/GetMetadata")).await.ok()
    };
    assert!(refused.await.is_none());
    let in_clear = Announcement { certificate: None, ..announcement.clone() };
    let refused = async {
        let mut plugin = connect(&in_clear, &named).await.ok()?;
        plugin.send_request(call("/tfplugin6.Provider/GetMetadata")).await.ok()
    };
    assert!(refused.await.is_none());
    assert!(!serving.is_finished(), "strangers do not end it");
    let mut plugin = connect(&announcement, &named).await.unwrap();
    assert!(plugin.send_request(call("/tfplugin6.Provider/GetMetadata")).await.is_ok());
}

#[tokio::test]
async fn a_plugin_ends_with_the_last_connection() {
    let identity = Identity::new().unwrap();
    let (announcement, serving, _dir) = start(None).await;
    assert_eq!(announcement.certificate, None);
    let mut plugin = connect(&announcement, &identity).await.unwrap();
    let echoed = plugin.send_request(call("/tfplugin6.Provider/GetMetadata")).await.unwrap();
    drop(answer(echoed).await);
    drop(plugin);
    serving.await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn only_this_user_may_enter_the_directory_of_the_socket() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_, _serving, dir) = start(None).await;
    let made = std::fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap();
    assert_eq!(made.metadata().unwrap().permissions().mode() & 0o777, 0o700);
}
