//! Whether an article is among those that a filter asks for, as one truth about it: what does not belong is still counted as
//! looked at.

use std::marker::PhantomData;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, BoolOrNullableBool};
use diesel::{BoxableExpression, QueryResult};

/// All of some conditions on a row of a table.
pub(in crate::db::published) struct Belongs<'a, Table> {
    conditions: Vec<Box<dyn QueryFragment<Pg> + Send + 'a>>,
    table: PhantomData<fn() -> Table>,
}

impl<Table> Default for Belongs<'_, Table> {
    fn default() -> Self {
        Self {
            conditions: Vec::new(),
            table: PhantomData,
        }
    }
}

impl<'a, Table> Belongs<'a, Table> {
    /// One condition more.
    pub(in crate::db::published) fn filter<C>(mut self, condition: C) -> Self
    where
        C: BoxableExpression<Table, Pg> + 'a,
        C::SqlType: BoolOrNullableBool,
    {
        self.conditions.push(Box::new(condition));
        self
    }
}

impl<Table> Expression for Belongs<'_, Table> {
    type SqlType = Bool;
}

impl<Table> AppearsOnTable<Table> for Belongs<'_, Table> {}
impl<Table> SelectableExpression<Table> for Belongs<'_, Table> {}

impl<Table, G> ValidGrouping<G> for Belongs<'_, Table> {
    type IsAggregate = is_aggregate::No;
}

impl<Table> QueryId for Belongs<'_, Table> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Table> QueryFragment<Pg> for Belongs<'_, Table> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("TRUE");
        for condition in &self.conditions {
            out.push_sql(" AND (");
            condition.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        Ok(())
    }
}
