//! Statements with tables of their own.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

use super::apart::Fragment;

/// A query on tables that the same statement holds.
pub(super) struct With<'a, Q> {
    tables: Vec<Table<'a>>,
    /// What stands between the name of a table and what it holds.
    begins: &'static str,
    query: Q,
}

/// A table's name with those of its columns, and what it holds.
type Table<'a> = (&'static str, Fragment<'a>);

impl<'a, Q> With<'a, Q> {
    /// Works out these tables first, each once.
    pub(super) fn first(tables: Vec<Table<'a>>, query: Q) -> Self {
        let begins = " AS MATERIALIZED (";
        Self { tables, begins, query }
    }

    /// Works out these tables where they are named.
    pub(super) fn in_place(tables: Vec<Table<'a>>, query: Q) -> Self {
        let begins = " AS NOT MATERIALIZED (";
        Self { tables, begins, query }
    }
}

impl<Q: Query> Query for With<'_, Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for With<'_, Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for With<'_, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut before = "WITH ";
        for (name, held) in &self.tables {
            out.push_sql(before);
            out.push_sql(name);
            out.push_sql(self.begins);
            held.walk_ast(out.reborrow())?;
            out.push_sql(")");
            before = ", ";
        }
        out.push_sql(" ");
        self.query.walk_ast(out)
    }
}

/// Names the columns of such a table, and what stands beside it in queries.
macro_rules! with {
    ($(#[$doc:meta])* $table:ident ($key:ident) { $($columns:tt)* } $(beside $($other:ident),+)?) => {
        diesel::table!($(#[$doc])* $table ($key) { $($columns)* });
        $($(diesel::allow_tables_to_appear_in_same_query!($table, $other);)+)?
    };
}

pub(super) use with;
