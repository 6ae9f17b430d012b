//! `masthead doctor`: is this installation sound, and if not, how is it mended.

use serde::Serialize;
use serde_json::json;

use super::open::{Database, block_on};
use super::{Failure, Output, settings};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{self, migrate};
use crate::domain::permission::Role;
use crate::server::descriptors;

/// Clocks further apart than this make tokens and schedules lie.
const MAX_CLOCK_GAP_MS: i64 = 2_000;

/// What was looked at, and what was found.
#[derive(Serialize)]
struct Finding {
    check: &'static str,
    ok: bool,
    found: String,
    /// How to mend it; empty when there is nothing to mend.
    mend: String,
}

impl Finding {
    fn good(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            check,
            ok: true,
            found: found.into(),
            mend: String::new(),
        }
    }

    fn bad(check: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            check,
            ok: false,
            found: found.into(),
            mend: mend.into(),
        }
    }
}

pub(super) fn run(output: Output) -> Result<(), Failure> {
    let config = settings()?;
    let mut findings = vec![Finding::good("settings", "every setting is accepted")];
    findings.push(secret(&config));
    findings.extend(urls(&config));
    findings.push(descriptors());
    match Database::open(&config.database) {
        Err(failure) => findings.push(Finding::bad(
            "database",
            failure.message,
            "Mend what it says and try again.",
        )),
        Ok(database) => findings.extend(block_on(async { Ok(look_at_database(&database).await) })?),
    }
    let line = |finding: &Finding| {
        let mark = if finding.ok { "ok  " } else { "BAD " };
        let mend = if finding.mend.is_empty() {
            String::new()
        } else {
            format!("\n      -> {}", finding.mend)
        };
        format!("{mark}{}: {}{mend}", finding.check, finding.found)
    };
    let text = findings.iter().map(line).collect::<Vec<_>>().join("\n");
    output.say(text, &json!({ "findings": findings }))?;
    match findings.iter().filter(|finding| !finding.ok).count() {
        0 => Ok(()),
        1 => Err(Failure::new("1 thing needs mending")),
        bad => Err(Failure::new(format!("{bad} things need mending"))),
    }
}

fn secret(config: &Config) -> Finding {
    let Some(secrets) = &config.tokens.jwt_secrets else {
        return Finding::good("secret", "none is given: development keeps one in the data folder");
    };
    match secrets.weakness() {
        None => Finding::good("secret", "long and varied enough"),
        Some(weakness) => Finding::bad(
            "secret",
            format!("MASTHEAD_JWT_SECRET {weakness}"),
            "Set it to the output of `openssl rand -base64 48`; keep the old one behind a comma for a month.",
        ),
    }
}

/// Each caller takes two, and whoever opens many and says little takes them from the others.
fn descriptors() -> Finding {
    match descriptors::most() {
        Some(most) if most < descriptors::FEW => Finding::bad(
            "open files",
            format!("at most {most}, as it is here"),
            "Let the server have more: `ulimit -Hn`, or `LimitNOFILE=` in its unit.",
        ),
        Some(most) => Finding::good("open files", format!("at most {most}, as it is here")),
        None => Finding::good("open files", "are not limited"),
    }
}

fn urls(config: &Config) -> Vec<Finding> {
    let checked = [
        ("public URL", "MASTHEAD_PUBLIC_URL", config.http.public_url.as_str()),
        ("site URL", "MASTHEAD_SITE_URL", config.site.url.as_str()),
    ];
    let look = |(check, variable, url): (&'static str, &str, &str)| {
        if config.environment.is_development() || url.starts_with("https://") {
            Finding::good(check, url)
        } else {
            Finding::bad(
                check,
                url,
                format!("Set {variable} to an https address: readers and tokens travel there."),
            )
        }
    };
    checked.into_iter().map(look).collect()
}

async fn look_at_database(database: &Database) -> Vec<Finding> {
    let mut conn = match database.connect().await {
        Ok(conn) => conn,
        Err(failure) => {
            let mend = "Is DATABASE_URL right, and does PostgreSQL run there and let us in?";
            return vec![Finding::bad("database", failure.message, mend)];
        }
    };
    let mut findings = vec![Finding::good("database", "answers")];
    findings.push(match db::time::now(&mut conn).await {
        Ok(theirs) => {
            let gap = (Clock::system().now() - theirs).num_milliseconds().abs();
            if gap <= MAX_CLOCK_GAP_MS {
                Finding::good("clock", format!("{gap} ms from the database's"))
            } else {
                let mend = "Let NTP set both machines' clocks.";
                Finding::bad("clock", format!("{gap} ms from the database's"), mend)
            }
        }
        Err(error) => Finding::bad("clock", error.to_string(), "Can the database be asked anything?"),
    });
    findings.push(match db::settings::speaks_english(&mut conn).await {
        Ok(true) => Finding::good("language", "the database's errors are understood"),
        Ok(false) => Finding::bad(
            "language",
            "the database's errors are in another language than English: some are answered 500 that should be 503",
            "As a superuser of the database run `ALTER ROLE <this user> SET lc_messages TO 'C'`.",
        ),
        Err(error) => Finding::bad("language", error.to_string(), "Can the database be asked anything?"),
    });
    if let Ok(true) = db::settings::is_read_only(&mut conn).await {
        let mend = "Is this a standby, or `default_transaction_read_only` on? DATABASE_URL must lead to the primary.";
        findings.push(Finding::bad("changes", "are not taken", mend));
    }
    if let Ok(true) = db::restoring::is_unfinished(&mut conn).await {
        let mend = "Restore it again, or run `masthead restore --after`; no server starts before.";
        findings.push(Finding::bad("restore", "was begun and not finished", mend));
    }
    let admins = db::users::count_enabled(&mut conn, Role::Admin).await;
    findings.push(match migrate::status(conn).await {
        Err(error) => Finding::bad("migrations", error.to_string(), "Can this user read the database?"),
        Ok(states) => match states.iter().filter(|state| !state.applied).count() {
            0 => Finding::good("migrations", format!("all {} applied", states.len())),
            missing => Finding::bad(
                "migrations",
                format!("{missing} not applied"),
                "Run `masthead migrate`.",
            ),
        },
    });
    findings.push(match admins {
        Ok(1..) => Finding::good("administrator", "somebody can administer"),
        _ => Finding::bad(
            "administrator",
            "nobody can administer",
            "Run `masthead user create --role admin --email you@example.org --name \"Your Name\"`.",
        ),
    });
    findings
}
