//! What somebody is told whom no thread of ours hears any more: an answer as it goes over the wire, whatever was asked.

use crate::error::{Code, Error};

/// The whole answer to the request that is called `id`.
#[must_use]
pub fn farewell(base: &str, id: &str) -> String {
    let error = Error::new(Code::Overloaded, "This server is about to end; ask another one.");
    // A problem is text and numbers: it cannot fail to be written. Which path it was for nobody looked at.
    let body = serde_json::to_string(&error.problem(base, "/", id)).unwrap_or_default();
    format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\n\
         connection: close\r\nretry-after: 2\r\ncache-control: no-store\r\nx-request-id: {id}\r\n\
         x-content-type-options: nosniff\r\nreferrer-policy: strict-origin-when-cross-origin\r\n\
         content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n\r\n{body}",
        body.len()
    )
}
