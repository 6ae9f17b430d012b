//! A bare connection, for requests that no well-behaved client would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::TestApp;

/// A connection that says exactly what it is told.
pub struct Raw(TcpStream);

/// What came back.
#[derive(Debug)]
pub struct RawAnswer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Longer than any limit that a test sets: an answer that takes longer never comes.
const PATIENCE: Duration = Duration::from_secs(20);

impl Raw {
    pub async fn connect(app: &TestApp) -> Self {
        Self(
            TcpStream::connect(app.base.trim_start_matches("http://"))
                .await
                .unwrap(),
        )
    }

    /// Sends these bytes. The server may have stopped listening: then the answer tells why.
    pub async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        let sent = self.0.write_all(bytes.as_ref()).await;
        if let Err(error) = sent {
            assert!(
                matches!(
                    error.kind(),
                    std::io::ErrorKind::BrokenPipe | std::io::ErrorKind::ConnectionReset
                ),
                "{error}"
            );
        }
    }

    /// Closes our half of the connection.
    pub async fn stop_talking(&mut self) {
        self.0.shutdown().await.unwrap();
    }

    /// The next answer, which must have come within our patience.
    pub async fn hear(&mut self) -> RawAnswer {
        tokio::time::timeout(PATIENCE, self.read())
            .await
            .expect("an answer in time")
    }

    /// Waits until the server closes the connection; answers what it still said.
    pub async fn until_closed(&mut self) -> String {
        let mut rest = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut rest)).await;
        match read.expect("an end in time") {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}"),
        }
        String::from_utf8(rest).unwrap()
    }

    async fn read(&mut self) -> RawAnswer {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            bytes.push(self.0.read_u8().await.expect("a whole head"));
        }
        let head = String::from_utf8(bytes).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.0.read_exact(&mut body).await.expect("a whole body");
        let body = String::from_utf8(body).unwrap();
        RawAnswer { status, head, body }
    }
}

impl RawAnswer {
    /// A problem with this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> serde_json::Value {
        assert_eq!(self.status, status, "{} {}", self.head, self.body);
        assert!(
            self.head.contains("content-type: application/problem+json"),
            "{}",
            self.head
        );
        let problem: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["code"], code, "{}", self.body);
        assert!(
            self.head
                .contains(&format!("x-request-id: {}", problem["request_id"].as_str().unwrap()))
        );
        problem
    }
}
