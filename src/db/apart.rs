//! Values that a statement works out apart from the rows that it reads: once, or for each of them.

use std::marker::PhantomData;

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::{QueryResult, sql_types::SqlType};

/// Part of a statement.
pub(super) type Fragment<'a> = Box<dyn QueryFragment<Pg> + Send + 'a>;

/// A value, which names other tables than its own at its own risk: only PostgreSQL would notice that they are not there.
pub(super) struct Apart<'a, ST> {
    worked_out: Fragment<'a>,
    value: PhantomData<fn() -> ST>,
}

impl<'a, ST> Apart<'a, ST> {
    /// The one value that this query answers.
    pub(super) fn new(query: impl QueryFragment<Pg> + Query<SqlType = ST> + Send + 'a) -> Self {
        Self::of(query)
    }

    /// What this works out, which says nothing of its type.
    pub(super) fn of(worked_out: impl QueryFragment<Pg> + Send + 'a) -> Self {
        Self {
            worked_out: Box::new(worked_out),
            value: PhantomData,
        }
    }
}

impl<ST: SqlType + TypedExpressionType> Expression for Apart<'_, ST> {
    type SqlType = ST;
}

impl<ST> ValidGrouping<()> for Apart<'_, ST> {
    type IsAggregate = is_aggregate::Never;
}

impl<ST: SqlType + TypedExpressionType, Tables> AppearsOnTable<Tables> for Apart<'_, ST> {}
impl<ST: SqlType + TypedExpressionType, Tables> SelectableExpression<Tables> for Apart<'_, ST> {}

impl<ST> QueryId for Apart<'_, ST> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> QueryFragment<Pg> for Apart<'_, ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(");
        self.worked_out.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
