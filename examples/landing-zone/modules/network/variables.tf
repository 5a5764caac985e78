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

variable "blocked_domains" {
  type        = list(string)
  description = "Names that get no answer: remote control that nobody approved."
  default = [
    "*.anydesk.com.", "*.gotomypc.com.", "*.logmein.com.", "*.ngrok.com.", "*.rustdesk.com.", "*.splashtop.com.",
    "*.teamviewer.com.",
  ]
}
