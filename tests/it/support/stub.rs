//! A small HTTP server that somebody else might run: it keeps what it is told and answers as the test says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Told {
    pub line: String,
    /// By their names in lower case.
    pub headers: HashMap<String, String>,
    pub body: String,
    pub json: Value,
}

/// What is answered.
#[derive(Clone, Debug)]
pub enum Says {
    /// This status, with further header lines and a body.
    Status(u16, String, String),
    /// Nothing, for as long as the connection lasts.
    Nothing,
    /// Bytes that are no HTTP.
    Noise,
}

impl Says {
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Status(status, String::new(), body.to_string())
    }
}

/// The server; it ends with the test's runtime.
pub struct Stub {
    pub url: String,
    told: Arc<Mutex<Vec<Told>>>,
    says: Arc<Mutex<Says>>,
    count: watch::Receiver<usize>,
    open: watch::Sender<bool>,
}

impl Stub {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?of=paper", listener.local_addr().unwrap());
        let told: Arc<Mutex<Vec<Told>>> = Arc::default();
        let says = Arc::new(Mutex::new(Says::Status(204, String::new(), String::new())));
        let (counted, count) = watch::channel(0);
        let (open, opened) = watch::channel(true);
        let server = (Arc::clone(&told), Arc::clone(&says));
        tokio::spawn(async move {
            let counted = Arc::new(counted);
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (told, says) = server.clone();
                let (counted, mut opened) = (Arc::clone(&counted), opened.clone());
                tokio::spawn(async move {
                    let (mut stream, request) = read(stream).await;
                    told.lock().unwrap().push(request);
                    counted.send_modify(|count| *count += 1);
                    opened.wait_for(|open| *open).await.unwrap();
                    let says = says.lock().unwrap().clone();
                    answer(&mut stream, says).await;
                });
            }
        });
        Self {
            url,
            told,
            says,
            count,
            open,
        }
    }

    /// Answers so from now on.
    pub fn say(&self, says: Says) {
        *self.says.lock().unwrap() = says;
    }

    /// Listens on, and answers only when it is opened again.
    pub fn hold_back(&self) {
        self.open.send_replace(false);
    }

    pub fn let_go(&self) {
        self.open.send_replace(true);
    }

    /// Returns once it was asked so often since it began.
    pub async fn asked(&self, times: usize) {
        self.count.clone().wait_for(|count| *count >= times).await.unwrap();
    }

    /// What it was told since this was asked last.
    pub fn take(&self) -> Vec<Told> {
        std::mem::take(&mut *self.told.lock().unwrap())
    }
}

async fn read(mut stream: TcpStream) -> (TcpStream, Told) {
    let mut bytes = Vec::new();
    let (head, length) = loop {
        stream.read_buf(&mut bytes).await.unwrap();
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let length: usize = headers(&head)
                .get("content-length")
                .map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                break (head, length);
            }
        }
    };
    // What is no text is kept as far as it is.
    let body = String::from_utf8_lossy(&bytes[bytes.len() - length..]).into_owned();
    let told = Told {
        line: head.lines().next().unwrap().to_owned(),
        headers: headers(&head),
        json: serde_json::from_str(&body).unwrap_or(Value::Null),
        body,
    };
    (stream, told)
}

fn headers(head: &str) -> HashMap<String, String> {
    let pairs = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    pairs
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect()
}

async fn answer(stream: &mut TcpStream, says: Says) {
    let bytes = match says {
        Says::Status(status, headers, body) => {
            let length = body.len();
            format!("HTTP/1.1 {status} So\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
        }
        Says::Noise => "+PONG\r\n".to_owned(),
        // Whoever asks hangs up in the end.
        Says::Nothing => {
            drop(stream.read_u8().await);
            return;
        }
    };
    // Who has heard enough may have gone.
    drop(stream.write_all(bytes.as_bytes()).await);
    drop(stream.shutdown().await);
}
