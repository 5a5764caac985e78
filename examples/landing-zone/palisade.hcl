palisade {
  fail_on = "medium"
}

environment "dev" {
  paths    = ["envs/dev/**"]
  accounts = ["111111111111"]
  cidrs    = ["10.10.0.0/16"]
}

environment "test" {
  paths    = ["envs/test/**"]
  accounts = ["222222222222"]
  cidrs    = ["10.20.0.0/16"]
}

environment "prod" {
  paths    = ["envs/prod/**"]
  accounts = ["333333333333"]
  cidrs    = ["10.30.0.0/16"]
}

# The clock of the hypervisors, and the two servers that the company keeps.
time {
  sources = ["169.254.169.123", "10.0.0.10", "10.0.0.11"]
}

rule "log/retention" {
  params = { min_days = 400 }
}
