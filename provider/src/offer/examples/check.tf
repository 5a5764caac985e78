data "palisade_check" "network" {
  path = "${path.module}/../network"
  mode = "advise"
}

output "findings" {
  value = [for finding in data.palisade_check.network.findings : "${finding.rule} ${finding.address}"]
}
