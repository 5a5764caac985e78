# terraform test

run "closed_to_strangers" {
  command = apply

  assert {
    condition     = palisade_gate.network.verdict != "fail"
    error_message = "What is asked for by default complies."
  }
}

run "the_precondition_refuses_the_world" {
  command = plan

  plan_options {
    target = [terraform_data.also_admin]
  }

  variables {
    clients = "0.0.0.0/0"
  }

  expect_failures = [terraform_data.also_admin]
}

run "the_addresses_of_production_are_refused" {
  command = plan

  variables {
    network = "10.2.3.0/24"
  }

  expect_failures = [var.network]
}
