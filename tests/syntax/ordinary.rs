//! Made-up configuration of the usual kind, the same every time: for measuring.

/// Numbers that look random.
struct Numbers(u32);

impl Numbers {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % limit
    }

    fn one(&mut self, of: &[&'static str]) -> &'static str {
        let idx = self.below(of.len() as u32) as usize;
        of.get(idx).copied().unwrap_or("")
    }
}

/// So many files of one to two kilobytes.
pub(crate) fn files(count: u32) -> Vec<String> {
    (0..count).map(file).collect()
}

fn file(seed: u32) -> String {
    let mut numbers = Numbers(seed.wrapping_mul(2_654_435_761));
    let mut out =
        "# Copyright of somebody. Licensed under some terms.\n# SPDX-License-Identifier: Apache-2.0\n\n".to_owned();
    while out.len() < 1000 + seed as usize % 900 {
        let block = match numbers.below(7) {
            0 => variable(&mut numbers),
            1 => security_group(&mut numbers),
            2 => instance(&mut numbers),
            3 => locals(&mut numbers),
            4 => module(&mut numbers),
            5 => policy(&mut numbers),
            _ => output(&mut numbers),
        };
        out.push_str(&block);
        out.push('\n');
    }
    out
}

const NAMES: &[&str] = &["main", "this", "web", "database", "private", "public_ingress", "logs", "bastion"];

fn variable(numbers: &mut Numbers) -> String {
    let (name, kind) =
        (numbers.one(NAMES), numbers.one(&["string", "list(string)", "map(object({ cidr = string }))", "bool"]));
    let default = numbers.one(&["null", "[]", "{}", "true", "\"10.0.0.0/16\""]);
    format!(
        "variable \"{name}\" {{\n  description = \"Settings of {name}, see the documentation for what they mean.\"\n  type        = {kind}\n  default     = {default}\n}}\n"
    )
}

fn security_group(numbers: &mut Numbers) -> String {
    let (name, port) = (numbers.one(NAMES), numbers.below(65536));
    format!(
        "resource \"aws_security_group\" \"{name}\" {{\n  name        = \"${{var.name_prefix}}-{name}\"\n  description = \"Traffic of {name}\"\n  vpc_id      = aws_vpc.{name}.id\n\n  # Only from inside.\n  ingress {{\n    from_port   = {port}\n    to_port     = {port}\n    protocol    = \"tcp\"\n    cidr_blocks = [\"10.0.0.0/8\", var.extra_cidr]\n  }}\n\n  tags = merge(local.tags, {{ Name = \"{name}\" }})\n}}\n"
    )
}

fn instance(numbers: &mut Numbers) -> String {
    let (name, size) = (numbers.one(NAMES), numbers.one(&["t3.micro", "m5.large"]));
    format!(
        "resource \"aws_instance\" \"{name}\" {{\n  count                  = var.enabled ? length(var.subnets) : 0\n  ami                    = data.aws_ami.{name}.id\n  instance_type          = \"{size}\"\n  subnet_id              = element(aws_subnet.{name}[*].id, count.index)\n  vpc_security_group_ids = [aws_security_group.{name}.id]\n\n  user_data = <<-EOF\n    #!/bin/bash\n    echo \"${{var.environment}}\" > /etc/environment\n    systemctl enable --now chronyd\n  EOF\n\n  lifecycle {{\n    ignore_changes = [ami, tags[\"Updated\"]]\n  }}\n}}\n"
    )
}

fn locals(numbers: &mut Numbers) -> String {
    let name = numbers.one(NAMES);
    format!(
        "locals {{\n  {name}_enabled = var.{name} != null && length(var.{name}) > 0\n  {name}_by_zone = {{ for key, subnet in var.subnets : subnet.zone => subnet.cidr... }}\n  {name}_names   = [for subnet in values(var.subnets) : upper(subnet.name) if !subnet.public]\n}}\n"
    )
}

fn module(numbers: &mut Numbers) -> String {
    let name = numbers.one(NAMES);
    format!(
        "module \"{name}\" {{\n  source  = \"../../modules/{name}\"\n\n  project_id = var.project_id\n  region     = var.region\n  network    = try(module.vpc[0].self_link, null)\n  labels = {{\n    environment = var.environment\n    team        = \"platform\"\n    cost-center = 4711\n  }}\n}}\n"
    )
}

fn policy(numbers: &mut Numbers) -> String {
    let name = numbers.one(NAMES);
    format!(
        "data \"aws_iam_policy_document\" \"{name}\" {{\n  statement {{\n    effect    = \"Allow\"\n    actions   = [\"s3:GetObject\", \"s3:ListBucket\"]\n    resources = [\"arn:aws:s3:::${{aws_s3_bucket.{name}.id}}/*\"]\n\n    condition {{\n      test     = \"StringEquals\"\n      variable = \"aws:SourceVpce\"\n      values   = [aws_vpc_endpoint.{name}.id]\n    }}\n  }}\n}}\n"
    )
}

fn output(numbers: &mut Numbers) -> String {
    let name = numbers.one(NAMES);
    format!(
        "output \"{name}_id\" {{\n  description = \"The id of {name}\"\n  value       = try(aws_instance.{name}[0].id, \"\")\n  sensitive   = false\n}}\n"
    )
}
