output "vpc_id" {
  value = aws_vpc.this.id
}

output "subnet_ids" {
  description = "Ids of the subnets by tier"
  value       = { for tier in local.tiers : tier => [for key, subnet in local.subnets : aws_subnet.this[key].id if subnet.tier == tier] }
}
