//! Prometheus' text format, version 0.0.4.

use std::fmt::{Display, Write};

use super::{Family, Histogram};

/// A page of metrics.
#[derive(Default)]
pub struct Text(String);

impl Text {
    /// Its media type.
    pub const MEDIA_TYPE: &'static str = "text/plain; version=0.0.4; charset=utf-8";

    /// Says what a metric is, before its samples.
    pub fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.put(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    /// One value.
    pub fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.put(format_args!("{name}"));
        let mut before = '{';
        for (label, word) in labels {
            let word = word.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
            self.put(format_args!("{before}{label}=\"{word}\""));
            before = ',';
        }
        let end = if labels.is_empty() { "" } else { "}" };
        self.put(format_args!("{end} {value}\n"));
    }

    /// A metric of one value.
    pub fn single(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.head(name, kind, help);
        self.sample(name, &[], value);
    }

    /// Counters that differ by one label.
    pub fn family(&mut self, name: &str, help: &str, label: &str, family: &Family) {
        self.head(name, "counter", help);
        for (word, counter) in family.all() {
            self.sample(name, &[(label, word)], counter.get());
        }
    }

    /// The samples of a histogram.
    pub fn histogram(&mut self, name: &str, labels: &[(&str, &str)], histogram: &Histogram) {
        let bucket = format!("{name}_bucket");
        let mut count = 0;
        for (bound, counted) in histogram.cumulative() {
            let bound = bound.map_or_else(|| "+Inf".to_owned(), |bound| bound.to_string());
            let labels: Vec<_> = labels.iter().copied().chain([("le", bound.as_str())]).collect();
            self.sample(&bucket, &labels, counted);
            count = counted;
        }
        let micros = histogram.micros();
        let seconds = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        self.sample(&format!("{name}_sum"), labels, seconds);
        self.sample(&format!("{name}_count"), labels, count);
    }

    /// The page.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }

    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing to memory does not fail.
        let _written = self.0.write_fmt(what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_quoted_and_histograms_end_with_all() {
        let mut text = Text::default();
        text.sample("a_total", &[("route", "/{slug}\"\\\n")], 3);
        let histogram = Histogram::new(&[0.5]);
        histogram.observe(std::time::Duration::from_millis(1_250));
        text.histogram("b", &[("m", "x")], &histogram);
        let lines = [
            r#"a_total{route="/{slug}\"\\\n"} 3"#,
            r#"b_bucket{m="x",le="0.5"} 0"#,
            r#"b_bucket{m="x",le="+Inf"} 1"#,
            r#"b_sum{m="x"} 1.250000"#,
            r#"b_count{m="x"} 1"#,
        ];
        assert_eq!(text.finish().lines().collect::<Vec<_>>(), lines);
    }
}
