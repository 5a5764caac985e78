variable "name" {
  type = string
}

variable "index" {
  type = number
}

variable "extra" {
  type = object({
    nested = object({
      list  = list(string)
      note  = optional(string, "default note")
      limit = optional(number)
    })
  })
}

resource "terraform_data" "one" {
  for_each = toset(var.extra.nested.list)
  input    = { key = each.key, name = var.name, note = var.extra.nested.note, limit = var.extra.nested.limit }
}

output "label" {
  value = "${var.name}-${var.index}"
}

output "size" {
  value = length(terraform_data.one)
}
