//! TLS to PostgreSQL, against a PostgreSQL that takes nothing else.

mod server;

use diesel::sql_types::Bool;
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use masthead::db::pool::connect;

use self::server::{Authority, TlsServer};
use crate::support::db::pool_options;

#[derive(QueryableByName)]
struct Encrypted {
    #[diesel(sql_type = Bool)]
    ssl: bool,
}

/// Whether the connection that this address leads to is encrypted, or why there is none.
async fn encrypted(url: &str) -> Result<bool, String> {
    let mut conn = connect(url, &pool_options()).await.map_err(|error| error.to_string())?;
    let asked = sql_query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    let answer: Encrypted = asked.get_result(&mut conn).await.expect("an answer");
    Ok(answer.ssl)
}

#[tokio::test]
async fn every_mode_does_what_it_says() {
    let (ours, another) = (Authority::new(), Authority::new());
    let server = TlsServer::start(&ours, "localhost");
    let (ours, another) = (
        server.file("ours.pem", &ours.pem),
        server.file("another.pem", &another.pem),
    );
    for (host, parameters) in [
        ("localhost", String::new()),
        ("localhost", "sslmode=prefer".to_owned()),
        ("127.0.0.1", "sslmode=require".to_owned()),
        ("localhost", format!("sslmode=verify-full&sslrootcert={ours}")),
    ] {
        assert_eq!(
            encrypted(&server.url(host, &parameters)).await,
            Ok(true),
            "{host} {parameters}"
        );
    }
    for (host, parameters, reason) in [
        ("localhost", "sslmode=disable".to_owned(), "no encryption"),
        // Whoever else answers is not believed, and neither is the right certificate under another name.
        (
            "localhost",
            format!("sslmode=verify-full&sslrootcert={another}"),
            "invalid peer certificate",
        ),
        (
            "127.0.0.1",
            format!("sslmode=verify-full&sslrootcert={ours}"),
            "invalid peer certificate",
        ),
        (
            "localhost",
            "sslmode=verify-full&sslrootcert=/nowhere.pem".to_owned(),
            "/nowhere.pem",
        ),
    ] {
        let refused = encrypted(&server.url(host, &parameters)).await.unwrap_err();
        assert!(refused.contains(reason), "{host} {parameters}: {refused}");
    }
}
