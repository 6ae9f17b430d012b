//! `src/db/schema.rs` against the database's own catalogue, in both directions: every table, column, type and nullability.

use std::collections::BTreeMap;

use diesel::QueryableByName;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;

use crate::house_rules::sources;
use crate::support::TestApp;

/// A table's columns: name and type, as diesel spells it.
type Tables = BTreeMap<String, Vec<(String, String)>>;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    udt: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

/// The columns of every relation of this kind. A view's columns never say that they are not null.
async fn catalogue(app: &TestApp, kind: &str) -> Tables {
    let mut conn = app.conn().await;
    let columns: Vec<Column> = sql_query(
        "SELECT c.table_name::text AS relation, column_name::text AS name, udt_name::text AS udt, \
         is_nullable = 'YES' AND table_type = 'BASE TABLE' AS nullable \
         FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) \
         WHERE table_schema = 'public' AND table_type = $1 AND table_name NOT LIKE '\\_\\_diesel%' \
         ORDER BY relation, ordinal_position",
    )
    .bind::<Text, _>(kind)
    .load(&mut conn)
    .await
    .unwrap();
    let mut tables = Tables::new();
    for column in columns {
        let spelt = diesel_type(&column.udt);
        let spelt = if column.nullable {
            format!("Nullable<{spelt}>")
        } else {
            spelt
        };
        tables.entry(column.relation).or_default().push((column.name, spelt));
    }
    tables
}

#[track_caller]
fn assert_same(written: &Tables, there: &Tables) {
    assert_eq!(written.keys().collect::<Vec<_>>(), there.keys().collect::<Vec<_>>());
    for (table, columns) in there {
        assert_eq!(&written[table], columns, "{table}");
        assert!(
            columns.len() <= 32,
            "{table} has {} columns; diesel is built for 32",
            columns.len()
        );
    }
}

#[tokio::test]
async fn schema_rs_is_what_the_database_has() {
    let app = TestApp::start().await;
    let written = read_tables(include_str!("../../src/db/schema.rs"));
    assert_same(&written, &catalogue(&app, "BASE TABLE").await);
}

#[tokio::test]
async fn views_are_what_the_queries_beside_them_say() {
    let app = TestApp::start().await;
    let mut written = Tables::new();
    for source in sources("src/db")
        .iter()
        .filter(|source| source.path != "src/db/schema.rs")
    {
        written.extend(read_tables(&source.text));
    }
    // Where diesel notes its migrations is diesel's own.
    written.remove("applied_migrations");
    // And what it has, PostgreSQL's.
    written.remove("information_schema.tables");
    assert_same(&written, &catalogue(&app, "VIEW").await);
}

fn diesel_type(udt: &str) -> String {
    match udt.strip_prefix('_') {
        Some(element) => format!("Array<{}>", diesel_type(element)),
        None => match udt {
            "bool" => "Bool",
            "bytea" => "Bytea",
            "int4" => "Int4",
            "int8" => "Int8",
            "float8" => "Float8",
            "jsonb" => "Jsonb",
            "text" => "Text",
            "tsvector" => "Tsvector",
            "timestamptz" => "Timestamptz",
            "uuid" => "Uuid",
            other => panic!("{other} is no type of ours"),
        }
        .to_owned(),
    }
}

/// The `table!` blocks of a source. (The macro leaves nothing behind that could be asked for its columns' types.)
fn read_tables(source: &str) -> Tables {
    let mut tables = Tables::new();
    let blocks = source.split("diesel::table! {").skip(1);
    for block in blocks.map(|block| block.split("\n}").next().unwrap_or_default()) {
        let mut lines = block
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("//") && !line.starts_with('#'));
        let head = lines.find(|line| line.ends_with(") {")).expect("a table has a head");
        let table = head.split_once(" (").expect("a table has a key").0;
        let columns = lines.filter_map(|line| line.strip_suffix(',')?.split_once(" -> "));
        let columns = columns
            .map(|(name, spelt)| (name.to_owned(), spelt.to_owned()))
            .collect();
        tables.insert(table.to_owned(), columns);
    }
    tables
}

/// Reads each table through diesel itself: a column that is not there, or of another type, fails.
macro_rules! read_each {
    ($($table:ident)+) => {
        /// The tables that are read below.
        const READ: &[&str] = &[$(stringify!($table)),+];

        #[tokio::test]
        async fn every_table_is_read_through_schema_rs() {
            use diesel::{QueryDsl, Table};
            use masthead::db::schema;
            let app = TestApp::start().await;
            let mut conn = app.conn().await;
            $(
                let counted: i64 = schema::$table::table
                    .select(schema::$table::table::all_columns())
                    .limit(1)
                    .execute(&mut conn)
                    .await
                    .map(|rows| i64::try_from(rows).unwrap())
                    .unwrap_or_else(|error| panic!("{}: {error}", stringify!($table)));
                assert!(counted <= 1);
            )+
            assert_eq!(read_tables(include_str!("../../src/db/schema.rs")).into_keys().collect::<Vec<_>>(), {
                let mut read: Vec<&str> = READ.to_vec();
                read.sort_unstable();
                read
            });
        }
    };
}

read_each! {
    users sessions refresh_tokens audit_log api_keys sign_in_failures sign_in_places sections tags authors retired_slugs articles revisions public_slugs
    published_articles published_article_sections published_article_tags published_article_authors
    published_article_search search_languages search_words search_uncounted comments
    comment_decisions comment_edits comment_rule_sets comment_bans comment_reports
    article_counts section_counts tag_counts author_counts site markers
    publications schedule corrections kills edit_locks preview_tokens preview_uses idempotency_keys reader_changes purge_positions
}
