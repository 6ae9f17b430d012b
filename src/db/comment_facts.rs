//! What the rules must know of a comment and its author, asked in one statement.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{array, case_when, count, count_star, max, min};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Nullable, Record, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::apart::{Apart, Fragment};
use super::comment_threads::{SitePolicy, ThreadArticle};
use super::commenters::{Author, bans};
use super::schema::{comment_rule_sets, comments, published_articles, site, users};
use super::with::{With, with};
use super::{Connection, Result};
use crate::domain::comment::CommentStatus;
use crate::domain::comment_rules::{BanKind, Facts, Recent};
use crate::domain::permission::Role;

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub article: Uuid,
    pub author: Author<'a>,
    /// Everything that a ban may name.
    pub bannable: &'a [Vec<u8>],
    /// The hash of its words.
    pub text: &'a [u8],
    /// The comment that said something else until now.
    pub changed: Option<Uuid>,
    /// How far those on the article are counted.
    pub most: i64,
    pub now: DateTime<Utc>,
}

impl Asked<'_> {
    fn minute_ago(&self) -> DateTime<Utc> {
        self.now - TimeDelta::seconds(Recent::SECONDS)
    }
}

/// What is known.
#[derive(Debug, Queryable)]
pub struct Known {
    pub article: ThreadArticle,
    pub site: SitePolicy,
    /// The edition of the rules that holds.
    pub rule_set: Option<i32>,
    /// By what the author is banned.
    pub banned: Option<BanKind>,
    /// What everybody in the newsroom is called.
    pub staff: Vec<String>,
    pub from_address: Counted,
    pub from_email: Counted,
    pub on_article: Counted,
    pub copies: Copies,
    pub record: AuthorRecord,
}

/// How many, and when the first of them was written.
pub type Counted = (i64, Option<DateTime<Utc>>);
type CountedSql = Record<(BigInt, Nullable<Timestamptz>)>;

/// How many say the same, how many of those are the author's own, and when the last of these was written.
pub type Copies = (i64, i64, Option<DateTime<Utc>>);
type CopiesSql = Record<(BigInt, BigInt, Nullable<Timestamptz>)>;

/// How many of the author's were approved, and of those written of late how many were decided and how many rejected.
pub type AuthorRecord = (i64, i64, i64);
type AuthorRecordSql = Record<(BigInt, BigInt, BigInt)>;

with! {
    /// What came from the author's addresses within a minute.
    from_address (created_at) { created_at -> Timestamptz, }
}
with! {
    /// What came from the author's e-mail addresses within a minute.
    from_email (created_at) { created_at -> Timestamptz, }
}
with! {
    /// The newest on the article within a minute.
    on_article (created_at) { created_at -> Timestamptz, }
}
with! {
    /// The newest that say the same.
    copies (created_at) {
        created_at -> Timestamptz,
        address_hash -> Nullable<Binary>,
        author_email_hash -> Nullable<Binary>,
        user_id -> Nullable<Uuid>,
    }
}
with! {
    /// The author's.
    record (created_at) {
        created_at -> Timestamptz,
        status -> Text,
    }
}

/// What is known; nothing when readers do not see the article.
///
/// # Errors
/// When the database fails.
pub async fn find(mut conn: &Connection, asked: Asked<'_>) -> Result<Option<Known>> {
    let newest_rules = comment_rule_sets::table
        .order(comment_rule_sets::version.desc())
        .select(comment_rule_sets::version);
    let staff = users::table
        .filter(users::role.eq_any(Role::ALL.iter().filter(|role| **role != Role::Reader)))
        .filter(users::disabled_at.is_null())
        .select(users::name);
    macro_rules! counted {
        ($table:ident) => {
            Apart::new($table::table.select((count_star(), min($table::created_at)).into_sql::<CountedSql>()))
        };
    }
    let query = published_articles::table
        .inner_join(site::table.on(site::id.eq(1)))
        .filter(published_articles::id.eq(asked.article))
        .select((
            ThreadArticle::as_select(),
            SitePolicy::as_select(),
            newest_rules.single_value(),
            bans(asked.bannable, asked.now).single_value(),
            Apart::<Array<Text>>::new(diesel::select(array(staff))),
            counted!(from_address),
            counted!(from_email),
            counted!(on_article),
            copied(asked.author),
            recorded(asked.now - Facts::RECORD),
        ));
    let tables = vec![
        ("from_address", lately(asked, asked.author.by_address())),
        ("from_email", lately(asked, asked.author.by_email())),
        ("on_article", on_it(asked)),
        ("copies", alike(asked)),
        ("record", all(asked.author)),
    ];
    let known: Vec<Known> = With { tables, query }.load(&mut conn).await?;
    Ok(known.into_iter().next())
}

/// Some comments.
type Comments<'a> = comments::BoxedQuery<'a, Pg>;

impl<'a> Author<'a> {
    fn by_address(self) -> Vec<Comments<'a>> {
        let by = |hash| comments::table.filter(comments::address_hash.eq(hash)).into_boxed();
        each(self.addresses).map(by).collect()
    }

    fn by_email(self) -> Vec<Comments<'a>> {
        let by = |hash| {
            comments::table
                .filter(comments::author_email_hash.eq(hash))
                .into_boxed()
        };
        each(self.emails).map(by).collect()
    }

    /// By account, or else by e-mail address, or else by address.
    fn known_by(self) -> Vec<Comments<'a>> {
        match (self.user, self.emails) {
            (Some(user), _) => vec![comments::table.filter(comments::user_id.eq(user)).into_boxed()],
            (None, []) => self.by_address(),
            (None, _) => {
                let of_nobody = |whose: Comments<'a>| whose.filter(comments::user_id.is_null());
                self.by_email().into_iter().map(of_nobody).collect()
            }
        }
    }
}

/// Each of these hashes; when there is none, one that no comment has.
fn each(hashes: &[Vec<u8>]) -> impl Iterator<Item = Option<&[u8]>> {
    let none = hashes.is_empty().then_some(None);
    hashes.iter().map(|hash| Some(hash.as_slice())).chain(none)
}

/// Of all these comments those of the last minute.
fn lately<'a>(asked: Asked<'a>, whose: Vec<Comments<'a>>) -> Fragment<'a> {
    let of = whose.into_iter().map(|whose| {
        let lately = whose.filter(comments::created_at.gt(asked.minute_ago()));
        Box::new(lately.select(comments::created_at)) as Fragment<'a>
    });
    Box::new(All(of.collect()))
}

/// The newest comments on an article within a minute.
fn on_it(asked: Asked<'_>) -> Fragment<'_> {
    Box::new(
        comments::table
            .filter(comments::article_id.eq(asked.article))
            .filter(comments::created_at.gt(asked.minute_ago()))
            .order(comments::created_at.desc())
            .limit(asked.most)
            .select(comments::created_at),
    )
}

/// The newest comments within a day that say the same, but for the one that says something else now.
fn alike(asked: Asked<'_>) -> Fragment<'_> {
    Box::new(
        comments::table
            .filter(comments::text_hash.eq(asked.text))
            .filter(comments::id.ne(asked.changed.unwrap_or_default()))
            .filter(comments::created_at.gt(asked.now - Facts::COPIES))
            .order(comments::created_at.desc())
            .limit(Facts::MOST_COPIES)
            .select((
                comments::created_at,
                comments::address_hash,
                comments::author_email_hash,
                comments::user_id,
            )),
    )
}

fn copied(author: Author<'_>) -> Apart<'_, CopiesSql> {
    let own = || {
        copies::address_hash
            .eq_any(author.addresses)
            .or(copies::author_email_hash.eq_any(author.emails))
            .or(copies::user_id.eq(author.user))
    };
    let of_own = || case_when(own(), copies::created_at);
    let (own_ones, last) = (count(of_own()), max(of_own()));
    Apart::new(copies::table.select((count_star(), own_ones, last).into_sql::<CopiesSql>()))
}

/// All of an author's comments, whatever became of them.
fn all(author: Author<'_>) -> Fragment<'_> {
    let of = author.known_by().into_iter().map(|whose| {
        let columns = (comments::created_at, comments::status);
        Box::new(whose.select(columns)) as Fragment<'_>
    });
    Box::new(All(of.collect()))
}

fn recorded<'a>(since: DateTime<Utc>) -> Apart<'a, AuthorRecordSql> {
    let of = |status: CommentStatus| record::status.eq(status.as_str());
    let decided = || record::status.eq_any([CommentStatus::Approved.as_str(), CommentStatus::Rejected.as_str()]);
    let (at, lately) = (record::created_at, || record::created_at.gt(since));
    let counts = (
        count(at).aggregate_filter(of(CommentStatus::Approved)),
        count(at).aggregate_filter(decided().and(lately())),
        count(at).aggregate_filter(of(CommentStatus::Rejected).and(lately())),
    );
    Apart::new(record::table.select(counts.into_sql::<AuthorRecordSql>()))
}

/// What any of these queries answers.
struct All<'a>(Vec<Fragment<'a>>);

impl QueryFragment<Pg> for All<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut before = "(";
        for query in &self.0 {
            out.push_sql(before);
            query.walk_ast(out.reborrow())?;
            out.push_sql(")");
            before = " UNION ALL (";
        }
        Ok(())
    }
}
