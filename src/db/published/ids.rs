//! Arrays of ids.

use diesel::expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Uuid as SqlUuid};

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
#[derive(Clone, Copy, Debug)]
pub(super) struct First<Q> {
    of: Q,
    most: i64,
}

impl<Q> First<Q> {
    pub(super) fn of(of: Q, most: i64) -> Self {
        Self { of, most }
    }
}

impl<Q> Expression for First<Q> {
    type SqlType = Array<SqlUuid>;
}

impl<Q> ValidGrouping<()> for First<Q> {
    type IsAggregate = is_aggregate::Never;
}

// It names no table but its own.
impl<Q, Tables> AppearsOnTable<Tables> for First<Q> {}

impl<Q> QueryId for First<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
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
