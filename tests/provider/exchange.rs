//! Exchanges with the provider's binary as Terraform has them, without Terraform: what it is asked, what it answers,
//! and what it makes of messages that nobody should send.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http2::SendRequest;
use palisade::value::{Fields, Reason, Type, Value};
use prost::Message;
use tempfile::TempDir;
use terraform_provider_palisade::offer::provider_schema;
use terraform_provider_palisade::plugin::client::connect;
use terraform_provider_palisade::plugin::handshake::{
    Announcement, CLIENT_CERTIFICATE, COOKIE, COOKIE_NAME, SOCKET_DIRECTORY, VERSIONS,
};
use terraform_provider_palisade::plugin::tls::Identity;
use terraform_provider_palisade::protocol::schema::Block;
use terraform_provider_palisade::protocol::tfplugin6::{self as wire, DynamicValue, diagnostic::Severity};
use terraform_provider_palisade::protocol::value::{decode, encode};

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-palisade");

/// The provider, started and connected.
struct Provider {
    child: Child,
    connection: SendRequest<Full<Bytes>>,
    dir: TempDir,
}

/// The provider as Terraform starts it, in a directory of its own.
fn command(dir: &Path, identity: &Identity) -> Command {
    let pem = base64::engine::general_purpose::STANDARD.encode(identity.certificate());
    let mut command = Command::new(BINARY);
    command.current_dir(dir).env(COOKIE_NAME, COOKIE).env(VERSIONS, "5,6").env(SOCKET_DIRECTORY, dir);
    command.env(CLIENT_CERTIFICATE, format!("-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

impl Provider {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join(".git")).unwrap();
        let identity = Identity::new().unwrap();
        let mut child = command(dir.path(), &identity).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let announcement: Announcement = line.parse().unwrap();
        assert_eq!(announcement.version, 6);
        assert!(announcement.certificate.is_some());
        let connection = connect(&announcement, &identity).await.unwrap();
        Self { child, connection, dir }
    }

    /// Sends bytes to a method; the status of gRPC and the message that came back.
    async fn raw(&mut self, method: &str, body: Vec<u8>) -> (String, Vec<u8>) {
        let request = Request::post(format!("http://localhost{method}")).header("content-type", "application/grpc");
        let request = request.header("te", "trailers").body(Full::new(Bytes::from(body))).unwrap();
        self.connection.ready().await.unwrap();
        let (head, body) = self.connection.send_request(request).await.unwrap().into_parts();
        let Ok(collected) = body.collect().await else { return ("reset".to_owned(), Vec::new()) };
        let trailers = collected.trailers().cloned().unwrap_or_default();
        let status = trailers.get("grpc-status").or(head.headers.get("grpc-status")).cloned();
        let status = status.map_or_else(String::new, |status| status.to_str().unwrap().to_owned());
        (status, collected.to_bytes().get(5..).unwrap_or_default().to_vec())
    }

    async fn call<A: Message + Default>(&mut self, method: &str, request: impl Message) -> A {
        let message = request.encode_to_vec();
        let mut frame = vec![0];
        frame.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
        frame.extend(message);
        let (status, answer) = self.raw(&format!("/tfplugin6.Provider/{method}"), frame).await;
        assert_eq!(status, "0", "{method}");
        A::decode(answer.as_slice()).unwrap()
    }

    async fn configure(&mut self, attributes: &[(&str, Value)]) -> Vec<wire::Diagnostic> {
        let config = Some(object(&provider_schema().provider.unwrap(), attributes));
        let request = wire::configure_provider::Request { config, ..Default::default() };
        self.call::<wire::configure_provider::Response>("ConfigureProvider", request).await.diagnostics
    }

    async fn plan(&mut self, gate: &DynamicValue) -> wire::plan_resource_change::Response {
        let request = wire::plan_resource_change::Request {
            type_name: "palisade_gate".to_owned(),
            prior_state: Some(DynamicValue { msgpack: vec![0xc0], json: Vec::new() }),
            proposed_new_state: Some(gate.clone()),
            config: Some(gate.clone()),
            ..Default::default()
        };
        self.call("PlanResourceChange", request).await
    }

    async fn function(&mut self, name: &str, arguments: &[(Value, Type)]) -> wire::call_function::Response {
        let arguments = arguments.iter().map(|(value, ty)| dynamic(value, ty)).collect();
        self.call("CallFunction", wire::call_function::Request { name: name.to_owned(), arguments }).await
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn dynamic(value: &Value, ty: &Type) -> DynamicValue {
    DynamicValue { msgpack: encode(value, ty).unwrap(), json: Vec::new() }
}

fn type_of(schema: &wire::Schema) -> Type {
    Block::v6(schema.block.as_ref().unwrap()).unwrap().ty()
}

fn object(schema: &wire::Schema, attributes: &[(&str, Value)]) -> DynamicValue {
    let fields = attributes.iter().map(|(name, value)| ((*name).into(), value.clone())).collect::<Fields>();
    dynamic(&Value::object(fields), &type_of(schema))
}

fn gate_schema() -> wire::Schema {
    provider_schema().resource_schemas.remove("palisade_gate").unwrap()
}

fn unknown() -> Value {
    Value::unknown(Type::String, Reason::NotInPlan("test".into(), "".into()))
}

/// A rule that lets a range in to administer.
fn rule(range: Value) -> Value {
    Value::object(Fields::from([
        ("type".into(), "ingress".into()),
        ("protocol".into(), "tcp".into()),
        ("from_port".into(), 22.into()),
        ("to_port".into(), 22.into()),
        ("cidr_blocks".into(), Value::tuple([range])),
    ]))
}

fn gate(range: Value) -> DynamicValue {
    let subject = Value::object(Fields::from([
        ("type".into(), "aws_security_group_rule".into()),
        ("name".into(), "ssh".into()),
        ("config".into(), rule(range)),
    ]));
    object(&gate_schema(), &[("name", "network".into()), ("subject", Value::tuple([subject]))])
}

fn state(response: &DynamicValue) -> Fields {
    decode(&response.msgpack, &type_of(&gate_schema()), "state").unwrap().as_fields().unwrap().clone()
}

fn steps(diagnostic: &wire::Diagnostic) -> Vec<String> {
    use wire::attribute_path::step::Selector;
    let step = |step: &wire::attribute_path::Step| match step.selector.clone().unwrap() {
        Selector::AttributeName(name) => name,
        Selector::ElementKeyString(key) => format!("{key:?}"),
        Selector::ElementKeyInt(index) => index.to_string(),
    };
    diagnostic.attribute.as_ref().unwrap().steps.iter().map(step).collect()
}

#[tokio::test]
async fn a_gate_is_planned_and_applied() {
    let mut provider = Provider::start().await;
    assert_eq!(provider.configure(&[]).await, []);
    let refused = provider.plan(&gate("0.0.0.0/0".into())).await;
    let diagnostic = refused.diagnostics.first().unwrap();
    assert_eq!(diagnostic.severity(), Severity::Error);
    assert!(diagnostic.summary.starts_with("net/no-open-admin-ports: "), "{}", diagnostic.summary);
    assert_eq!(steps(diagnostic), ["subject", "0", "config", "\"cidr_blocks\""]);

    let later = provider.plan(&gate(unknown())).await;
    assert_eq!(later.diagnostics, []);
    let planned = state(later.planned_state.as_ref().unwrap());
    assert!(planned.get("record").unwrap().is_unknown() && !planned.get("policy_digest").unwrap().is_unknown());

    let mut apply = wire::apply_resource_change::Request {
        type_name: "palisade_gate".to_owned(),
        planned_state: later.planned_state,
        config: Some(gate("0.0.0.0/0".into())),
        prior_state: Some(DynamicValue { msgpack: vec![0xc0], json: Vec::new() }),
        ..Default::default()
    };
    let refused: wire::apply_resource_change::Response = provider.call("ApplyResourceChange", apply.clone()).await;
    assert_eq!(refused.new_state, apply.prior_state);
    assert_eq!(refused.diagnostics.first().unwrap().severity(), Severity::Error);

    apply.config = Some(gate("10.0.0.0/8".into()));
    apply.planned_state = provider.plan(&gate("10.0.0.0/8".into())).await.planned_state;
    let applied: wire::apply_resource_change::Response = provider.call("ApplyResourceChange", apply.clone()).await;
    assert_eq!(applied.diagnostics, []);
    assert_eq!(applied.new_state, apply.planned_state, "what was planned is what is");
    let made = state(applied.new_state.as_ref().unwrap());
    assert_eq!(made.get("verdict").unwrap().as_str(), Some("pass"));
    assert_eq!(made.get("id").unwrap().as_str(), Some("network"));
}

#[tokio::test]
async fn a_provider_that_is_not_configured_judges_nothing() {
    let mut provider = Provider::start().await;
    let refused = provider.plan(&gate("10.0.0.0/8".into())).await;
    assert_eq!(refused.diagnostics.first().unwrap().summary, "The provider is not configured");
}

#[tokio::test]
async fn wrong_configuration_is_refused_with_its_attribute() {
    let mut provider = Provider::start().await;
    let diagnostics = provider.configure(&[("mode", "enforced".into())]).await;
    assert_eq!(steps(diagnostics.first().unwrap()), ["mode"]);
    let diagnostics = provider.configure(&[("environment", unknown())]).await;
    assert_eq!(steps(diagnostics.first().unwrap()), ["environment"]);
    let diagnostics = provider.configure(&[("config", "nowhere.hcl".into())]).await;
    assert!(diagnostics.first().unwrap().detail.contains("nowhere.hcl"));
    std::fs::write(provider.dir.path().join("palisade.hcl"), "palisade {\n  fail_onn = \"low\"\n}\n").unwrap();
    let diagnostics = provider.configure(&[]).await;
    assert!(diagnostics.first().unwrap().detail.contains("palisade.hcl:2"), "{diagnostics:?}");
}

#[tokio::test]
async fn functions_need_no_configuration() {
    let mut provider = Provider::start().await;
    let arguments = |range: Value| [("aws_security_group_rule".into(), Type::String), (rule(range), Type::Any)];
    let answer = provider.function("compliant", &arguments("0.0.0.0/0".into())).await;
    assert_eq!(answer.result.unwrap().msgpack, [0xc2]);
    let answer = provider.function("compliant", &arguments(unknown())).await;
    assert_eq!(answer.result.unwrap().msgpack, [0xd4, 0, 0]);
    let answer = provider.function("violations", &arguments("10.0.0.0/8".into())).await;
    assert_eq!(answer.result.unwrap().msgpack, [0x90]);
    let ranges = [("ten".into(), Type::String), ("10.0.0.0/8".into(), Type::String)];
    let refused = provider.function("cidr_overlaps", &ranges).await.error.unwrap();
    assert_eq!(refused.function_argument, Some(0));
    let refused = provider.function("nothing", &[]).await.error.unwrap();
    assert_eq!(refused.function_argument, None);
}

#[tokio::test]
async fn gates_are_imported_upgraded_and_destroyed() {
    let mut provider = Provider::start().await;
    let request = wire::import_resource_state::Request {
        type_name: "palisade_gate".to_owned(),
        id: "network".to_owned(),
        ..Default::default()
    };
    let imported: wire::import_resource_state::Response = provider.call("ImportResourceState", request).await;
    let made = state(imported.imported_resources.first().unwrap().state.as_ref().unwrap());
    assert_eq!(made.get("name").unwrap().as_str(), Some("network"));

    let kept = br#"{"environment":null,"id":"n","name":"n","policy_digest":"d","record":[],"verdict":"pass",
        "subject":{"value":[],"type":["tuple",[]]}}"#;
    let mut request = wire::upgrade_resource_state::Request {
        type_name: "palisade_gate".to_owned(),
        version: 0,
        raw_state: Some(wire::RawState { json: kept.to_vec(), ..Default::default() }),
    };
    let upgraded: wire::upgrade_resource_state::Response = provider.call("UpgradeResourceState", request.clone()).await;
    assert_eq!(state(&upgraded.upgraded_state.unwrap()).get("verdict").unwrap().as_str(), Some("pass"));
    request.version = 1;
    let refused: wire::upgrade_resource_state::Response = provider.call("UpgradeResourceState", request).await;
    assert!(refused.diagnostics.first().unwrap().summary.contains("later version"));

    assert_eq!(provider.configure(&[]).await, []);
    let nil = DynamicValue { msgpack: vec![0xc0], json: Vec::new() };
    let request = wire::apply_resource_change::Request {
        type_name: "palisade_gate".to_owned(),
        prior_state: Some(gate("0.0.0.0/0".into())),
        planned_state: Some(nil.clone()),
        config: Some(nil.clone()),
        ..Default::default()
    };
    let destroyed: wire::apply_resource_change::Response = provider.call("ApplyResourceChange", request).await;
    assert_eq!((destroyed.new_state, destroyed.diagnostics), (Some(nil), vec![]));
}

#[tokio::test]
async fn messages_that_nobody_should_send_are_refused_and_the_next_one_is_answered() {
    let mut provider = Provider::start().await;
    let method = "/tfplugin6.Provider/PlanResourceChange";
    let refused = "a status that is not 0";
    for (what, frame) in [
        ("a frame that ends early", vec![0, 0, 0, 0, 9, 1]),
        ("a frame of four gigabytes", vec![0, 255, 255, 255, 255]),
        ("a compressed frame", vec![1, 0, 0, 0, 0]),
        ("an unknown flag", vec![7, 0, 0, 0, 0]),
        ("no message of protobuf", vec![0, 0, 0, 0, 2, 0x0a, 0xff]),
        ("nothing", vec![]),
    ] {
        let (status, _) = provider.raw(method, frame).await;
        assert_ne!(status, "0", "{what}: {refused}");
    }
    let (status, _) = provider.raw("/tfplugin6.Provider/MoveResourceState", vec![0; 5]).await;
    assert_eq!(status, "12", "what is not served is said not to be");
    assert_eq!(provider.configure(&[]).await, []);
    for msgpack in [vec![], vec![0x91; 10_000], vec![0xdf, 255, 255, 255, 255], vec![0xc0, 0xc0]] {
        let hostile = DynamicValue { msgpack, json: Vec::new() };
        let answer = provider.plan(&hostile).await;
        let is_nothing = hostile.msgpack.is_empty();
        assert!(is_nothing || answer.diagnostics.first().unwrap().severity() == Severity::Error);
    }
    assert_eq!(provider.plan(&gate("10.0.0.0/8".into())).await.diagnostics, []);
}

#[test]
fn outside_of_terraform_it_says_what_it_is_for() {
    let output = Command::new(BINARY).env_remove(COOKIE_NAME).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("install"));
    assert!(output.stdout.is_empty());
}

#[test]
fn what_terraform_asks_for_wrongly_is_refused_before_anything_is_served() {
    let dir = tempfile::tempdir().unwrap();
    let identity = Identity::new().unwrap();
    for (variable, value) in [(VERSIONS, "4"), (CLIENT_CERTIFICATE, "no certificate")] {
        let output = command(dir.path(), &identity).env(variable, value).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains("\"@level\":\"error\""));
    }
}
