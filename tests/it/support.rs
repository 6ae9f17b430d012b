//! What every test stands on: a database of its own, a server on it, a clock to move, and clients named after who asks.

pub mod app;
pub mod big;
pub mod client;
pub mod db;
pub mod document;
pub mod headers;
pub mod make;
pub mod many;
pub mod memory;
pub mod pages;
pub mod proxy;
pub mod raw;
pub mod replica;
pub mod second;
pub mod statements;
pub mod store;
pub mod stub;
mod until;

pub use app::TestApp;
pub use until::until;

/// Lets time pass, for those that take theirs: a wire that is slow, a client that dawdles. (A test waits for what it wants to see.)
pub async fn pause(time: std::time::Duration) {
    let mut ticks = tokio::time::interval(time);
    ticks.tick().await;
    ticks.tick().await;
}

/// An address of this machine that nobody listens on, for a process that is told where to.
pub fn free_addr() -> std::net::SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}
