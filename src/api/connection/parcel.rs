//! Large answers, handed over piece by piece: so it is known when they were taken, and no whole copy waits for a slow reader.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;

use super::Sending;

/// What is handed over at once. A slow reader takes it within the limit of a head, and an ordinary page is no larger.
const PIECE: usize = 64 * 1024;

/// What is left of an answer.
struct Parcel {
    size: u64,
    left: Bytes,
    _sending: Sending,
}

/// The same body. What is small goes at once.
pub fn by_the_piece(body: BoxBody, sending: impl FnOnce() -> Sending) -> BoxBody {
    match body.size() {
        BodySize::Sized(size) if size > PIECE as u64 => match body.try_into_bytes() {
            Ok(left) => BoxBody::new(Parcel {
                size,
                left,
                _sending: sending(),
            }),
            Err(body) => body,
        },
        _ => body,
    }
}

impl MessageBody for Parcel {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.size)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let parcel = self.get_mut();
        let piece = parcel.left.split_to(parcel.left.len().min(PIECE));
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}
