resource "terraform_data" "all" {
  count = 2
  input = { index = count.index, name = "n-${count.index}" }
}

locals {
  names = [for one in terraform_data.all : one.input.name]
  last  = element(local.names, length(local.names) - 1)
}

module "child" {
  source   = "./child"
  for_each = { for index, name in local.names : name => index }

  name  = each.key
  index = each.value
  extra = { nested = { list = [1, 2, each.value] } }
}

resource "terraform_data" "summary" {
  input = {
    last     = local.last
    joined   = join(",", local.names)
    children = { for key, child in module.child : key => child.label }
    upper    = upper(try(module.child["n-1"].label, "none"))
    sizes    = toset([for child in module.child : child.size])
    json     = jsonencode({ b = [1, "two", null], a = { c = true } })
    cidrs    = [for net in range(3) : cidrsubnet("10.0.0.0/16", 8, net)]
    format   = format("%05.2f|%s|%q", 3.14159, "x", "quoted")
    ternary  = length(local.names) > 1 ? { many = "yes" } : {}
    heredoc  = <<-EOT
      one
        two ${local.last}
      %{for name in local.names~}
      - ${name}
      %{endfor~}
    EOT
  }
}
