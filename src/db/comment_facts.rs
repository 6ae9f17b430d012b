//! What the rules must know of comments and their authors, asked in one statement.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{array, case_when, count, count_star, max, min};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Integer, Nullable, Record, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::apart::{Apart, Fragment};
use super::comment_threads::{SitePolicy, ThreadArticle};
use super::commenters::Author;
use super::schema::{comment_bans, comment_rule_sets, comments, published_articles, site, users};
use super::union_all::UnionAll;
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
    pub now: DateTime<Utc>,
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
    /// What is asked about, a row each.
    asked (number) {
        number -> Integer,
        article -> Uuid,
        addresses -> Array<Binary>,
        emails -> Array<Binary>,
        user_id -> Nullable<Uuid>,
        known_emails -> Array<Binary>,
        known_addresses -> Array<Binary>,
        bannable -> Array<Binary>,
        text -> Binary,
        changed -> Uuid,
        now -> Timestamptz,
        minute_ago -> Timestamptz,
        copied_since -> Timestamptz,
        recorded_since -> Timestamptz,
    } beside published_articles, site
}
const ASKED: &str = "asked (number, article, addresses, emails, user_id, known_emails, known_addresses, bannable, text, changed, \
    now, minute_ago, copied_since, recorded_since)";

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

/// What is known of each of these; nothing when readers do not see the article. Comments on an article are counted to `most`.
///
/// # Errors
/// When the database fails.
pub async fn find(mut conn: &Connection, asked: &[Asked<'_>], most: i64) -> Result<Vec<Option<Known>>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let newest_rules = comment_rule_sets::table
        .order(comment_rule_sets::version.desc())
        .select(comment_rule_sets::version)
        .limit(1);
    let staff = users::table
        .filter(users::role.eq_any(Role::ALL.iter().filter(|role| **role != Role::Reader)))
        .filter(users::disabled_at.is_null())
        .select(users::name);
    let query = asked::table
        .inner_join(published_articles::table.on(published_articles::id.eq(asked::article)))
        .inner_join(site::table.on(site::id.eq(1)))
        .select((
            asked::number,
            (
                ThreadArticle::as_select(),
                SitePolicy::as_select(),
                Apart::<Nullable<Integer>>::of(newest_rules),
                banned(),
                Apart::<Array<Text>>::new(diesel::select(array(staff))),
                lately(by_address(asked::addresses)),
                lately(by_email(asked::emails)),
                on_article(most),
                copied(),
                recorded(),
            ),
        ));
    let rows = (0..).zip(asked).map(|(number, asked)| asked.row(number));
    let tables = vec![(ASKED, Box::new(UnionAll(rows.collect())) as Fragment<'_>)];
    // First, so that PostgreSQL plans as for any: it must not look at what is asked just now.
    let known: Vec<(i32, Known)> = With::first(tables, query).load(&mut conn).await?;
    let mut known: HashMap<i32, Known> = known.into_iter().collect();
    Ok((0..).zip(asked).map(|(number, _)| known.remove(&number)).collect())
}

impl<'a> Asked<'a> {
    fn row(&self, number: i32) -> Fragment<'a> {
        let Author {
            user,
            emails,
            addresses,
        } = self.author;
        let none: &[Vec<u8>] = &[];
        // Known by account, or else by e-mail address, or else by address.
        let (known_emails, known_addresses) = match (user, emails) {
            (Some(_), _) => (none, none),
            (None, []) => (none, addresses),
            (None, _) => (emails, none),
        };
        let minute_ago = self.now - TimeDelta::seconds(Recent::SECONDS);
        Box::new(diesel::select((
            number.into_sql::<Integer>(),
            self.article.into_sql::<SqlUuid>(),
            addresses.into_sql::<Array<Binary>>(),
            emails.into_sql::<Array<Binary>>(),
            user.into_sql::<Nullable<SqlUuid>>(),
            known_emails.into_sql::<Array<Binary>>(),
            known_addresses.into_sql::<Array<Binary>>(),
            self.bannable.into_sql::<Array<Binary>>(),
            self.text.into_sql::<Binary>(),
            self.changed.unwrap_or_default().into_sql::<SqlUuid>(),
            self.now.into_sql::<Timestamptz>(),
            minute_ago.into_sql::<Timestamptz>(),
            (self.now - Facts::COPIES).into_sql::<Timestamptz>(),
            (self.now - Facts::RECORD).into_sql::<Timestamptz>(),
        )))
    }
}

/// What one row asks; for what is worked out for each row of `asked`.
fn its<C: Column + QueryFragment<Pg> + Send + 'static>(column: C) -> Apart<'static, C::SqlType> {
    Apart::of(column)
}

diesel::infix_operator!(OneOf, " = ANY ", Bool, backend: Pg);
diesel::define_sql_function!(fn cardinality(of: Array<Binary>) -> Integer);

/// By what the author is banned.
fn banned() -> Apart<'static, Nullable<Text>> {
    let in_force = comment_bans::expires_at
        .is_null()
        .or(comment_bans::expires_at.gt(its(asked::now).nullable()));
    let bans = comment_bans::table
        .filter(OneOf::new(comment_bans::hash, its(asked::bannable)))
        .filter(in_force)
        .select(comment_bans::kind);
    Apart::of(bans.limit(1))
}

/// Where a comment stands among those on its article.
type Key = Record<(SqlUuid, Timestamptz)>;

/// Some comments.
type Comments = comments::BoxedQuery<'static, Pg>;

fn by_address(hashes: impl Column<SqlType = Array<Binary>> + QueryFragment<Pg> + Send + 'static) -> Comments {
    comments::table
        .filter(OneOf::new(comments::address_hash, its(hashes)))
        .into_boxed()
}

fn by_email(hashes: impl Column<SqlType = Array<Binary>> + QueryFragment<Pg> + Send + 'static) -> Comments {
    comments::table
        .filter(OneOf::new(comments::author_email_hash, its(hashes)))
        .into_boxed()
}

/// Of these comments those of the last minute.
fn lately(whose: Comments) -> Apart<'static, CountedSql> {
    let lately = whose.filter(comments::created_at.gt(its(asked::minute_ago)));
    Apart::of(lately.select((count_star(), min(comments::created_at)).into_sql::<CountedSql>()))
}

/// The newest comments on the article within a minute. They are asked for by their key, so that only the index of the article
/// can be walked: by date alone everything would be that was written in this minute.
fn on_article(most: i64) -> Apart<'static, CountedSql> {
    let key = || (comments::article_id, comments::created_at).into_sql::<Key>();
    let a_minute_ago = (its(asked::article), its(asked::minute_ago)).into_sql::<Key>();
    let ever = DateTime::<Utc>::MAX_UTC.into_sql::<Timestamptz>();
    let newest = comments::table
        .filter(key().gt(a_minute_ago))
        .filter(key().le((its(asked::article), ever).into_sql::<Key>()))
        .order((comments::article_id.desc(), comments::created_at.desc()))
        .limit(most)
        .select(comments::created_at);
    let counted = (count_star(), min(on_article::created_at)).into_sql::<CountedSql>();
    let query = on_article::table.select(counted);
    Apart::new(With::in_place(vec![("on_article", Box::new(newest))], query))
}

/// The newest comments within a day that say the same, but for the one that says something else now.
fn copied() -> Apart<'static, CopiesSql> {
    let newest = comments::table
        .filter(comments::text_hash.eq(its(asked::text).nullable()))
        .filter(comments::id.ne(its(asked::changed)))
        .filter(comments::created_at.gt(its(asked::copied_since)))
        .order(comments::created_at.desc())
        .limit(Facts::MOST_COPIES)
        .select((
            comments::created_at,
            comments::address_hash,
            comments::author_email_hash,
            comments::user_id,
        ));
    let own = || {
        OneOf::new(copies::address_hash, its(asked::addresses))
            .or(OneOf::new(copies::author_email_hash, its(asked::emails)))
            .or(copies::user_id.eq(its(asked::user_id)))
    };
    let of_own = || case_when(own(), copies::created_at);
    let (own_ones, last) = (count(of_own()), max(of_own()));
    let query = copies::table.select((count_star(), own_ones, last).into_sql::<CopiesSql>());
    Apart::new(With::in_place(vec![("copies", Box::new(newest))], query))
}

/// All of the author's comments, whatever became of them.
fn recorded() -> Apart<'static, AuthorRecordSql> {
    let by_account = comments::table.filter(comments::user_id.eq(its(asked::user_id)));
    let whose = [
        // Not even looked for where the author is not known so.
        by_account.filter(its(asked::user_id).is_not_null()).into_boxed(),
        by_email(asked::known_emails)
            .filter(comments::user_id.is_null())
            .filter(cardinality(its(asked::known_emails)).gt(0)),
        by_address(asked::known_addresses).filter(cardinality(its(asked::known_addresses)).gt(0)),
    ];
    let columns = (comments::created_at, comments::status);
    let all = whose.map(|whose| Box::new(whose.select(columns)) as Fragment<'_>);
    let of = |status: CommentStatus| record::status.eq(status.as_str());
    let decided = || record::status.eq_any([CommentStatus::Approved.as_str(), CommentStatus::Rejected.as_str()]);
    let (at, lately) = (record::created_at, || record::created_at.gt(its(asked::recorded_since)));
    let counts = (
        count(at).aggregate_filter(of(CommentStatus::Approved)),
        count(at).aggregate_filter(decided().and(lately())),
        count(at).aggregate_filter(of(CommentStatus::Rejected).and(lately())),
    );
    let query = record::table.select(counts.into_sql::<AuthorRecordSql>());
    Apart::new(With::in_place(vec![("record", Box::new(UnionAll(all.into())))], query))
}
