//! `masthead privacy`: what a person may ask for: to see what is kept of them, and to have it erased.

mod export;

use clap::Subcommand;
use serde_json::json;

use super::open::{Database, block_on, secrets};
use super::{Failure, Output, settings};
use crate::auth::keyed_hash::KeyedHash;
use crate::clock::Clock;
use crate::config::Secrets;
use crate::db::personal_data::{self, Person};
use crate::db::users::UserRow;
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::email::email;
use crate::newsroom;
use crate::server::COMMENT_EMAILS;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Print everything that is kept of a person, as one JSON document.
    ///
    /// Their comments with every decision and earlier text, the bans of their address, and their account when they have
    /// one. Reports that they made are not among it: readers who report are known by where they are alone, and never by
    /// an e-mail address.
    Export {
        /// The e-mail address of the person.
        email: String,
    },
    /// Erase what a person wrote as a reader.
    ///
    /// Text, name, e-mail and network address of each comment go, also from earlier texts, decisions and reports; an
    /// empty place stays where others answered. Bans of the address stay, or who is banned would only have
    /// to ask: they hold nothing but a keyed hash. The account stays,
    /// with its sign-in (`masthead user disable` closes it), and so does what it wrote for the newsroom.
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
}

impl Asking {
    /// The address is spelt as it is when comments are posted.
    async fn find(conn: &mut Connection, secrets: &Secrets, given: &str) -> Result<Self, Failure> {
        let email = email(given).map_err(|error| Failure::new(format!("the e-mail address {error}")))?;
        let key = KeyedHash::new(secrets, COMMENT_EMAILS);
        Ok(Self {
            hashes: key.all(email.as_bytes()).map(|hash| hash.to_vec()).collect(),
            account: db::users::find_by_email(conn, &email).await?,
            email,
        })
    }

    fn person(&self) -> Person<'_> {
        Person {
            emails: &self.hashes,
            user: self.account.as_ref().map(|account| account.id),
        }
    }
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
    let stays = format!("{bans} bans of the address stay.");
    if answered.dry_run {
        let comments = personal_data::count_comments(conn, asking.person()).await?;
        let told = json!({"email": email, "comments": comments, "erased": [], "bans_kept": bans});
        return output.say(format!("Would erase {comments} comments of {email}; {stays}"), &told);
    }
    if !answered.yes {
        let how = "--dry-run counts what would go, --yes erases it; nothing of it can be brought back";
        return Err(Failure::new(how));
    }
    let erased = newsroom::erase_person(conn, act, asking.person()).await?;
    let told = json!({"email": email, "comments": erased.len(), "erased": erased, "bans_kept": bans});
    let ids: String = erased.iter().map(|id| format!("  {id}\n")).collect();
    output.say(
        format!("{ids}Erased {} comments of {email}; {stays}", erased.len()),
        &told,
    )
}
