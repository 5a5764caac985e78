# What the TLS policies of load balancers, networks for content and gateways stand for: the oldest version of TLS they
# take, and what among their ciphers is given up (left out where that was not looked up). `read` is the day on which the
# source was last looked at.
# Add new policies here, not in rules. A test checks that names are used once and versions are versions.

service "elb" {
  about  = "Elastic Load Balancing: application and network load balancers"
  source = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"
  read   = "2026-11-22"

  policy "ELBSecurityPolicy-2015-05" {
    min_version = "1.0"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-2016-08" {
    min_version = "1.0"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS-1-0-2015-04" {
    min_version = "1.0"
    weak        = ["RSA key exchange", "CBC with SHA-1", "3DES"]
  }

  policy "ELBSecurityPolicy-TLS-1-1-2017-01" {
    min_version = "1.1"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS-1-2-2017-01" {
    min_version = "1.2"
    weak        = ["RSA key exchange"]
  }

  policy "ELBSecurityPolicy-TLS-1-2-Ext-2018-06" {
    min_version = "1.2"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-FS-2018-06" {
    min_version = "1.0"
    weak        = ["CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-FS-1-1-2019-08" {
    min_version = "1.1"
    weak        = ["CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-FS-1-2-2019-08" {
    min_version = "1.2"
    weak        = ["CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-FS-1-2-Res-2019-08" {
    min_version = "1.2"
    weak        = []
  }

  policy "ELBSecurityPolicy-FS-1-2-Res-2020-10" {
    min_version = "1.2"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-0-2021-06" {
    min_version = "1.0"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-1-2021-06" {
    min_version = "1.1"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-2-2021-06" {
    min_version = "1.2"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" {
    min_version = "1.2"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06" {
    min_version = "1.2"
    weak        = ["RSA key exchange"]
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06" {
    min_version = "1.2"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-3-2021-06" {
    min_version = "1.3"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04" {
    min_version = "1.0"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04" {
    min_version = "1.1"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04" {
    min_version = "1.2"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04" {
    min_version = "1.2"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04" {
    min_version = "1.2"
    weak        = ["CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04" {
    min_version = "1.2"
    weak        = ["RSA key exchange"]
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04" {
    min_version = "1.2"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04" {
    min_version = "1.3"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09" {
    min_version = "1.0"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-2-FIPS-PQ-2025-09" {
    min_version = "1.2"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09" {
    min_version = "1.2"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-PQ-2025-09" {
    min_version = "1.2"
    weak        = ["CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-PQ-2025-09" {
    min_version = "1.2"
    weak        = ["RSA key exchange"]
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-PQ-2025-09" {
    min_version = "1.2"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09" {
    min_version = "1.3"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09" {
    min_version = "1.0"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09" {
    min_version = "1.2"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" {
    min_version = "1.2"
    weak        = []
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Ext1-PQ-2025-09" {
    min_version = "1.2"
    weak        = ["RSA key exchange"]
  }

  policy "ELBSecurityPolicy-TLS13-1-2-Ext2-PQ-2025-09" {
    min_version = "1.2"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09" {
    min_version = "1.3"
    weak        = []
  }
}

service "classic-elb" {
  about  = "Elastic Load Balancing: policies that only classic load balancers have"
  source = "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html"
  read   = "2026-11-22"

  policy "ELBSecurityPolicy-2011-08" {
    min_version = "1.0"
  }

  policy "ELBSecurityPolicy-2014-01" {
    min_version = "1.0"
  }

  policy "ELBSecurityPolicy-2014-10" {
    min_version = "1.0"
  }

  policy "ELBSecurityPolicy-2015-02" {
    min_version = "1.0"
  }

  policy "ELBSecurityPolicy-2015-03" {
    min_version = "1.0"
  }
}

service "cloudfront" {
  about  = "CloudFront towards viewers"
  source = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html"
  read   = "2026-11-22"

  policy "SSLv3" {
    min_version = "SSLv3"
    weak        = ["RSA key exchange", "CBC with SHA-1", "3DES", "RC4"]
  }

  policy "TLSv1" {
    min_version = "1.0"
    weak        = ["RSA key exchange", "CBC with SHA-1", "3DES"]
  }

  policy "TLSv1_2016" {
    min_version = "1.0"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "TLSv1.1_2016" {
    min_version = "1.1"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "TLSv1.2_2018" {
    min_version = "1.2"
    weak        = ["RSA key exchange"]
  }

  policy "TLSv1.2_2019" {
    min_version = "1.2"
    weak        = []
  }

  policy "TLSv1.2_2021" {
    min_version = "1.2"
    weak        = []
  }

  policy "TLSv1.2_2025" {
    min_version = "1.2"
    weak        = []
  }

  policy "TLSv1.3_2025" {
    min_version = "1.3"
    weak        = []
  }
}

service "api-gateway" {
  about  = "API Gateway: REST APIs and custom domain names"
  source = "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html"
  read   = "2026-11-22"

  policy "TLS_1_0" {
    min_version = "1.0"
  }

  policy "TLS_1_2" {
    min_version = "1.2"
  }

  policy "SecurityPolicy_TLS12_2018_EDGE" {
    min_version = "1.2"
  }

  policy "SecurityPolicy_TLS12_PFS_2025_EDGE" {
    min_version = "1.2"
  }

  policy "SecurityPolicy_TLS13_1_2_2021_06" {
    min_version = "1.2"
  }

  policy "SecurityPolicy_TLS13_1_2_PQ_2025_09" {
    min_version = "1.2"
  }

  policy "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09" {
    min_version = "1.2"
  }

  policy "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09" {
    min_version = "1.2"
  }

  policy "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09" {
    min_version = "1.2"
  }

  policy "SecurityPolicy_TLS13_1_3_2025_09" {
    min_version = "1.3"
  }

  policy "SecurityPolicy_TLS13_1_3_FIPS_2025_09" {
    min_version = "1.3"
  }

  policy "SecurityPolicy_TLS13_2025_EDGE" {
    min_version = "1.3"
  }
}

service "search" {
  about  = "OpenSearch Service and CloudSearch"
  source = "https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html"
  read   = "2026-11-22"

  policy "Policy-Min-TLS-1-0-2019-07" {
    min_version = "1.0"
  }

  policy "Policy-Min-TLS-1-2-2019-07" {
    min_version = "1.2"
  }

  policy "Policy-Min-TLS-1-2-PFS-2023-10" {
    min_version = "1.2"
  }

  policy "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08" {
    min_version = "1.2"
  }
}

service "application-gateway" {
  about  = "Azure Application Gateway"
  source = "https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview"
  read   = "2026-11-22"

  policy "AppGwSslPolicy20150501" {
    min_version = "1.0"
    weak        = ["RSA key exchange", "CBC with SHA-1", "3DES"]
  }

  policy "AppGwSslPolicy20170401" {
    min_version = "1.1"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "AppGwSslPolicy20170401S" {
    min_version = "1.2"
    weak        = ["RSA key exchange", "CBC with SHA-1"]
  }

  policy "AppGwSslPolicy20220101" {
    min_version = "1.2"
    weak        = []
  }

  policy "AppGwSslPolicy20220101S" {
    min_version = "1.2"
    weak        = []
  }
}
