variable "certificate_arn" {
  description = "Certificate of the load balancer"
  type        = string
}

variable "image_id" {
  description = "Image of the application's machines"
  type        = string
}
