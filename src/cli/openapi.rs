//! `masthead openapi`: the API document, printed, written, or compared with the committed one.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, Output};
use crate::server;

/// Where the repository keeps it.
const COMMITTED: &str = "openapi/openapi.json";

#[derive(Args)]
pub struct Arguments {
    /// Write it to this file.
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    out: Option<PathBuf>,
    /// Fail when openapi/openapi.json is another.
    #[arg(long)]
    check: bool,
}

/// Prints the document of a server with default settings: the same on every machine.
pub fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let text = server::document();
    if arguments.check {
        return check(&text, output);
    }
    match &arguments.out {
        Some(file) => {
            let name = file.display();
            let refused = |error| Failure::new(format!("{name} cannot be written: {error}"));
            std::fs::write(file, text).map_err(refused)?;
            output.say(format!("{name} is written."), &json!({"written": name.to_string()}))
        }
        None => output.say(
            text.trim_end(),
            &serde_json::from_str::<Value>(&text).unwrap_or_default(),
        ),
    }
}

fn check(text: &str, output: Output) -> Result<(), Failure> {
    let mend = format!("`masthead openapi --out {COMMITTED}` writes it anew");
    match std::fs::read_to_string(COMMITTED) {
        Ok(committed) if committed == text => {
            output.say(format!("{COMMITTED} is what the code says."), &json!({"equal": true}))
        }
        Ok(_) => Err(Failure::new(format!("{COMMITTED} is not what the code says; {mend}."))),
        Err(error) => Err(Failure::new(format!("{COMMITTED} cannot be read ({error}); {mend}."))),
    }
}
