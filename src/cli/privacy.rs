//! `masthead privacy`: what a person may ask for: to see what is kept of them, and to have it erased.

mod export;

use clap::Subcommand;
use serde_json::{Value, json};

use super::open::{Database, block_on, secrets};
use super::{Failure, Output, settings};
use crate::auth::keyed_hash::KeyedHash;
use crate::clock::Clock;
use crate::config::Secrets;
use crate::db::personal_data::{self, Person};
use crate::db::users::UserRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::comment::{reported_by, unproven};
use crate::domain::email::email;
use crate::newsroom::{self, AccountFate};
use crate::server::{ADDRESSES, COMMENT_EMAILS};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Print everything that is kept of a person, as one JSON document.
    ///
    /// Their comments with every decision and earlier text, the bans of their address, their account when they have one,
    /// and what they reported while signed in to it. What somebody reports who is not signed in is known by where they
    /// are alone, and not found. The audit log notes that it was done, and of whom by a keyed hash alone.
    Export {
        /// The e-mail address of the person.
        email: String,
    },
    /// Erase what a person wrote as a reader, and their account.
    ///
    /// Text, name, e-mail and network address of each comment go, also from earlier texts, decisions, reports and
    /// answers kept for repeated requests; an empty place stays where others answered. An account of the role reader
    /// goes, with its sign-ins, and what it reported is nobody's any more. An account of the newsroom stays (`masthead
    /// user disable` closes it), and so does what it wrote for the newsroom. Bans of the address stay, or who is banned
    /// would only have to ask: they hold nothing but a keyed hash. The audit log notes how much went, and of whom by a
    /// keyed hash alone.
    Erase {
        /// The e-mail address of the person.
        email: String,
        /// Only count what would go.
        #[arg(long)]
        dry_run: bool,
        /// Do it: nothing of it can be brought back.
        #[arg(long)]
        yes: bool,
    },
}

/// Somebody who asks, by what comments keep of them.
struct Asking {
    email: String,
    hashes: Vec<Vec<u8>>,
    account: Option<UserRow>,
    reporter: Vec<Vec<u8>>,
}

impl Asking {
    /// The address is spelt as it is when comments are posted, signed in or not.
    async fn find(conn: &mut Connection, secrets: &Secrets, given: &str) -> Result<Self, Failure> {
        let email = email(given).map_err(|error| Failure::new(format!("the e-mail address {error}")))?;
        let account = db::users::find_by_email(conn, &email).await?;
        let emails = KeyedHash::new(secrets, COMMENT_EMAILS);
        let reporter = account.as_ref().map(|account| reported_by(account.id));
        Ok(Self {
            hashes: [all(&emails, &email), all(&emails, &unproven(&email))].concat(),
            reporter: reporter
                .map(|text| all(&KeyedHash::new(secrets, ADDRESSES), &text))
                .unwrap_or_default(),
            account,
            email,
        })
    }

    fn person(&self) -> Person<'_> {
        Person {
            emails: &self.hashes,
            user: self.account.as_ref().map(|account| account.id),
            reporter: &self.reporter,
        }
    }
}

fn all(key: &KeyedHash, text: &str) -> Vec<Vec<u8>> {
    key.all(text.as_bytes()).map(|hash| hash.to_vec()).collect()
}

pub(super) fn run(command: Command, output: Output) -> Result<(), Failure> {
    let config = settings()?;
    let database = Database::open(&config.database)?;
    let secrets = secrets(&config, &database)?;
    block_on(async {
        let mut conn = database.connect().await?;
        let act = Act::system(Clock::system().now());
        match command {
            Command::Export { email } => {
                let asking = Asking::find(&mut conn, &secrets, &email).await?;
                let document = export::document(&mut conn, &asking, act.now).await?;
                let told = export::counts(&document);
                newsroom::export_person(&mut conn, &act, asking.person(), told).await?;
                output.say(format!("{document:#}"), &document)
            }
            Command::Erase { email, dry_run, yes } => {
                let asking = Asking::find(&mut conn, &secrets, &email).await?;
                erase(&mut conn, &act, &asking, Answered { dry_run, yes }, output).await
            }
        }
    })
}

#[derive(Clone, Copy)]
struct Answered {
    dry_run: bool,
    yes: bool,
}

async fn erase(
    conn: &mut Connection,
    act: &Act,
    asking: &Asking,
    answered: Answered,
    output: Output,
) -> Result<(), Failure> {
    let (email, bans) = (&asking.email, personal_data::bans(conn, &asking.hashes).await?.len());
    let stays = match bans {
        0 => String::new(),
        1 => " 1 ban of the address stays.".to_owned(),
        bans => format!(" {bans} bans of the address stay."),
    };
    if answered.dry_run {
        let comments = personal_data::count_comments(conn, asking.person()).await?;
        let reports = personal_data::reports(conn, asking.person()).await?.len();
        let account = asking.account.as_ref().map(|account| AccountFate::of(account.role));
        let told = json!({
            "email": email, "comments": comments, "reports": reports, "account": would(account), "erased": [],
            "bans_kept": bans,
        });
        let what = gone(comments, reports, account);
        return output.say(format!("Would erase {what} of {email}.{}{stays}", kept(account)), &told);
    }
    if !answered.yes {
        let how = "--dry-run counts what would go, --yes erases it; nothing of it can be brought back";
        return Err(Failure::new(how));
    }
    let erased = newsroom::erase_person(conn, act, asking.person()).await?;
    let (comments, account) = (erased.comments.len(), erased.account);
    let told = json!({
        "email": email, "comments": comments, "reports": erased.reports, "account": account, "erased": erased.comments,
        "bans_kept": bans,
    });
    let ids: String = erased.comments.iter().map(|id| format!("  {id}\n")).collect();
    let what = gone(i64::try_from(comments).unwrap_or(i64::MAX), erased.reports, account);
    output.say(format!("{ids}Erased {what} of {email}.{}{stays}", kept(account)), &told)
}

/// What would become of the account.
fn would(account: Option<AccountFate>) -> Value {
    match account {
        Some(AccountFate::Erased) => json!("would_be_erased"),
        fate => json!(fate),
    }
}

/// What goes, in words.
fn gone(comments: i64, reports: usize, account: Option<AccountFate>) -> String {
    let comments = match comments {
        1 => "1 comment".to_owned(),
        many => format!("{many} comments"),
    };
    let reports = match reports {
        0 => String::new(),
        1 => ", 1 report".to_owned(),
        many => format!(", {many} reports"),
    };
    let account = if account == Some(AccountFate::Erased) {
        " and the account"
    } else {
        ""
    };
    format!("{comments}{reports}{account}")
}

fn kept(account: Option<AccountFate>) -> &'static str {
    match account {
        Some(AccountFate::Kept) => " The account is one of the newsroom and stays: `masthead user disable` closes it.",
        _ => "",
    }
}
