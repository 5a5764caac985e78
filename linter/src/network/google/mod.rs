//! Packet filters of Google Cloud.

pub mod firewall;
