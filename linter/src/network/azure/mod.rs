//! Packet filters of Azure.

pub mod security_group;
