rule "log-timestamps" {
  summary   = "Logs do not carry full UTC timestamps"
  severity  = "medium"
  standards = ["NIST AU-8(b)", "NIST AU-3", "ISO 8.15", "ISO 8.17", "PCI 10.2.2"]
  clauses   = ["MA-6.1.2"]

  params = {
    zones = ["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal", "UTC0", "+00:00"]
  }

  # Left out, the platform's default counts, which differs from release to release.
  check "iosxe_service" {
    when = self.timestamps != null || self.timestamps_log != null || self.timestamps_log_datetime != null || self.timestamps_log_uptime != null
    assert {
      condition     = self.timestamps_log_datetime == true
      at            = default(self.timestamps_log_datetime, self)
      error_message = "Log messages carry no date and time."
      help          = "Set timestamps_log_datetime = true."
    }
    assert {
      when          = self.timestamps_log_datetime == true
      condition     = self.timestamps_log_datetime_msec == true && self.timestamps_log_datetime_show_timezone == true
      at            = default(self.timestamps_log_datetime_msec, self.timestamps_log_datetime)
      error_message = "Log messages carry ${self.timestamps_log_datetime_msec == true ? "no time zone" : "no milliseconds"}."
      help          = "Set timestamps_log_datetime_msec and timestamps_log_datetime_show_timezone to true."
    }
    assert {
      when          = self.timestamps_log_datetime == true
      condition     = self.timestamps_log_datetime_localtime != true
      error_message = "Log messages are stamped in local time, which is ambiguous when summer time ends."
      help          = "Take timestamps_log_datetime_localtime out."
      severity      = "low"
    }
  }

  check "junos_system" {
    for_each = default(self.syslog, [])
    assert {
      condition     = each.value.time_format_millisecond == true && each.value.time_format_year == true
      at            = default(each.value.time_format_millisecond, each.value)
      error_message = "Log messages carry no ${each.value.time_format_year == true ? "milliseconds" : "year"}."
      help          = "Set time_format_millisecond and time_format_year to true in syslog."
    }
  }

  # Zones that are written out; numbers are a device's own list.
  check "junos_system" {
    when          = self.time_zone != null
    condition     = contains(params.zones, self.time_zone)
    at            = self.time_zone
    error_message = "The device keeps the time of ${self.time_zone}: its logs do not line up with others."
    help          = "Set the zone to UTC."
    severity      = "low"
  }

  check "panos_general_settings" "bigip_sys_ntp" "checkpoint_gaia_time_and_date" {
    when          = self.timezone != null
    condition     = contains(params.zones, self.timezone)
    at            = self.timezone
    error_message = "The device keeps the time of ${self.timezone}: its logs do not line up with others."
    help          = "Set the zone to UTC."
    severity      = "low"
  }

  check "fortios_system_global" {
    when          = self.timezone != null && !can(tonumber(self.timezone))
    condition     = contains(params.zones, self.timezone)
    at            = self.timezone
    error_message = "The device keeps the time of ${self.timezone}: its logs do not line up with others."
    help          = "Set the zone to UTC."
    severity      = "low"
  }

  check "iosxe_clock" {
    when          = self.timezone != null
    condition     = contains(params.zones, self.timezone) || default(self.timezone_offset_hours, 1) == 0 && default(self.timezone_offset_minutes, 0) == 0
    at            = self.timezone
    error_message = "The device keeps the time of ${self.timezone}: its logs do not line up with others."
    help          = "Set timezone = \"UTC\" with timezone_offset_hours = 0."
    severity      = "low"
  }

  check "aws_db_parameter_group" "aws_rds_cluster_parameter_group" {
    for_each      = [for parameter in self.parameter : parameter if contains(["timezone", "log_timezone", "time_zone"], lower(parameter.name))]
    condition     = contains([for zone in params.zones : lower(zone)], lower(each.value.value))
    at            = each.value.value
    error_message = "The database keeps the time of ${each.value.value}: its logs do not line up with others."
    help          = "Set ${each.value.name} to UTC, or leave it out: that is its default."
    severity      = "low"
  }

  attributes = {
    iosxe_service                 = ["timestamps", "timestamps_log", "timestamps_log_uptime", "timestamps_log_datetime", "timestamps_log_datetime_msec", "timestamps_log_datetime_show_timezone", "timestamps_log_datetime_localtime"]
    iosxe_clock                   = ["timezone", "timezone_offset_hours", "timezone_offset_minutes"]
    junos_system                  = ["time_zone", "syslog.time_format_millisecond", "syslog.time_format_year"]
    panos_general_settings        = ["timezone"]
    bigip_sys_ntp                 = ["timezone"]
    checkpoint_gaia_time_and_date = ["timezone"]
    fortios_system_global         = ["timezone"]
  }
}
