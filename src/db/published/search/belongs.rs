//! Whether an article is among those that a filter asks for, as one truth about it: what does not belong is still counted as
//! looked at.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, BoolOrNullableBool};
use diesel::{BoxableExpression, QueryResult};

use crate::db::schema::published_article_search;

/// All of some conditions on a row of the search table.
#[derive(Default)]
pub(super) struct Belongs<'a>(Vec<Box<dyn QueryFragment<Pg> + Send + 'a>>);

impl<'a> Belongs<'a> {
    /// One condition more.
    pub(super) fn filter<C>(mut self, condition: C) -> Self
    where
        C: BoxableExpression<published_article_search::table, Pg> + 'a,
        C::SqlType: BoolOrNullableBool,
    {
        self.0.push(Box::new(condition));
        self
    }
}

impl Expression for Belongs<'_> {
    type SqlType = Bool;
}

impl AppearsOnTable<published_article_search::table> for Belongs<'_> {}
impl SelectableExpression<published_article_search::table> for Belongs<'_> {}

impl<G> ValidGrouping<G> for Belongs<'_> {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for Belongs<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Belongs<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("TRUE");
        for condition in &self.0 {
            out.push_sql(" AND (");
            condition.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        Ok(())
    }
}
