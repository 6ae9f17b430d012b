//! Statements that are prepared once a connection.
//!
//! diesel takes a statement that changes a row for one of endlessly many forms and has it prepared anew each time: another
//! journey to the database, and planning. Ours have few forms.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// A statement whose form does not depend on its values.
#[derive(Clone, Copy, Debug)]
pub struct Kept<Q>(Q);

/// Says of a statement that its form does not depend on its values.
pub trait KeptDsl: Sized {
    /// Has it prepared once a connection.
    fn kept(self) -> Kept<Self> {
        Kept(self)
    }
}

impl<Q: QueryFragment<Pg>> KeptDsl for Q {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Kept<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Kept<Q> {
    type QueryId = ();

    // It is found by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Kept<Q> {
    type SqlType = Q::SqlType;
}
