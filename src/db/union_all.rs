//! The rows of several queries together.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment};

use super::apart::Fragment;

/// What any of these queries answers; they have columns of the same types.
pub(super) struct UnionAll<'a>(pub(super) Vec<Fragment<'a>>);

impl QueryFragment<Pg> for UnionAll<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut before = "(";
        for query in &self.0 {
            out.push_sql(before);
            query.walk_ast(out.reborrow())?;
            out.push_sql(")");
            before = " UNION ALL (";
        }
        Ok(())
    }
}
