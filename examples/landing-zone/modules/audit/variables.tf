variable "name" {
  type = string
}

variable "account_id" {
  type = string
}

variable "retention_days" {
  description = "How long logs are kept"
  type        = number
  default     = 400
}
