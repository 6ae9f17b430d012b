//! Where what is counted is shown.

use std::net::SocketAddr;

use super::reader::Reader;

/// Where what is counted is shown.
#[derive(Clone, Debug, Default)]
pub struct MetricsConfig {
    /// `MASTHEAD_METRICS_ADDR`: the address and port of `GET /metrics`; nowhere when not set.
    pub addr: Option<SocketAddr>,
}

impl MetricsConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            addr: reader.optional("MASTHEAD_METRICS_ADDR", "127.0.0.1:9464"),
        }
    }
}
