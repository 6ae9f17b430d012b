//! The requests to one path of the document.

use std::sync::OnceLock;
use std::time::Duration;

use super::{Counter, Histogram, Text};

/// The methods that are told apart; any other is `other`.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];

/// The statuses that are told apart; any other is `other`.
const STATUSES: [u16; 25] = [
    200, 201, 204, 206, 301, 304, 308, 400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 415, 422, 428, 429, 431, 500,
    502, 503,
];

/// From what the cache answers to the longest that a request may take, in seconds.
const DURATIONS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

const REQUESTS: &str = "masthead_http_requests_total";
const TOOK: &str = "masthead_http_request_duration_seconds";

/// A path of the document, and how its requests were answered.
pub struct Route {
    pub template: String,
    methods: [OnceLock<Box<Answers>>; METHODS.len()],
}

/// The answers to one method.
struct Answers {
    statuses: [Counter; STATUSES.len() + 1],
    took: Histogram,
}

impl Route {
    /// Never asked for.
    #[must_use]
    pub fn new(template: impl Into<String>) -> Self {
        Self {
            template: template.into(),
            methods: Default::default(),
        }
    }

    /// A request was answered.
    pub fn count(&self, method: &str, status: u16, took: Duration) {
        let last = METHODS.len() - 1;
        let place = METHODS.iter().position(|known| *known == method).unwrap_or(last);
        let Some(answers) = self.methods.get(place) else { return };
        let answers = answers.get_or_init(|| {
            Box::new(Answers {
                statuses: Default::default(),
                took: Histogram::new(DURATIONS),
            })
        });
        let place = STATUSES.binary_search(&status).unwrap_or(STATUSES.len());
        if let Some(counter) = answers.statuses.get(place) {
            counter.count();
        }
        answers.took.observe(took);
    }

    fn asked(&self) -> impl Iterator<Item = (&'static str, &Answers)> {
        let methods = METHODS.iter().copied().zip(&self.methods);
        methods.filter_map(|(method, answers)| Some((method, answers.get()?.as_ref())))
    }

    /// Writes how the requests of all these were answered, and how long they took.
    pub fn write_all<'a>(routes: impl Iterator<Item = &'a Self> + Clone, text: &mut Text) {
        text.head(REQUESTS, "counter", "Requests by method, route and status.");
        for route in routes.clone() {
            for (method, answers) in route.asked() {
                let statuses = STATUSES.iter().map(ToString::to_string).chain(["other".to_owned()]);
                for (status, counter) in statuses.zip(&answers.statuses).filter(|(_, counter)| counter.get() > 0) {
                    let labels = [("method", method), ("route", &route.template), ("status", &status)];
                    text.sample(REQUESTS, &labels, counter.get());
                }
            }
        }
        text.head(TOOK, "histogram", "How long requests took, by method and route.");
        for route in routes {
            for (method, answers) in route.asked() {
                text.histogram(TOOK, &[("method", method), ("route", &route.template)], &answers.took);
            }
        }
    }
}
