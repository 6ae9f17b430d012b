//! How much work lies in each pile.

use actix_web::get;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::page::MAX_TOTAL;
use crate::api::response::Reply;
use crate::auth::Guard;
use crate::auth::guard::ModerateComments;
use crate::db::comment_queue::{self, Filter, Stretch};
use crate::domain::comment::CommentQueue;
use crate::error::Result;

/// A pile of work.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentQueueCount {
    pub queue: CommentQueue,
    /// How many comments lie in it, counted to 10,000.
    #[schema(minimum = 0, maximum = 10000)]
    pub count: i64,
    /// Whether there are more than that.
    pub count_capped: bool,
    /// When the one was written that waits longest.
    #[schema(required)]
    pub oldest_at: Option<DateTime<Utc>>,
}

/// Every pile of work.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentQueueList {
    pub data: Vec<CommentQueueCount>,
}

/// Count the comments in queues
///
/// Every pile, with how many lie in it (to 10,000) and since when. It takes the same time however many there are.
#[utoipa::path(
    tag = "Desk: comments",
    operation_id = "list_comment_queues",
    responses((status = 200, description = "The piles.", body = CommentQueueList))
)]
#[get("/comments/queues")]
pub async fn list_comment_queues(guard: Guard<ModerateComments>) -> Result<Reply<CommentQueueList>> {
    let mut conn = guard.connect().await?;
    let mut data = Vec::new();
    for queue in CommentQueue::ALL
        .iter()
        .copied()
        .filter(|queue| *queue != CommentQueue::All)
    {
        let filter = Filter {
            queue: Some(queue),
            ..Filter::default()
        };
        let counted = comment_queue::count(&mut conn, &filter, Stretch::default(), MAX_TOTAL + 1).await?;
        data.push(CommentQueueCount {
            queue,
            count: counted.min(MAX_TOTAL),
            count_capped: counted > MAX_TOTAL,
            oldest_at: comment_queue::oldest(&mut conn, queue).await?,
        });
    }
    Ok(Reply::ok(CommentQueueList { data }))
}
