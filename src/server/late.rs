//! Those who connected at the very end: the system took them in, and no thread of ours did. They are told to come again.

use std::io;
use std::net::{Shutdown, TcpListener};
use std::os::fd::OwnedFd;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::api::farewell::farewell;
use crate::clock::{Clock, new_id};

/// How long one of them may take to say what they want and to hear that they cannot have it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who asks for more than this is told in the middle of it.
const MOST: usize = 64 * 1024;

/// Takes in everybody who waits and closes the door behind them, at once; the future tells them.
pub fn turn_away(listener: TcpListener, base: &str) -> impl Future<Output = ()> {
    let mut waiting = Vec::new();
    drop(listener.set_nonblocking(true));
    while let Ok((stream, _)) = listener.accept() {
        waiting.push(stream);
    }
    // From here on the system refuses whoever comes. It knows only streams that can be shut.
    drop(std::net::TcpStream::from(OwnedFd::from(listener)).shutdown(Shutdown::Both));
    let mut told = JoinSet::new();
    for stream in waiting {
        let answer = farewell(base, &new_id(Clock::system().now()).to_string());
        told.spawn(async move { timeout(PATIENCE, tell(stream, answer)).await });
    }
    async move { while told.join_next().await.is_some() {} }
}

async fn tell(stream: std::net::TcpStream, answer: String) -> io::Result<()> {
    stream.set_nonblocking(true)?;
    let mut stream = TcpStream::from_std(stream)?;
    let mut asked = Vec::new();
    while asked.len() < MOST && !asked.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut asked).await? == 0 {
            return Ok(());
        }
    }
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // What is still on its way to us would take the answer back.
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
