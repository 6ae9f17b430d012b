//! PostgreSQL's full text search, as far as diesel lacks it, and our own functions on top of it (see the migration).

use diesel::pg::Pg;
use diesel::sql_types::{Array, BigInt, Bool, Float, Integer, Jsonb, Nullable, SqlType, Text, Timestamptz};

/// The words of a text, each with its places.
#[derive(SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 3614, array_oid = 3643))]
pub struct Tsvector;

/// What is searched for.
#[derive(SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 3615, array_oid = 3645))]
pub struct Tsquery;

diesel::infix_operator!(Matches, " @@ ", Bool, backend: Pg);

diesel::define_sql_function! {
    /// How well words fit a query: by how often they come, and where.
    fn ts_rank(words: Tsvector, query: Nullable<Tsquery>) -> Float;
}
diesel::define_sql_function! {
    /// What such a rank is worth at an instant, for an article with this date line.
    fn search_score(rank: Float, published_at: Timestamptz, as_of: Timestamptz) -> Double;
}
diesel::define_sql_function! {
    /// The text search configuration for a language tag.
    fn search_configuration(tag: Text) -> Text;
}
diesel::define_sql_function! {
    /// What is searched for, as each of these configurations reads it.
    fn search_query(configurations: Array<Text>, wanted: Text, excluded: Text) -> Nullable<Tsquery>;
}
diesel::define_sql_function! {
    /// What is wanted, for ranking.
    fn search_ranking(configurations: Array<Text>, wanted: Text) -> Nullable<Tsquery>;
}
diesel::define_sql_function! {
    /// What is searched for, without the order of words.
    fn search_loosely(configurations: Array<Text>, wanted: Text, excluded: Text) -> Nullable<Tsquery>;
}
diesel::define_sql_function! {
    /// A stretch of a text with what was found in it marked.
    fn search_snippet(configuration: Text, given: Text, query: Nullable<Tsquery>) -> Text;
}
diesel::define_sql_function! {
    /// How many characters of a body are looked through for a snippet, when there are so many results.
    fn search_share(results: Nullable<BigInt>) -> Integer;
}
diesel::define_sql_function! {
    /// All that has to be known before searching.
    fn search_read(question: Jsonb) -> Nullable<Jsonb>;
}
diesel::define_sql_function! {
    /// Counts the words of so many articles that are waiting; answers of how many.
    fn search_count_words(articles: Integer) -> Integer;
}
diesel::define_sql_function! {
    /// The first characters of a text.
    fn left(text: Text, characters: Integer) -> Text;
}
