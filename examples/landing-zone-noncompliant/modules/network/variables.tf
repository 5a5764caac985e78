variable "name" {
  type = string
}

variable "cidr" {
  type = string
}

variable "zones" {
  type = list(string)
}

variable "time_servers" {
  description = "Addresses that DHCP hands out as time servers"
  type        = list(string)
}

variable "flow_log_group" {
  description = "ARN of the log group for flows and DNS queries"
  type        = string
}

variable "flow_log_role_arn" {
  type = string
}
