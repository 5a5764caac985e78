# What an attribute of an aws resource means when it is not written: the provider's default, or the service's.
# `source` says where that is documented; `since` and `until` are major versions of the provider; `unknown` means
# that something outside the configuration decides. A test checks every path against the provider's schema.

default "aws_lb_listener" {
  attribute = "protocol"
  value     = "HTTP"
  source    = "service documentation: a listener of an application load balancer"
}

default "aws_lb_listener" {
  attribute = "ssl_policy"
  value     = "ELBSecurityPolicy-2016-08"
  source    = "provider documentation"
}

default "aws_lb_listener" {
  attribute = "default_action.redirect.protocol"
  value     = "#{protocol}"
  source    = "provider documentation"
}

default "aws_lb_listener_rule" {
  attribute = "action.redirect.protocol"
  value     = "#{protocol}"
  source    = "provider documentation"
}

default "aws_lb_listener" {
  attribute = "default_action.authenticate_oidc.session_timeout"
  value     = 604800
  source    = "provider documentation"
}

default "aws_lb_listener" {
  attribute = "default_action.authenticate_cognito.session_timeout"
  value     = 604800
  source    = "provider documentation"
}

default "aws_lb_listener_rule" {
  attribute = "action.authenticate_oidc.session_timeout"
  value     = 604800
  source    = "provider documentation"
}

default "aws_lb_listener_rule" {
  attribute = "action.authenticate_cognito.session_timeout"
  value     = 604800
  source    = "provider documentation"
}

default "aws_lb" {
  attribute = "internal"
  value     = false
  source    = "provider documentation"
}

default "aws_lb" {
  attribute = "load_balancer_type"
  value     = "application"
  source    = "provider documentation"
}

default "aws_lb" "aws_elb" {
  attribute = "idle_timeout"
  value     = 60
  source    = "provider documentation"
}

default "aws_lb" {
  attribute = "drop_invalid_header_fields"
  value     = false
  source    = "provider documentation"
}

default "aws_lb" {
  attribute = "enable_deletion_protection"
  value     = false
  source    = "provider documentation"
}

default "aws_lb" {
  attribute = "access_logs.enabled"
  value     = false
  source    = "provider documentation"
}

default "aws_lb" {
  attribute = "connection_logs.enabled"
  value     = false
  source    = "provider documentation"
}

default "aws_elb" {
  attribute = "access_logs.enabled"
  value     = true
  source    = "provider documentation"
}

default "aws_elb" {
  attribute = "internal"
  value     = false
  source    = "provider documentation"
}

default "aws_cloudfront_distribution" {
  attribute = "viewer_certificate.minimum_protocol_version"
  value     = "TLSv1"
  source    = "provider documentation"
}

default "aws_cloudfront_distribution" {
  attribute = "viewer_certificate.cloudfront_default_certificate"
  value     = false
  source    = "provider documentation"
}

default "aws_api_gateway_domain_name" {
  attribute = "security_policy"
  value     = "TLS_1_2"
  source    = "service documentation: default security policies of custom domain names"
}

default "aws_opensearch_domain" "aws_elasticsearch_domain" {
  attribute = "domain_endpoint_options.enforce_https"
  value     = true
  source    = "provider documentation"
}

default "aws_opensearch_domain" "aws_elasticsearch_domain" {
  attribute = "domain_endpoint_options.tls_security_policy"
  unknown   = true
  source    = "provider documentation"
}

default "aws_elasticache_replication_group" {
  attribute = "engine"
  value     = "redis"
  source    = "provider documentation"
}

default "aws_memorydb_cluster" {
  attribute = "tls_enabled"
  value     = true
  source    = "provider documentation"
}

default "aws_dax_cluster" {
  attribute = "cluster_endpoint_encryption_type"
  value     = "NONE"
  source    = "provider documentation"
}

default "aws_msk_cluster" {
  attribute = "encryption_info.encryption_in_transit.client_broker"
  value     = "TLS"
  source    = "provider documentation"
}

default "aws_msk_cluster" {
  attribute = "encryption_info.encryption_in_transit.in_cluster"
  value     = true
  source    = "provider documentation"
}

default "aws_efs_file_system" {
  attribute = "encrypted"
  value     = false
  source    = "provider documentation"
}

default "aws_ebs_volume" {
  attribute = "encrypted"
  unknown   = true
  source    = "the account's default for EBS encryption decides"
}

default "aws_ecs_task_definition" {
  attribute = "volume.efs_volume_configuration.transit_encryption"
  value     = "DISABLED"
  source    = "provider documentation"
}

default "aws_transfer_server" {
  attribute = "security_policy_name"
  value     = "TransferSecurityPolicy-2018-11"
  source    = "provider documentation"
}

default "aws_transfer_server" {
  attribute = "protocols"
  value     = ["SFTP"]
  source    = "provider documentation"
}

default "aws_ses_configuration_set" {
  attribute = "delivery_options.tls_policy"
  value     = "Optional"
  source    = "provider documentation"
}

default "aws_sesv2_configuration_set" {
  attribute = "delivery_options.tls_policy"
  value     = "OPTIONAL"
  source    = "provider documentation"
}

default "aws_dms_endpoint" {
  attribute = "ssl_mode"
  value     = "none"
  source    = "provider documentation"
}

default "aws_db_instance" {
  attribute = "backup_retention_period"
  value     = 0
  source    = "provider documentation"
}

default "aws_rds_cluster" "aws_docdb_cluster" "aws_neptune_cluster" {
  attribute = "backup_retention_period"
  value     = 1
  source    = "provider documentation"
}

default "aws_redshift_cluster" {
  attribute = "automated_snapshot_retention_period"
  value     = 1
  source    = "provider documentation"
}

default "aws_db_instance" {
  attribute = "publicly_accessible"
  value     = false
  source    = "provider documentation"
}

default "aws_db_instance" "aws_rds_cluster_instance" {
  attribute = "auto_minor_version_upgrade"
  value     = true
  source    = "provider documentation"
}

default "aws_db_instance" {
  attribute = "storage_encrypted"
  value     = false
  source    = "provider documentation"
}

default "aws_db_instance" {
  attribute = "multi_az"
  value     = false
  source    = "provider documentation"
}

default "aws_db_instance" "aws_rds_cluster" {
  attribute = "deletion_protection"
  value     = false
  source    = "provider documentation"
}

default "aws_db_instance" "aws_rds_cluster" {
  attribute = "iam_database_authentication_enabled"
  value     = false
  source    = "provider documentation"
}

default "aws_rds_cluster_instance" {
  attribute = "publicly_accessible"
  value     = false
  source    = "provider documentation"
}

default "aws_redshift_cluster" {
  attribute = "publicly_accessible"
  value     = false
  since     = 6
  source    = "provider documentation"
}

default "aws_redshift_cluster" {
  attribute = "publicly_accessible"
  value     = true
  until     = 5
  source    = "provider documentation"
}

default "aws_redshift_cluster" {
  attribute = "encrypted"
  value     = true
  since     = 6
  source    = "provider documentation"
}

default "aws_redshift_cluster" {
  attribute = "encrypted"
  value     = false
  until     = 5
  source    = "provider documentation"
}

default "aws_neptune_cluster" "aws_docdb_cluster" {
  attribute = "storage_encrypted"
  value     = false
  source    = "provider documentation"
}

default "aws_kinesis_stream" {
  attribute = "encryption_type"
  value     = "NONE"
  source    = "provider documentation"
}

default "aws_kinesis_stream" {
  attribute = "retention_period"
  value     = 24
  source    = "provider documentation"
}

default "aws_cloudtrail" {
  attribute = "is_multi_region_trail"
  value     = false
  source    = "provider documentation"
}

default "aws_cloudtrail" {
  attribute = "enable_log_file_validation"
  value     = false
  source    = "provider documentation"
}

default "aws_cloudtrail" {
  attribute = "include_global_service_events"
  value     = true
  source    = "provider documentation"
}

default "aws_cloudtrail" {
  attribute = "enable_logging"
  value     = true
  source    = "provider documentation"
}

default "aws_cloudtrail" {
  attribute = "is_organization_trail"
  value     = false
  source    = "provider documentation"
}

default "aws_flow_log" {
  attribute = "max_aggregation_interval"
  value     = 600
  source    = "provider documentation"
}

default "aws_flow_log" {
  attribute = "log_destination_type"
  value     = "cloud-watch-logs"
  source    = "provider documentation"
}

default "aws_cloudwatch_log_group" {
  attribute = "retention_in_days"
  value     = 0
  source    = "provider documentation: 0 never expires"
}

default "aws_kms_key" {
  attribute = "enable_key_rotation"
  value     = false
  source    = "provider documentation"
}

default "aws_kms_key" {
  attribute = "deletion_window_in_days"
  value     = 30
  source    = "provider documentation"
}

default "aws_kms_key" {
  attribute = "is_enabled"
  value     = true
  source    = "provider documentation"
}

default "aws_subnet" {
  attribute = "map_public_ip_on_launch"
  value     = false
  source    = "provider documentation"
}

default "aws_instance" {
  attribute = "source_dest_check"
  value     = true
  source    = "provider documentation"
}

default "aws_instance" {
  attribute = "monitoring"
  value     = false
  source    = "provider documentation"
}

default "aws_instance" "aws_launch_template" {
  attribute = "metadata_options.http_endpoint"
  value     = "enabled"
  source    = "provider documentation"
}

default "aws_instance" "aws_launch_template" {
  attribute = "metadata_options.http_tokens"
  unknown   = true
  source    = "the image or the account decides"
}

default "aws_ec2_transit_gateway" {
  attribute = "default_route_table_association"
  value     = "enable"
  source    = "provider documentation"
}

default "aws_ec2_transit_gateway" {
  attribute = "default_route_table_propagation"
  value     = "enable"
  source    = "provider documentation"
}

default "aws_ec2_transit_gateway" {
  attribute = "auto_accept_shared_attachments"
  value     = "disable"
  source    = "provider documentation"
}

default "aws_ec2_transit_gateway_vpc_attachment" {
  attribute = "transit_gateway_default_route_table_association"
  value     = true
  source    = "provider documentation"
}

default "aws_ec2_transit_gateway_vpc_attachment" {
  attribute = "transit_gateway_default_route_table_propagation"
  value     = true
  source    = "provider documentation"
}

default "aws_ec2_client_vpn_endpoint" {
  attribute = "session_timeout_hours"
  value     = 24
  source    = "provider documentation"
}

default "aws_ec2_client_vpn_endpoint" {
  attribute = "disconnect_on_session_timeout"
  value     = false
  source    = "provider documentation"
}

default "aws_ec2_client_vpn_endpoint" {
  attribute = "split_tunnel"
  value     = false
  source    = "provider documentation"
}

default "aws_eks_cluster" {
  attribute = "vpc_config.endpoint_public_access"
  value     = true
  source    = "provider documentation"
}

default "aws_eks_cluster" {
  attribute = "vpc_config.endpoint_private_access"
  value     = false
  source    = "provider documentation"
}

default "aws_eks_cluster" {
  attribute = "vpc_config.public_access_cidrs"
  value     = ["0.0.0.0/0"]
  source    = "provider documentation"
}

default "aws_eks_cluster" {
  attribute = "enabled_cluster_log_types"
  value     = []
  source    = "provider documentation"
}

default "aws_iam_account_password_policy" {
  attribute = "minimum_password_length"
  value     = 6
  source    = "provider documentation"
}

default "aws_iam_account_password_policy" {
  attribute = "max_password_age"
  value     = 0
  source    = "provider documentation"
}

default "aws_iam_account_password_policy" {
  attribute = "password_reuse_prevention"
  value     = 0
  source    = "provider documentation"
}

default "aws_iam_account_password_policy" {
  attribute = "allow_users_to_change_password"
  value     = true
  source    = "provider documentation"
}

default "aws_ssoadmin_permission_set" {
  attribute = "session_duration"
  value     = "PT1H"
  source    = "provider documentation"
}

default "aws_iam_role" {
  attribute = "max_session_duration"
  value     = 3600
  source    = "provider documentation"
}

default "aws_security_group_rule" {
  attribute = "self"
  value     = false
  source    = "provider documentation"
}

default "aws_network_acl_rule" {
  attribute = "egress"
  value     = false
  source    = "provider documentation"
}

default "aws_s3_bucket_public_access_block" {
  attribute = "block_public_acls"
  value     = false
  source    = "provider documentation"
}

default "aws_s3_bucket_public_access_block" {
  attribute = "block_public_policy"
  value     = false
  source    = "provider documentation"
}

default "aws_s3_bucket_public_access_block" {
  attribute = "ignore_public_acls"
  value     = false
  source    = "provider documentation"
}

default "aws_s3_bucket_public_access_block" {
  attribute = "restrict_public_buckets"
  value     = false
  source    = "provider documentation"
}

default "aws_s3_bucket" {
  attribute = "force_destroy"
  value     = false
  source    = "provider documentation"
}

default "aws_s3_bucket" {
  attribute = "object_lock_enabled"
  value     = false
  source    = "provider documentation"
}

default "aws_sqs_queue" {
  attribute = "sqs_managed_sse_enabled"
  unknown   = true
  source    = "provider documentation"
}

default "aws_ecr_repository" {
  attribute = "image_tag_mutability"
  value     = "MUTABLE"
  source    = "provider documentation"
}

default "aws_ecr_repository" {
  attribute = "encryption_configuration.encryption_type"
  value     = "AES256"
  source    = "provider documentation"
}

default "aws_dynamodb_table" {
  attribute = "point_in_time_recovery.enabled"
  value     = false
  source    = "provider documentation"
}

default "aws_dynamodb_table" {
  attribute = "deletion_protection_enabled"
  value     = false
  source    = "provider documentation"
}

default "aws_backup_vault" {
  attribute = "force_destroy"
  value     = false
  source    = "provider documentation"
}

default "aws_guardduty_detector" {
  attribute = "enable"
  value     = true
  source    = "provider documentation"
}

default "aws_config_configuration_recorder" {
  attribute = "recording_group.all_supported"
  value     = true
  source    = "provider documentation"
}

default "aws_config_configuration_recorder" {
  attribute = "recording_group.include_global_resource_types"
  value     = false
  source    = "provider documentation"
}

default "aws_vpc" {
  attribute = "enable_dns_support"
  value     = true
  source    = "provider documentation"
}

default "aws_vpc" {
  attribute = "enable_dns_hostnames"
  value     = false
  source    = "provider documentation"
}

default "aws_vpc_endpoint" {
  attribute = "vpc_endpoint_type"
  value     = "Gateway"
  source    = "provider documentation"
}

default "aws_networkfirewall_firewall" {
  attribute = "delete_protection"
  value     = false
  source    = "provider documentation"
}

default "aws_api_gateway_method_settings" {
  attribute = "settings.logging_level"
  unknown   = true
  source    = "provider documentation"
}

default "aws_api_gateway_stage" {
  attribute = "xray_tracing_enabled"
  value     = false
  source    = "provider documentation"
}

default "aws_cognito_user_pool" {
  attribute = "mfa_configuration"
  value     = "OFF"
  source    = "provider documentation"
}

default "aws_cognito_user_pool" {
  attribute = "password_policy.minimum_length"
  value     = 8
  source    = "provider documentation"
}

default "aws_mq_broker" {
  attribute = "publicly_accessible"
  value     = false
  source    = "provider documentation"
}

default "aws_dms_replication_instance" {
  attribute = "publicly_accessible"
  value     = false
  source    = "provider documentation"
}
