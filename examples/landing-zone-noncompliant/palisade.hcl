environment "dev" {
  paths    = ["envs/dev/**"]
  accounts = ["111111111111"]
}

environment "test" {
  paths    = ["envs/test/**"]
  accounts = ["222222222222"]
}

environment "prod" {
  paths    = ["envs/prod/**"]
  accounts = ["333333333333"]
}

# Only the two servers that the company keeps; the clock of the hypervisors is not among them.
time {
  sources              = ["10.0.0.10", "10.0.0.11"]
  accept_cloud_default = false
}
