rule "prod-change-approval" {
  summary   = "Production can be changed by one person alone"
  severity  = "high"
  standards = ["NIST CM-3", "NIST CM-5", "NIST AC-5", "ISO 5.3", "ISO 8.32", "PCI 6.5.1", "PCI 6.5.4"]
  clauses   = ["MA-PS-2", "MA-2.6", "MA-3"]

  params = {
    main_branches = ["main", "master", "prod", "production", "release*", "refs/heads/main"]
  }

  check "github_repository_environment" {
    when = environments_in(self.environment) == ["prod"]
    assert {
      condition     = anytrue([for reviewers in default(self.reviewers, []) : length(default(reviewers.teams, [])) + length(default(reviewers.users, [])) > 0])
      at            = self.environment
      error_message = "Deployments to ${self.environment} wait for nobody's approval."
      help          = "Add a reviewers block with a team."
    }
    assert {
      when          = length(default(self.reviewers, [])) > 0
      condition     = self.prevent_self_review == true
      at            = default(self.prevent_self_review, self.environment)
      error_message = "Who starts a deployment to ${self.environment} may approve it too."
      help          = "Set prevent_self_review = true."
    }
  }

  check "github_branch_protection" {
    when = matches_any(self.pattern, params.main_branches)
    assert {
      condition     = anytrue([for reviews in default(self.required_pull_request_reviews, []) : default(reviews.required_approving_review_count, 1) >= 1])
      at            = default(self.required_pull_request_reviews[0].required_approving_review_count, self.pattern)
      error_message = "Changes reach ${self.pattern} without a second person's approval."
      help          = "Add required_pull_request_reviews { required_approving_review_count = 1 }."
    }
    assert {
      when          = length(default(self.required_pull_request_reviews, [])) > 0
      condition     = self.enforce_admins == true
      at            = default(self.enforce_admins, self.pattern)
      error_message = "Administrators may change ${self.pattern} without approval."
      help          = "Set enforce_admins = true."
      severity      = "medium"
    }
  }

  check "gitlab_project_approval_rule" {
    condition     = self.approvals_required >= 1
    error_message = "The approval rule ${self.name} asks for no approval."
    help          = "Set approvals_required = 1 or more."
  }

  check "tfe_workspace" {
    when          = environments_in(self.name) == ["prod"] || in_environment(self, "prod")
    condition     = self.auto_apply != true
    error_message = "The workspace ${self.name} applies plans without anybody's approval."
    help          = "Set auto_apply = false."
  }

  check "azuredevops_check_approval" {
    condition     = self.requester_can_approve != true
    error_message = "Who starts a run may approve it too."
    help          = "Set requester_can_approve = false."
  }

  check "aws_codepipeline" {
    locals {
      approves = [for stage in self.stage : anytrue([for action in stage.action : action.category == "Approval"])]
      deploys  = [for stage in self.stage : anytrue([for action in stage.action : action.category == "Deploy"])]
    }
    when          = in_environment(self, "prod") && anytrue(local.deploys)
    condition     = contains(local.approves, true) && index(concat(local.approves, [true]), true) <= index(concat(local.deploys, [true]), true)
    at            = self.name
    error_message = "The pipeline deploys to production without a manual approval before it."
    help          = "Add a stage with an action of category \"Approval\" before the first deployment."
  }

  check "aws_codecommit_approval_rule_template" {
    locals {
      statements = jsondecode(self.content).Statements
    }
    condition     = alltrue([for statement in local.statements : statement.NumberOfApprovalsNeeded >= 1])
    at            = self.content
    error_message = "The rule ${self.name} asks for no approval."
    help          = "Set NumberOfApprovalsNeeded to 1 or more."
  }

  attributes = {
    github_repository_environment = ["environment", "reviewers.teams", "reviewers.users", "prevent_self_review"]
    github_branch_protection      = ["pattern", "required_pull_request_reviews.required_approving_review_count", "enforce_admins"]
    gitlab_project_approval_rule  = ["name", "approvals_required"]
    tfe_workspace                 = ["name", "auto_apply"]
    azuredevops_check_approval    = ["requester_can_approve", "approvers"]
  }
}
