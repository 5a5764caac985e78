variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "instance_class" {
  type = string
}

variable "client_groups" {
  description = "Security groups that may use database and cache, by name"
  type        = map(string)
}
