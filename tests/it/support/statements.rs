//! Hears what is sent to the database: every statement is work, so what is done often has a budget.

use std::sync::{Arc, Mutex};

use diesel::connection::InstrumentationEvent;
use diesel_async::AsyncConnection;
use masthead::db::Connection;

use super::TestApp;
use super::db::pool_options;

/// The statements that were heard.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    /// Hears every statement of this connection as well, but not what opens and closes transactions.
    pub fn listen(&self, conn: &mut Connection) {
        let heard = Arc::clone(&self.0);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let query = query.to_string();
                if !["BEGIN", "COMMIT"].contains(&query.as_str()) {
                    heard.lock().unwrap().push(query);
                }
            }
        });
    }

    /// What was heard since this was asked last.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl TestApp {
    /// Hears every statement of the server: its pool opens no more connections than these.
    pub async fn listen(&self) -> Heard {
        let heard = Heard::default();
        let mut all = Vec::new();
        for _ in 0..pool_options().size {
            let mut conn = self.conn().await;
            heard.listen(&mut conn);
            all.push(conn);
        }
        heard
    }
}
