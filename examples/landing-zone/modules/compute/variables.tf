variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "instance_type" {
  type = string
}

variable "size" {
  type = object({ min = number, max = number })
}

variable "image_id" {
  type = string
}

variable "edge_group_id" {
  description = "Security group of the load balancer"
  type        = string
}

variable "target_group_arns" {
  type = list(string)
}

variable "time_servers" {
  description = "Servers that chrony asks"
  type        = list(string)
}
