//! Keeps publishing and rearranging apart. A section that moves, or a tag that is merged, rewrites the lists of published
//! articles, so whoever puts an article on lists must not do it meanwhile. Many may publish at once; who rearranges waits
//! for them and goes alone. Taken first in a transaction, before any row, so that nobody waits in a circle.

use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;

use super::{Connection, Result};

diesel::define_sql_function! {
    #[sql_name = "pg_advisory_xact_lock_shared"]
    fn lock_shared(key: BigInt) -> Bool
}
diesel::define_sql_function! {
    #[sql_name = "pg_advisory_xact_lock"]
    fn lock_alone(key: BigInt) -> Bool
}

/// "taxonomy" in ASCII.
const KEY: i64 = 0x7461_786f_6e6f_6d79;

/// For changes that put articles on lists or take them off.
///
/// # Errors
/// When the database fails.
pub async fn enter(mut conn: &Connection) -> Result<()> {
    diesel::select(lock_shared(KEY)).execute(&mut conn).await.map(drop)
}

/// For changes that rewrite the lists of sections, tags or authors.
///
/// # Errors
/// When the database fails.
pub async fn enter_alone(conn: &mut Connection) -> Result<()> {
    diesel::select(lock_alone(KEY)).execute(conn).await.map(drop)
}
