//! Packet filters of AWS.

pub mod network_acl;
pub mod prefix_list;
pub mod security_group;
mod services;
pub mod topology;
