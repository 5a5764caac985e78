terraform {
  backend "local" {
    path = "state/terraform.tfstate"
  }
}

variable "secret" {
  type      = string
  sensitive = true
  default   = "s3cret"
}

resource "terraform_data" "kept" {
  input = { name = "kept", secret = var.secret, list = [1, "two", null, 9007199254740993] }
}

resource "terraform_data" "new_name" {
  input = "moved"
}

resource "terraform_data" "gone" {
  count = 1
  input = "gone-${count.index}"
}

removed {
  from = terraform_data.forgotten
  lifecycle {
    destroy = false
  }
}

moved {
  from = terraform_data.old_name
  to   = terraform_data.new_name
}

resource "terraform_data" "changed" {
  input = "after"
}

resource "terraform_data" "replaced" {
  input            = "same"
  triggers_replace = "two"
}

resource "terraform_data" "each" {
  for_each = { "a.b" = 1, "c\"d" = 2 }
  input    = each.value
}

resource "terraform_data" "fresh" {
  input = { id = terraform_data.kept.id, later = terraform_data.changed.output }
}
