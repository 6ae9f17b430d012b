//! Looking at each entry of a stretch.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment};

use super::belongs::Belongs;
use crate::db::apart::Fragment;

/// The articles of the first entries of a stretch that belong on a list. No more is looked at than the stretch holds, and no
/// more than has to be: it is a table of its own, which goes by the name of the one it is cut from.
pub(super) struct Look<'a, Table> {
    /// The entries from one on, along their index.
    pub(super) along: Fragment<'a>,
    /// The stretch is so many of them. This number stands in the statement, like `most`: PostgreSQL takes one that is bound
    /// for a tenth of all.
    pub(super) entries: i64,
    pub(super) table: &'static str,
    pub(super) belongs: Belongs<'a, Table>,
    pub(super) article: Fragment<'a>,
    /// The order of the list.
    pub(super) order: Fragment<'a>,
    /// So many that belong at most.
    pub(super) most: i64,
}

impl<Table> QueryFragment<Pg> for Look<'_, Table> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        self.article.walk_ast(out.reborrow())?;
        out.push_sql(" FROM (");
        self.along.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&self.entries.to_string());
        out.push_sql(") AS ");
        out.push_identifier(self.table)?;
        out.push_sql(" WHERE ");
        self.belongs.walk_ast(out.reborrow())?;
        out.push_sql(" ORDER BY ");
        self.order.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&self.most.to_string());
        Ok(())
    }
}
