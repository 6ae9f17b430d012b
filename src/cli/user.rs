//! `masthead user`: accounts, from the machine itself. How the first administrator comes to be.

mod password;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::open::{Database, block_on};
use super::{Failure, Output, settings};
use crate::auth::password::Hasher;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::users::{UserFilter, UserPosition, UserRow, UserSort};
use crate::db::{self, Connection, migrate};
use crate::domain::actor::Act;
use crate::domain::check::Check;
use crate::domain::email::email;
use crate::domain::permission::Role;
use crate::domain::version::Expected;
use crate::newsroom::{self, MAX_ACCOUNT_NAME, NewAccount, Refusal, UserChange};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make an account.
    Create(New),
    /// List all accounts.
    List,
    /// Give an account another role.
    Role {
        /// Its e-mail address.
        email: String,
        #[arg(value_parser = role())]
        role: Role,
    },
    /// Keep an account from signing in, and end its sessions.
    Disable {
        /// Its e-mail address.
        email: String,
    },
    /// Let a disabled account sign in again.
    Enable {
        /// Its e-mail address.
        email: String,
    },
    /// Give an account a new password, and end its sessions.
    Password {
        /// Its e-mail address.
        email: String,
        /// Read the password from standard input, not from the terminal.
        #[arg(long)]
        password_stdin: bool,
    },
}

#[derive(Args)]
pub(super) struct New {
    /// What it signs in with.
    #[arg(long)]
    email: String,
    /// Whose it is.
    #[arg(long)]
    name: String,
    /// What it may do.
    #[arg(long, value_parser = role())]
    role: Role,
    /// Read the password from standard input, not from the terminal.
    #[arg(long)]
    password_stdin: bool,
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str())).try_map(|text| text.parse::<Role>())
}

pub(super) fn run(command: Command, output: Output) -> Result<(), Failure> {
    let config = settings()?;
    let database = Database::open(&config.database)?;
    block_on(async {
        require_tables(&database).await?;
        let mut conn = database.connect().await?;
        let act = Act::system(Clock::system().now());
        let changed = match command {
            Command::List => return list(&mut conn, output).await,
            Command::Create(new) => create(&mut conn, &act, &config, new).await?,
            Command::Role { email, role } => {
                let change = UserChange {
                    role: Some(role),
                    ..UserChange::default()
                };
                update(&mut conn, &act, &email, change).await?
            }
            Command::Disable { email } => update(&mut conn, &act, &email, disabled(true)).await?,
            Command::Enable { email } => update(&mut conn, &act, &email, disabled(false)).await?,
            Command::Password { email, password_stdin } => {
                let user = find(&mut conn, &email).await?;
                let password = password::read(password_stdin, &user.email)?;
                let hash = hasher(&config)?.hash(&password).await?;
                newsroom::reset_password(&mut conn, &act, user.id, Expected::Any, hash).await?
            }
        };
        output.say(line(&changed), &value(&changed))
    })
}

async fn create(conn: &mut Connection, act: &Act, config: &Config, new: New) -> Result<UserRow, Failure> {
    let mut check = Check::new();
    let email = check.email("/email", &new.email);
    let name = check.line("/name", &new.name, MAX_ACCOUNT_NAME);
    check.done().map_err(Refusal::from)?;
    let password = password::read(new.password_stdin, &email)?;
    let new = NewAccount {
        email,
        name,
        role: new.role,
        password_hash: hasher(config)?.hash(&password).await?,
    };
    Ok(newsroom::create_user(conn, act, new).await?)
}

async fn update(conn: &mut Connection, act: &Act, email: &str, change: UserChange) -> Result<UserRow, Failure> {
    let user = find(conn, email).await?;
    Ok(newsroom::update_user(conn, act, user.id, Expected::Any, change).await?)
}

fn disabled(disabled: bool) -> UserChange {
    UserChange {
        disabled: Some(disabled),
        ..UserChange::default()
    }
}

async fn find(conn: &mut Connection, given: &str) -> Result<UserRow, Failure> {
    let found = match email(given) {
        Ok(email) => db::users::find_by_email(conn, &email).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| Failure::new(format!("there is no account `{given}`; `masthead user list` shows all")))
}

fn hasher(config: &Config) -> Result<Hasher, Failure> {
    Ok(Hasher::new(config.accounts.hash_memory_kib)?)
}

async fn require_tables(database: &Database) -> Result<(), Failure> {
    let states = migrate::status(database.connect().await?).await?;
    if states.iter().all(|state| state.applied) {
        return Ok(());
    }
    Err(Failure::new(
        "the database's tables are not up to date; run `masthead migrate` first",
    ))
}

/// How many accounts are read at once.
const CHUNK: i64 = 500;

async fn list(conn: &mut Connection, output: Output) -> Result<(), Failure> {
    let (filter, sort) = (UserFilter::default(), UserSort::Email);
    let mut users: Vec<UserRow> = Vec::new();
    loop {
        let after = users.last().map(|user| UserPosition::of(user, sort));
        let next = db::users::list(conn, &filter, sort, after.as_ref(), CHUNK).await?;
        if next.is_empty() {
            break;
        }
        users.extend(next);
    }
    let text = match users.as_slice() {
        [] => "There is no account yet.".to_owned(),
        users => users.iter().map(line).collect::<Vec<_>>().join("\n"),
    };
    output.say(text, &json!({ "users": users.iter().map(value).collect::<Vec<_>>() }))
}

fn line(user: &UserRow) -> String {
    let state = if user.disabled_at.is_some() { "  (disabled)" } else { "" };
    format!("{:<9}  {}  {}{state}", user.role.as_str(), user.email, user.name)
}

fn value(user: &UserRow) -> Value {
    json!({
        "id": user.id, "email": user.email, "name": user.name, "role": user.role,
        "disabled": user.disabled_at.is_some(), "created_at": user.created_at,
    })
}
