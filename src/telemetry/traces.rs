//! Traces, sent to a collector by OTLP over HTTP, in batches and on a thread of their own.

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use super::TelemetryError;

/// What spans say that they are of when they are meant for traces, and not for the log.
pub const TARGET: &str = "masthead::trace";

/// Traces that are sent. What waits is sent when this is dropped.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Sends them where OpenTelemetry's variables say.
    pub fn start() -> Result<Self, TelemetryError> {
        let exporter = SpanExporter::builder().with_http().build();
        let exporter = exporter.map_err(|error| TelemetryError::Traces(error.to_string()))?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(Resource::builder().with_service_name("masthead").build());
        Ok(Self(provider.build()))
    }

    /// What hands spans on. Events of the log are no part of them.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("masthead"))
            .with_location(false)
            .with_threads(false)
            .with_filter(Targets::new().with_target(TARGET, tracing::Level::INFO))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}
