//! Whatever eight people do at once to ten articles, in whatever order: what must hold, holds.

pub mod holds;

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{Answer, Client};
use crate::support::{TestApp, make};

const ARTICLES: usize = 10;
const CLIENTS: usize = 8;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn one_of<T: Clone>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())].clone()
    }
}

/// What somebody does.
struct Step {
    method: Method,
    below: &'static str,
    body: Value,
    /// Whether they name the version that they read last.
    careful: bool,
}

fn step(dice: &mut Dice, soon: &str) -> Step {
    let slug = format!("slug-{}", dice.below(15));
    let section = dice.one_of(&["world", "sport"]);
    let revision = 1 + dice.below(6);
    let post = |below, body| (Method::POST, below, body);
    let number = dice.below(1_000);
    let (method, below, body) = match dice.below(20) {
        0 | 1 => (Method::PATCH, "", json!({"title": format!("Title {number}")})),
        2 => (
            Method::PATCH,
            "",
            json!({"section": section, "tags": [dice.one_of(&["bridges", "ferries"])]}),
        ),
        3 => (Method::PATCH, "", json!({"slug": slug})),
        4 => (
            Method::PATCH,
            "",
            json!({"featured": number.is_multiple_of(2), "embargo_until": null}),
        ),
        5 => (Method::PATCH, "", json!({"embargo_until": soon})),
        6..=8 => post("/publish", json!({})),
        9 => post("/publish", json!({"revision": revision})),
        10 => post("/schedule", json!({"publish_at": soon, "revision": revision})),
        11 => post(
            "/schedule",
            json!({"publish_at": soon, "unpublish_at": "2026-07-01T00:00:00Z"}),
        ),
        12 => post("/unschedule", json!({})),
        13 => post("/unpublish", json!({})),
        14 => post("/kill", json!({"reason": "Wrong.", "notice": "Gone."})),
        15 => post("/reinstate", json!({})),
        16 => post(
            "/corrections",
            json!({"kind": "correction", "text": "Wrong.", "patch": {"kicker": format!("{number}"), "title": format!("Corrected {number}")}}),
        ),
        17 => post(dice.one_of(&["/submit", "/return"]), json!({})),
        18 => match dice.below(2) {
            0 => (Method::DELETE, "", json!({})),
            _ => post("/untrash", json!({})),
        },
        _ => post("/revisions/1/restore", json!({})),
    };
    Step {
        method,
        below,
        body,
        careful: dice.below(3) == 0,
    }
}

async fn take(client: &Client, article: &str, step: Step) -> Answer {
    let read = client.get(article).await.expect(200);
    let version = if step.careful {
        read.header("etag")
    } else {
        "*".to_owned()
    };
    let request = client
        .request(step.method.clone(), &format!("{article}{}", step.below))
        .header("If-Match", version);
    let request = if step.method == Method::DELETE {
        request
    } else {
        request.json(&step.body)
    };
    let answer = client.send(request).await;
    let allowed = [200, 201, 204, 409, 412, 422];
    assert!(
        allowed.contains(&answer.status),
        "{} {}: {}",
        step.below,
        step.body,
        answer.text
    );
    answer
}

/// As many rounds, in each of which everybody does one thing at the same moment, and the scheduler all that is due.
async fn interleave(rounds: usize, seed: u64) {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for (kind, name) in [
        ("sections", "World"),
        ("sections", "Sport"),
        ("tags", "Bridges"),
        ("tags", "Ferries"),
    ] {
        editor
            .post(&format!("/api/v1/desk/{kind}"), json!({"name": name}))
            .await
            .expect(201);
    }
    let mut articles = Vec::new();
    for number in 0..ARTICLES {
        let made = make::draft(&editor, &format!("Article {number}"), json!({})).await;
        articles.push(format!("/api/v1/desk/articles/{}", made.id()));
    }
    let mut dice = Dice(seed);
    let (mut done, mut refused) = (0, 0);
    for round in 0..rounds {
        if round % 200 == 0 {
            // Before the tokens run out.
            holds::everything(&app).await;
        }
        let soon = (app.clock.now() + TimeDelta::seconds(20)).to_rfc3339();
        let steps = (0..CLIENTS).map(|_| {
            // Few at a time, so that they meet.
            let article = articles[dice.below(ARTICLES.min(3 + round % ARTICLES))].clone();
            (article, step(&mut dice, &soon))
        });
        let steps: Vec<_> = steps.collect();
        let people = join_all(
            steps
                .into_iter()
                .map(async |(article, step)| take(&editor, &article, step).await),
        );
        let (answers, _) = tokio::join!(people, app.run_schedule());
        done += answers.iter().filter(|answer| answer.status < 300).count();
        refused += answers.iter().filter(|answer| answer.status >= 300).count();
        app.clock.advance(TimeDelta::seconds(3));
    }
    holds::everything(&app).await;
    assert!(done > rounds && refused > rounds, "{done} done, {refused} refused");
}

#[tokio::test]
async fn eight_people_at_ten_articles() {
    interleave(125, 1).await;
}

#[tokio::test]
#[ignore = "it takes long, so bin/test runs it alone"]
async fn eight_people_at_ten_articles_a_thousand_times() {
    interleave(1_000, 2).await;
}
