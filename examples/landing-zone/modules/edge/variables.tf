variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "log_bucket" {
  type = string
}

variable "certificate_arn" {
  type = string
}

variable "waf_log_group" {
  description = "ARN of the log group for the web firewall"
  type        = string
}
