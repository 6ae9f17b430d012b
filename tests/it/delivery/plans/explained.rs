//! The plans of the statements that a connection runs, as PostgreSQL's own `auto_explain` notes them in its log: the very
//! statements, with the very values.

use std::fs;

use diesel::sql_types::Integer;
use diesel::{QueryableByName, sql_query};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use masthead::db::Connection;
use serde_json::{Value, json};

use crate::support::db::log;

/// What parts the plans that were taken from those that come.
const MARK: &str = "/* plans to here */";

/// Where the plans of one connection come from.
pub struct Plans {
    pid: i32,
}

/// One statement's plan.
#[derive(Debug)]
pub struct Plan(Value);

#[derive(QueryableByName)]
struct Backend {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

impl Plans {
    /// Notes every plan of this connection from now on.
    pub async fn begin(conn: &mut Connection) -> Self {
        let on = "LOAD 'auto_explain';
            SET auto_explain.log_format = 'json';
            SET auto_explain.log_min_duration = 0;
            SET max_parallel_workers_per_gather = 0";
        conn.batch_execute(on).await.unwrap();
        let backend: Backend = sql_query("SELECT pg_backend_pid() AS pid")
            .get_result(conn)
            .await
            .unwrap();
        Self { pid: backend.pid }
    }

    /// The plans since this was asked last, in the order in which the statements ended.
    pub async fn take(&self, conn: &mut Connection) -> Vec<Plan> {
        // A statement's plan is noted when the next one begins, at the latest.
        conn.batch_execute(&format!("SELECT 1 {MARK}")).await.unwrap();
        let log = fs::read(log()).unwrap();
        let log = String::from_utf8_lossy(&log);
        let own = format!("[{}] LOG:  duration: ", self.pid);
        let entries = entries(&log).filter(|entry| entry.contains(&own));
        let mut plans: Vec<Value> = entries
            .filter_map(|entry| serde_json::from_str(entry.split_once("plan:")?.1).ok())
            .collect();
        let is_mark = |plan: &Value| plan["Query Text"].as_str().is_some_and(|text| text.contains(MARK));
        let last = plans.iter().rposition(is_mark).expect("the mark is noted");
        plans.truncate(last);
        let begin = plans.iter().rposition(is_mark).map_or(0, |mark| mark + 1);
        plans.drain(..begin);
        plans.into_iter().map(Plan).collect()
    }
}

/// What PostgreSQL noted, each entry with the lines that belong to it.
fn entries(log: &str) -> impl Iterator<Item = String> {
    let mut entries: Vec<String> = Vec::new();
    for line in log.lines() {
        match entries.last_mut() {
            Some(entry) if line.starts_with(['\t', ' ']) => entry.push_str(line),
            _ => entries.push(line.to_owned()),
        }
    }
    entries.into_iter()
}

impl Plan {
    /// Whether it reads an index whose name begins like this.
    pub fn uses(&self, index: &str) -> bool {
        self.nodes()
            .iter()
            .any(|node| node["Index Name"].as_str().is_some_and(|name| name.starts_with(index)))
    }

    /// Whether it reads this index and not the table behind it.
    pub fn uses_alone(&self, index: &str) -> bool {
        let is_it = |node: &&Value| node["Index Name"] == index && node["Node Type"] == "Index Only Scan";
        self.nodes().iter().any(is_it)
    }

    /// Whether it enters this index in its midst, and not from one end.
    pub fn begins_within(&self, index: &str) -> bool {
        let is_it = |node: &&Value| node["Index Name"] == index && node["Index Cond"].is_string();
        self.nodes().iter().any(is_it)
    }

    /// The part that works out this table of the statement's own, if there is one.
    pub fn table(&self, name: &str) -> Option<Self> {
        let name = format!("CTE {name}");
        let part = self
            .nodes()
            .into_iter()
            .find(|node| node["Subplan Name"] == name.as_str());
        part.map(|part| Self(json!({"Plan": part})))
    }

    /// The tables that it reads from one end to the other.
    pub fn whole_tables(&self) -> Vec<&str> {
        let nodes = self.nodes();
        let whole = nodes.into_iter().filter(|node| node["Node Type"] == "Seq Scan");
        whole.filter_map(|node| node["Relation Name"].as_str()).collect()
    }

    fn nodes(&self) -> Vec<&Value> {
        let (mut nodes, mut left) = (Vec::new(), vec![&self.0["Plan"]]);
        while let Some(node) = left.pop() {
            left.extend(node["Plans"].as_array().into_iter().flatten());
            nodes.push(node);
        }
        nodes
    }
}
