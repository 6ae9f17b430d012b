//! Changes of rows that need not wait for each other, in one statement.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel_async::RunQueryDsl;

use super::apart::Fragment;
use super::{Connection, Result};

/// A change of rows that is still to be made. Its form does not depend on its values.
pub struct Write<'a>(Fragment<'a>);

impl<'a> Write<'a> {
    pub(super) fn new(statement: impl QueryFragment<Pg> + Send + 'a) -> Self {
        Self(Box::new(statement))
    }
}

/// Makes all of these changes. None of them sees what another one does; what refers to another's rows is checked when all
/// are made.
///
/// # Errors
/// When the database fails, or refuses one of them.
pub async fn write_together(mut conn: &Connection, writes: Vec<Write<'_>>) -> Result<()> {
    Together(writes).execute(&mut conn).await.map(drop)
}

/// Parts of these, of few sizes: rows that are written together make a statement of each number of them, which every
/// connection keeps.
pub fn in_parts<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    const SIZES: [usize; 3] = [8, 4, 2];
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rows.len()).unwrap_or(1);
        let (part, others) = rows.split_at_checked(size)?;
        rows = others;
        Some(part)
    })
}

struct Together<'a>(Vec<Write<'a>>);

impl QueryFragment<Pg> for Together<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some((Write(last), others)) = self.0.split_last() else {
            return Ok(());
        };
        let mut before = "WITH ";
        for (number, Write(other)) in others.iter().enumerate() {
            out.push_sql(before);
            out.push_identifier(&format!("write_{number}"))?;
            out.push_sql(" AS (");
            other.walk_ast(out.reborrow())?;
            out.push_sql(")");
            before = ", ";
        }
        if !others.is_empty() {
            out.push_sql(" ");
        }
        last.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl QueryId for Together<'_> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

#[cfg(test)]
mod tests {
    use super::in_parts;

    #[test]
    fn parts_are_of_few_sizes_and_hold_everything_in_order() {
        for length in 0..40 {
            let rows: Vec<usize> = (0..length).collect();
            let parts: Vec<&[usize]> = in_parts(&rows).collect();
            assert_eq!(parts.concat(), rows);
            assert!(parts.iter().all(|part| [1, 2, 4, 8].contains(&part.len())), "{parts:?}");
        }
        assert_eq!(in_parts(&[0; 13]).map(<[i32]>::len).collect::<Vec<_>>(), [8, 4, 1]);
    }
}
