//! What is counted, and how it is written down for Prometheus. A server has one [`Metrics`]; whoever does something counts it,
//! by a relaxed addition and without a lock. Every label has a fixed set of values, so that nobody can make a server count
//! without end.

mod counter;
mod family;
mod histogram;
mod route;
mod text;

pub use counter::Counter;
pub use family::Family;
pub use histogram::Histogram;
pub use route::Route;
pub use text::Text;

/// What a server counts beside its requests, which are counted [`Route`] by [`Route`].
pub struct Metrics {
    /// Where delivery's answers came from.
    pub cache: Family,
    /// Where readers' new comments were put, or that they were refused. (What moderators decide are requests like others.)
    pub comments: Family,
    /// What became of things that were due.
    pub schedule: Family,
    /// How long after it was due a thing was done.
    pub lateness: Histogram,
    /// Whether shared caches heard what changed.
    pub purges: Family,
    /// Jobs that could not do their work.
    pub job_failures: Family,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            cache: Family::new(&["hit", "miss", "unheard", "stale"]),
            comments: Family::new(&["approved", "pending", "held", "spam", "rejected", "refused"]),
            schedule: Family::new(&["done", "postponed", "failed"]),
            lateness: Histogram::new(&[0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0, 3600.0]),
            purges: Family::new(&["heard", "unheard"]),
            job_failures: Family::new(&["scheduler", "pruner", "word_counter", "purger"]),
        }
    }
}

impl Metrics {
    /// Writes all of it.
    pub fn write(&self, text: &mut Text) {
        let Self {
            cache,
            comments,
            schedule,
            lateness,
            purges,
            job_failures,
        } = self;
        text.family(
            "masthead_cache_answers_total",
            "Reads, by where the answer came from.",
            "outcome",
            cache,
        );
        text.family(
            "masthead_comments_total",
            "New comments of readers, by where they were put.",
            "decision",
            comments,
        );
        text.family(
            "masthead_schedule_total",
            "Things that were due, by what became of them.",
            "outcome",
            schedule,
        );
        text.head(
            "masthead_schedule_lateness_seconds",
            "histogram",
            "How long after it was due a thing was done.",
        );
        text.histogram("masthead_schedule_lateness_seconds", &[], lateness);
        text.family("masthead_purges_total", "Messages to shared caches.", "outcome", purges);
        text.family(
            "masthead_job_failures_total",
            "Jobs that could not do their work.",
            "job",
            job_failures,
        );
    }
}
