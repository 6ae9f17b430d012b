//! Arrays of ids.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::sql_types::{Array, Uuid as SqlUuid};

use crate::db::apart::Apart;

diesel::define_sql_function! {
    /// One of these ids.
    #[sql_name = "ANY"]
    fn any_of(ids: Array<SqlUuid>) -> SqlUuid;
}
diesel::define_sql_function! {
    /// Each of these ids.
    #[sql_name = "unnest"]
    fn unnest(ids: Array<SqlUuid>) -> SqlUuid;
}

/// So many ids that a query answers first. Their number stands in the statement: PostgreSQL takes a number that is bound for
/// a tenth of all, and would plan such a statement each time anew.
pub(super) fn first<'a>(
    of: impl QueryFragment<Pg> + Query<SqlType = SqlUuid> + Send + 'a,
    most: i64,
) -> Apart<'a, Array<SqlUuid>> {
    Apart::of(First { of, most })
}

struct First<Q> {
    of: Q,
    most: i64,
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for First<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("ARRAY(");
        self.of.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&self.most.to_string());
        out.push_sql(")");
        Ok(())
    }
}
