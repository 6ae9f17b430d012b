//! Reading settings: what is taken, what is refused, and that every wrong one is reported at once.

use std::collections::BTreeMap;

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::from_variables(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
}

fn problems(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let error = read(pairs).expect_err("must be refused");
    error.problems.into_iter().map(|p| (p.name, p.message)).collect()
}

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn nothing_set_is_the_default() {
    let config = read(&[("PATH", "/bin"), ("MASTHEAD_ADDR", " ")]).expect("the defaults");
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
    assert!(config.environment.is_development() && config.demo.enabled);
    assert_eq!(config.http.cors_origins, CorsOrigins::Any);
}

#[test]
fn every_problem_is_reported_at_once_with_an_example() {
    let error = read(&[
        ("MASTHEAD_ADDR", "localhost"),
        ("MASTHEAD_DOCS", "yes"),
        ("MASTHEAD_DB_POOL_SIZE", "0"),
        ("MASTHEAD_HTTP_WORKERS", "0"),
        ("MASTHEAD_SITE_TIMEZONE", "Mars/Olympus"),
        ("MASTHEAD_LOG", "masthead=loud"),
        ("MASTHEAD_SITE_NAME", "Caf\u{FFFD}"),
        ("MASTHEAD_EMBED_HOSTS", "https://vimeo.com"),
        ("MASTHEAD_ARTICLE_PATHS", "/{slug}"),
        ("MASTHEAD_JWT_SECRET", "hunter2"),
        ("DATABASE_URL", "mysql://u:hunter2@db"),
    ])
    .expect_err("must be refused");
    let text = error.to_string();
    assert_eq!(error.problems.len(), 12, "{text}");
    assert!(text.starts_with("12 settings are wrong"), "{text}");
    assert!(
        text.contains("MASTHEAD_ADDR must be an IP address and a port, but is \"localhost\"."),
        "{text}"
    );
    assert!(text.contains("Example: MASTHEAD_ADDR=127.0.0.1:8080"), "{text}");
    assert!(
        text.contains("MASTHEAD_DB_POOL_SIZE must be between 2 and 1000, but is 0."),
        "{text}"
    );
    assert!(
        text.contains("MASTHEAD_ARTICLE_PATHS is not a setting; did you mean `MASTHEAD_ARTICLE_PATH`?\n"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn only_a_slip_is_taken_for_another_setting() {
    for (given, message) in [
        ("MASTHEAD_DEOM", "is not a setting; did you mean `MASTHEAD_DEMO`?"),
        ("MASTHEAD_DEMOS", "is not a setting; did you mean `MASTHEAD_DEMO`?"),
        ("MASTHEAD_FOO", "is not a setting; remove it"),
        ("MASTHEAD_PORT", "is not a setting; remove it"),
    ] {
        assert_eq!(problems(&[(given, "x")]), [(given.to_owned(), message.to_owned())]);
    }
}

#[test]
fn a_purge_is_told_whole_or_not_at_all() {
    for (given, name) in [
        ("MASTHEAD_PURGE", "MASTHEAD_PURGE_URLS"),
        ("MASTHEAD_PURGE_URLS", "MASTHEAD_PURGE_URLS"),
        ("MASTHEAD_PURGE_TOKEN", "MASTHEAD_PURGE"),
    ] {
        let value = if given == "MASTHEAD_PURGE" {
            "varnish"
        } else {
            "http://127.0.0.1:6081/"
        };
        let told: Vec<String> = problems(&[(given, value)]).into_iter().map(|(name, _)| name).collect();
        assert_eq!(told, [name], "{given}");
    }
}

#[test]
fn the_environment_must_be_stated_when_it_matters() {
    for pairs in [("MASTHEAD_ADDR", "0.0.0.0:80"), ("DATABASE_URL", "postgres://db/x")] {
        let found = problems(&[pairs]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "MASTHEAD_ENV");
        assert!(read(&[pairs, ("MASTHEAD_ENV", "development")]).is_ok());
    }
    assert!(read(&[("MASTHEAD_ADDR", "[::1]:9000")]).is_ok());
}

#[test]
fn production_is_strict() {
    let found = problems(&[
        ("MASTHEAD_ENV", "production"),
        ("MASTHEAD_DEMO", "on"),
        ("MASTHEAD_CORS_ORIGINS", "*"),
    ]);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["MASTHEAD_CORS_ORIGINS", "MASTHEAD_JWT_SECRET", "MASTHEAD_DEMO"]);

    let config = read(&[("MASTHEAD_ENV", "production"), ("MASTHEAD_JWT_SECRET", SECRET)]).expect("enough");
    assert!(!config.demo.enabled);
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.http.cors_origins, CorsOrigins::These(Vec::new()));
    assert_eq!(config.tokens.access_token_ttl.as_secs(), 900);
}

#[test]
fn given_values_arrive() {
    let config = read(&[
        ("MASTHEAD_ENV", "production"),
        ("MASTHEAD_ADDR", "0.0.0.0:9000"),
        ("MASTHEAD_PUBLIC_URL", "https://api.news.example/"),
        ("MASTHEAD_JWT_SECRET", &format!("{SECRET}new, {SECRET}old")),
        (
            "MASTHEAD_CORS_ORIGINS",
            "https://desk.news.example, http://localhost:3000",
        ),
        ("MASTHEAD_EMBED_HOSTS", "none"),
        ("MASTHEAD_SITE_TIMEZONE", "Asia/Karachi"),
        ("MASTHEAD_BODY_LIMIT", "2MiB"),
        ("MASTHEAD_DB_POOL_WAIT", "250ms"),
        ("MASTHEAD_HTTP_WORKERS", "3"),
    ])
    .expect("right settings");
    assert_eq!(config.http.public_url.as_str(), "https://api.news.example");
    assert_eq!(
        config.site.url, config.http.public_url,
        "the site's address follows ours"
    );
    assert_eq!(config.tokens.jwt_secrets.map(|secrets| secrets.all().count()), Some(2));
    let origins = ["https://desk.news.example", "http://localhost:3000"]
        .map(str::to_owned)
        .to_vec();
    assert_eq!(config.http.cors_origins, CorsOrigins::These(origins));
    assert_eq!(config.site.embed_hosts, Vec::<String>::new());
    assert_eq!(config.site.timezone, chrono_tz::Asia::Karachi);
    assert_eq!(config.http.body_limit, 2 << 20);
    assert_eq!(config.database.pool_wait.as_millis(), 250);
    assert_eq!(config.http.workers, Some(3));
}

/// Each `# NAME=default` line of `.env.example`; those that explain are not of that form.
fn documented() -> BTreeMap<String, String> {
    let settings = include_str!("../../.env.example").lines().filter_map(|line| {
        let (name, value) = line.strip_prefix("# ")?.split_once('=')?;
        let is_name = name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        is_name.then(|| (name.to_owned(), value.trim_matches('\'').to_owned()))
    });
    settings.collect()
}

#[test]
fn the_example_file_lists_every_setting_with_its_default_and_nothing_else() {
    let mut reader = Reader::new([]);
    Config::read(&mut reader);
    let known: BTreeMap<String, String> = reader
        .asked()
        .iter()
        .map(|(k, v)| ((*k).to_owned(), v.clone()))
        .collect();
    assert_eq!(documented(), known);
}

#[test]
fn the_readme_has_the_same_table() {
    let rows: Vec<&str> = include_str!("../../README.md").lines().collect();
    for (name, default) in documented() {
        let cell = if default.is_empty() {
            String::new()
        } else {
            format!("`{default}`")
        };
        let begins = format!("| `{name}` | {cell} |");
        assert!(rows.iter().any(|row| row.starts_with(&begins)), "{begins}");
    }
}

#[test]
fn each_setting_of_the_example_file_is_explained_above_it() {
    let lines: Vec<&str> = include_str!("../../.env.example").lines().collect();
    for name in documented().keys() {
        let at = lines
            .iter()
            .position(|line| line.starts_with(&format!("# {name}=")))
            .expect(name);
        assert!(lines[at - 1].starts_with("## "), "{name} needs a line that explains it");
    }
}

#[test]
fn a_comment_hook_needs_a_secret() {
    const URL: (&str, &str) = ("MASTHEAD_COMMENT_HOOK_URL", "http://moderation:8080/comments?site=1");
    let hook = |pairs: &[(&str, &str)]| read(pairs).expect("settings").comments.hook;
    assert!(hook(&[]).is_none());
    let full = hook(&[URL, ("MASTHEAD_COMMENT_HOOK_SECRET", SECRET)]).expect("a hook");
    assert_eq!(full.url.as_str(), URL.1);
    assert_eq!(full.timeout, std::time::Duration::from_secs(1));
    assert!(!format!("{full:?}").contains(SECRET));

    for (pairs, name) in [
        ([URL, ("PATH", "/bin")], "MASTHEAD_COMMENT_HOOK_SECRET"),
        (
            [URL, ("MASTHEAD_COMMENT_HOOK_SECRET", "hunter2")],
            "MASTHEAD_COMMENT_HOOK_SECRET",
        ),
        (
            [
                ("MASTHEAD_COMMENT_HOOK_URL", "ftp://moderation"),
                ("MASTHEAD_COMMENT_HOOK_SECRET", SECRET),
            ],
            "MASTHEAD_COMMENT_HOOK_URL",
        ),
        (
            [
                ("MASTHEAD_COMMENT_HOOK_TIMEOUT", "1m"),
                ("MASTHEAD_COMMENT_HOOK_SECRET", SECRET),
            ],
            "MASTHEAD_COMMENT_HOOK_TIMEOUT",
        ),
    ] {
        let named: Vec<String> = problems(&pairs).into_iter().map(|(name, _)| name).collect();
        assert_eq!(named, [name]);
    }
}
