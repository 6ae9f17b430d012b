//! Where traces go.

use super::reader::Reader;
use super::url::Endpoint;

/// Where traces go.
#[derive(Clone, Debug, Default)]
pub struct TracesConfig {
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: the collector that is sent traces by OTLP over HTTP; none when not set. Whatever else
    /// OpenTelemetry's own variables say (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`) holds too.
    pub endpoint: Option<Endpoint>,
}

impl TracesConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            endpoint: reader.optional("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"),
        }
    }
}
