//! Many who sign in at the same time: what that costs in memory. (What readers notice of it `bench/run logins` measures.)

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use super::{LOGIN, PASSWORD};
use crate::support::TestApp;
use crate::support::memory::{forget_peak, peak};

#[tokio::test]
#[ignore = "measures memory"]
async fn three_hundred_who_sign_in_at_once_take_a_bounded_amount_of_memory() {
    let app = TestApp::with(|config| config.http.request_timeout = Duration::from_secs(120)).await;
    let email = app.editor().await.account().email.clone();
    let sign_in = || async {
        let body = json!({"email": email, "password": PASSWORD});
        app.anonymous().post(LOGIN, body).await.status
    };
    sign_in().await;
    forget_peak();
    let before = peak();
    let statuses = join_all((0..300).map(|_| sign_in())).await;
    let grown = peak() - before;
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    println!("300 sign-ins: {grown} MiB more at the peak");
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert!(grown <= cores * 19 + 64, "{grown} MiB");
}
