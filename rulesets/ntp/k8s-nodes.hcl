rule "k8s-nodes" {
  summary   = "Kubernetes nodes have no time source that can be told"
  severity  = "medium"
  standards = ["NIST AU-8", "ISO 8.17"]
  clauses   = ["MA-12"]

  params = {
    # Images and charts that keep a clock.
    clients = ["*chrony*", "*ntpd*", "*/ntp", "*/ntp:*", "*openntp*"]
  }

  # Images of the cloud keep the cloud's time unless user data say otherwise.
  check "aws_eks_node_group" {
    locals {
      templates = flatten([for use in self.launch_template : referenced(default(use.id, use.name), "aws_launch_template")])
      said      = [for template in local.templates : time_configuration(template).status]
    }
    assert {
      when          = default(self.ami_type, "") != "CUSTOM"
      condition     = accepts_cloud_time() || anytrue([for status in local.said : status == "explicit"])
      at            = default(self.ami_type, self)
      error_message = "The nodes keep the cloud's time, which is not agreed."
      help          = "Name agreed servers in the user data of a launch template."
    }
    assert {
      when          = self.ami_type == "CUSTOM" && length(local.templates) > 0
      condition     = alltrue([for template in local.templates : time_configuration(template).status == "explicit" || time_configuration(template).status == "default" && cloud_time_default(template).accepted])
      at            = self.ami_type
      error_message = "The nodes run an image of your own, whose time source is not agreed."
      help          = "Name agreed servers in the launch template's user data, or map the image in time { images = { ... } }."
    }
  }

  check "google_container_node_pool" "google_container_cluster" "azurerm_kubernetes_cluster_node_pool" "azurerm_kubernetes_cluster" {
    condition     = accepts_cloud_time()
    at            = self
    error_message = "The nodes keep the cloud's time, which is not agreed."
    help          = "Accept the cloud's time in time { accept_cloud_default = true }, or run a time client of your own on the nodes."
  }

  # Two clients on one node pull its clock to and fro.
  check "kubernetes_daemonset" "kubernetes_daemon_set_v1" {
    locals {
      clients = [
        for set in concat(resources("kubernetes_daemonset"), resources("kubernetes_daemon_set_v1")) : address(set)
        if set.provider.name == self.provider.name && anytrue([for container in set.spec[0].template[0].spec[0].container : matches_any(lower(container.image), params.clients)])
      ]
      charts = [
        for release in resources("helm_release") : address(release) if matches_any(lower(release.chart), params.clients)
      ]
    }
    when          = anytrue([for container in self.spec[0].template[0].spec[0].container : matches_any(lower(container.image), params.clients)])
    condition     = local.clients[0] == address(self) && length(local.charts) == 0
    at            = self
    error_message = "Two time clients run on the nodes: this one, and ${concat(local.charts, local.clients)[0]}."
    help          = "Keep one of them."
  }

  attributes = {
    kubernetes_daemonset     = ["spec.template.spec.container.image"]
    kubernetes_daemon_set_v1 = ["spec.template.spec.container.image"]
    helm_release             = ["chart", "name"]
  }
}
