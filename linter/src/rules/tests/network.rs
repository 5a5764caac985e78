//! The functions for addresses and packet filters, in conditions.

use super::check;

/// The verdicts of a condition on the security group of a small configuration.
fn verdicts(condition: &str, inner: &str) -> Vec<String> {
    let body = format!("condition = {condition}\nerror_message = \"no\"");
    let config =
        format!("variable \"cidr\" {{ type = string }}\nresource \"aws_security_group\" \"s\" {{\n{inner}\n}}\n");
    let lines = check("aws_security_group", &body, &config).lines();
    lines.iter().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[track_caller]
fn holds(condition: &str, inner: &str) {
    assert_eq!(verdicts(condition, inner), Vec::<String>::new(), "{condition}");
    assert_eq!(verdicts(&format!("!({condition})"), inner), ["fail"], "not {condition}");
}

const SSH: &str =
    "ingress {\nfrom_port = 22\nto_port = 22\nprotocol = \"tcp\"\ncidr_blocks = [\"0.0.0.0/1\", \"128.0.0.0/1\"]\n}";
const OFFICE: &str = "ingress {\nfrom_port = 22\nto_port = 22\nprotocol = \"tcp\"\ncidr_blocks = [\"10.0.0.0/8\"]\n}";
const UNKNOWN: &str = "ingress {\nfrom_port = 22\nto_port = 22\nprotocol = \"tcp\"\ncidr_blocks = [var.cidr]\n}";
const OUT: &str =
    "egress {\nfrom_port = 123\nto_port = 123\nprotocol = \"udp\"\ncidr_blocks = [\"169.254.169.123/32\"]\n}";

#[test]
fn addresses_are_sets() {
    for condition in [
        "cidr_overlaps(\"10.0.0.0/8\", [\"192.168.0.0/16\", \"10.1.0.0/16\"])",
        "!cidr_overlaps(\"10.0.0.0/9\", \"10.128.0.0/9\")",
        "cidr_contains([\"0.0.0.0/1\", \"128.0.0.0/1\"], \"0.0.0.0/0\")",
        "!cidr_contains(\"10.0.0.0/8\", \"0.0.0.0/0\")",
        "is_public(\"8.8.8.8\") && !is_public(\"10.0.0.1\")",
        "is_world([\"0.0.0.0/1\"]) && is_world(\"::/0\") && !is_world(\"8.8.8.0/24\") && !is_world(null)",
        "address_count(\"10.0.0.1-10.0.0.9\") == 9 && address_count(\"10.0.0.0/24\") == 256",
    ] {
        holds(condition, "");
    }
    assert_eq!(verdicts("cidr_overlaps(\"10.0.0.0/8\", self.ingress[0].cidr_blocks)", UNKNOWN), ["undetermined"]);
}

#[test]
fn the_world_is_found_in_pieces() {
    holds("length(world_access(self, \"tcp/22\")) == 1", SSH);
    holds("world_access(self, [\"tcp/1-100\"])[0].services == \"tcp/22\"", SSH);
    holds("length(world_access(self, \"tcp/23\")) == 0", SSH);
    holds("length(world_access(self, \"all\")) == 0", OFFICE);
    holds("length(open_ports(self)) > 0", SSH);
    assert_eq!(verdicts("length(world_access(self, \"tcp/22\")) == 0", UNKNOWN), ["undetermined"]);
}

#[test]
fn the_world_is_found_on_the_way_out() {
    let out = "egress {\nfrom_port = 100\nto_port = 200\nprotocol = \"udp\"\ncidr_blocks = [\"0.0.0.0/0\"]\n}";
    holds("world_egress(self, \"udp/123\")[0].services == \"udp/123\"", out);
    holds("length(world_egress(self, \"udp/53\")) == 0 && length(world_access(self, \"udp/123\")) == 0", out);
    holds("length(world_egress(self, \"udp/123\")) == 0", OUT);
}

#[test]
fn filters_say_what_they_admit() {
    holds("admits(self, \"10.1.0.0/16\", \"tcp/22\") && !admits(self, \"10.1.0.0/16\", \"tcp/22-23\")", OFFICE);
    holds("!admits(self, \"11.0.0.0/8\", \"tcp/22\")", OFFICE);
    holds(
        "egress_allows(self, \"169.254.169.123\", \"udp/123\") && !egress_allows(self, \"8.8.8.8\", \"udp/123\")",
        OUT,
    );
    holds("length(ingress_sources(self)) == 1 && ingress_sources(self)[0].source == \"10.0.0.0/8\"", OFFICE);
    assert_eq!(verdicts("admits(self, \"10.1.0.0/16\", \"tcp/22\")", UNKNOWN), ["undetermined"]);
}

#[test]
fn words_of_a_text_mean_environments() {
    holds("environments_in(\"states/prod/network.tfstate\") == [\"prod\"]", "");
    holds("length(environments_in(\"dns.tfstate\")) == 0 && environments_in(\"shared/x\") == [\"shared\"]", "");
}
