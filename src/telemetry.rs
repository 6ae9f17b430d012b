//! Where log lines go: standard error, in the form and with the filter of the settings; and where traces go.

mod clean;
mod traces;

use std::io::{self, IsTerminal};

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{EnvFilter, Layer, fmt};

use clean::Clean;
pub use traces::Traces;

use crate::config::{LogConfig, LogFormat, TracesConfig};

/// Why logging could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is wrong (the settings check this too).
    #[error("the log filter is wrong: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Something in this process logs already.
    #[error("logging was started twice: {0}")]
    Twice(#[from] TryInitError),
    /// The collector's address, or another of OpenTelemetry's variables, is wrong.
    #[error("traces cannot be sent: {0}")]
    Traces(String),
}

/// Starts logging, once a process.
///
/// # Errors
/// When the filter is wrong or logging was started before.
pub fn init(config: &LogConfig) -> Result<(), TelemetryError> {
    start(config, None)
}

/// Starts logging, and sending traces if there is somebody to send them to, for as long as what is answered is held.
///
/// # Errors
/// When the filter is wrong, logging was started before, or traces cannot be sent.
pub fn init_with_traces(config: &LogConfig, traces: &TracesConfig) -> Result<Option<Traces>, TelemetryError> {
    let traces = match &traces.endpoint {
        Some(_) => Some(Traces::start()?),
        None => None,
    };
    start(config, traces.as_ref())?;
    Ok(traces)
}

fn start(config: &LogConfig, traces: Option<&Traces>) -> Result<(), TelemetryError> {
    // Last, so that it holds: what is meant for traces is no part of a line.
    let filter = EnvFilter::builder().parse(format!("{},{}=off", config.filter, traces::TARGET))?;
    let coloured = config.format == LogFormat::Text && io::stderr().is_terminal();
    let lines = fmt::layer().with_writer(move || Clean::new(io::stderr(), coloured));
    let lines = match config.format {
        LogFormat::Text => lines.with_ansi(coloured).boxed(),
        // Fields at the top level, so that a log store finds them by their names.
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed(),
    };
    let subscriber = tracing_subscriber::registry().with(lines.with_filter(filter));
    match traces {
        Some(traces) => subscriber.with(traces.layer()).try_init()?,
        None => subscriber.try_init()?,
    }
    // What a panic says is a line of the log like any other.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let payload = panic.payload();
        let words = payload.downcast_ref::<&str>().copied();
        let words = words.or(payload.downcast_ref::<String>().map(String::as_str));
        tracing::error!(place, words, "a thread panicked");
    }));
    Ok(())
}
