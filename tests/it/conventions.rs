//! The database's conventions, read from its catalogue.

use diesel::QueryableByName;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use masthead::db::Connection;

use crate::support::TestApp;

#[derive(QueryableByName)]
struct Offender {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Fails with the names that a query finds; and when it does not find what is wrong with the statement `bad`.
async fn assert_none(rule: &str, query: &str, bad: &str) {
    let app = TestApp::start().await;
    let mut conn = app.conn().await;
    let found = offenders(&mut conn, query).await;
    assert!(found.is_empty(), "{rule}: {found:?}");
    conn.batch_execute(bad).await.unwrap();
    assert!(
        !offenders(&mut conn, query).await.is_empty(),
        "{rule}: not found after {bad}"
    );
}

async fn offenders(conn: &mut Connection, query: &str) -> Vec<String> {
    let found: Vec<Offender> = sql_query(query).load(conn).await.unwrap();
    found.into_iter().map(|offender| offender.name).collect()
}

#[tokio::test]
async fn every_foreign_key_is_indexed() {
    // Its columns are the first of an index, so that deleting the other end reads no whole table; of one without a condition,
    // or of all the rows where its one column is not NULL, which are all that can point there.
    assert_none(
        "no index begins with the columns of",
        "SELECT conname::text AS name FROM pg_constraint c WHERE contype = 'f' AND connamespace = 'public'::regnamespace \
         AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid \
             AND (i.indpred IS NULL OR array_length(c.conkey, 1) = 1 AND pg_get_expr(i.indpred, i.indrelid) = \
                 (SELECT format('(%I IS NOT NULL)', attname) FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = c.conkey[1])) \
             AND (i.indkey::int2[])[0:array_length(c.conkey, 1) - 1] @> c.conkey)",
        "ALTER TABLE markers ADD user_id uuid CONSTRAINT markers_user_id_fkey REFERENCES users ON DELETE CASCADE; CREATE INDEX markers_user_idx ON markers (at, user_id); CREATE INDEX markers_some_idx ON markers (user_id) WHERE at IS NULL; CREATE INDEX markers_most_idx ON markers (user_id) WHERE at IS NOT NULL",
    )
    .await;
}

#[tokio::test]
async fn every_foreign_key_says_what_a_delete_does() {
    assert_none(
        "no ON DELETE is stated for",
        "SELECT conname::text AS name FROM pg_constraint WHERE contype = 'f' \
         AND connamespace = 'public'::regnamespace AND confdeltype = 'a'",
        "ALTER TABLE markers ADD user_id uuid CONSTRAINT markers_user_id_fkey REFERENCES users",
    )
    .await;
}

#[tokio::test]
async fn every_instant_knows_its_time_zone() {
    assert_none(
        "these are no timestamptz",
        "SELECT table_name || '.' || column_name AS name FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%' \
         AND udt_name IN ('timestamp', 'date', 'time', 'timetz', '_timestamp')",
        "ALTER TABLE markers ADD since timestamp",
    )
    .await;
}

#[tokio::test]
async fn time_and_ids_are_binds_and_never_defaults() {
    assert_none(
        "these have a default",
        "SELECT table_name || '.' || column_name AS name FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%' AND column_default IS NOT NULL \
         AND (udt_name IN ('timestamptz', 'uuid') OR column_default ~* '(now|current_|clock_|random|uuid)')",
        "ALTER TABLE markers ALTER at SET DEFAULT '2026-01-01T00:00:00Z'",
    )
    .await;
}

#[tokio::test]
async fn text_has_no_length_and_numbers_no_surprise() {
    assert_none(
        "these have a type that we do not use",
        "SELECT table_name || '.' || column_name AS name FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%' \
         AND udt_name NOT IN ('bool', 'bytea', 'int4', 'int8', 'float8', 'jsonb', 'text', 'timestamptz', 'tsvector', 'uuid', '_text', '_uuid', '_int8')",
        "ALTER TABLE markers ADD title varchar(100)",
    )
    .await;
}

#[tokio::test]
async fn every_constraint_has_a_name_that_was_chosen() {
    // A name that PostgreSQL would have made up for a check ends in `_check`; the others are named after their table.
    assert_none(
        "these names were made up",
        "SELECT conname::text AS name FROM pg_constraint c WHERE connamespace = 'public'::regnamespace \
         AND conrelid <> 0 AND conrelid::regclass::text NOT LIKE '\\_\\_diesel%' \
         AND (conname ~ '(_check|\\d)$' OR conname::text NOT LIKE conrelid::regclass::text || '\\_%')",
        "ALTER TABLE markers ADD CHECK (name <> '')",
    )
    .await;
}

#[tokio::test]
async fn constraints_are_named_after_what_they_are() {
    assert_none(
        "these do not end in _pkey, _key or _fkey",
        "SELECT conname::text AS name FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
         AND contype IN ('p', 'u', 'f') AND conrelid::regclass::text NOT LIKE '\\_\\_diesel%' \
         AND conname !~ CASE contype WHEN 'p' THEN '_pkey$' WHEN 'u' THEN '_key$' ELSE '_fkey$' END",
        "ALTER TABLE markers ADD CONSTRAINT markers_at_unique UNIQUE (at)",
    )
    .await;
}

#[tokio::test]
async fn every_index_is_named_after_its_table() {
    assert_none(
        "these names were made up",
        "SELECT indexname::text AS name FROM pg_indexes WHERE schemaname = 'public' \
         AND tablename NOT LIKE '\\_\\_diesel%' AND (indexname !~ '_(idx|pkey|key)$' \
         OR left(indexname, length(tablename)) <> tablename)",
        "CREATE INDEX by_time ON markers (at)",
    )
    .await;
}

#[tokio::test]
async fn no_index_repeats_another() {
    assert_none(
        "another index begins with the same columns as",
        "SELECT a.indexrelid::regclass::text AS name FROM pg_index a JOIN pg_index b \
         ON a.indrelid = b.indrelid AND a.indexrelid <> b.indexrelid AND a.indkey::text = b.indkey::text \
         AND a.indoption::text = b.indoption::text AND a.indclass = b.indclass AND a.indpred IS NOT DISTINCT FROM b.indpred \
         AND a.indexprs IS NOT DISTINCT FROM b.indexprs \
         WHERE a.indrelid::regclass::text NOT LIKE 'pg_%' AND a.indexrelid > b.indexrelid",
        "CREATE INDEX markers_name_idx ON markers (name)",
    )
    .await;
}

#[tokio::test]
async fn every_table_has_a_primary_key() {
    assert_none(
        "no primary key in",
        "SELECT relname::text AS name FROM pg_class r WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conrelid = r.oid AND contype = 'p')",
        "CREATE TABLE loose (id uuid)",
    )
    .await;
}
