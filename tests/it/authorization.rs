//! Who may do what: every operation of the API document, tried by everyone there is.
//!
//! The operations come from the document and the answers from [`table`], so an operation without a row fails here, and
//! so does a row without an operation.

pub mod callers;
pub mod scene;
pub mod table;

use std::collections::BTreeSet;

use uuid::Uuid;

use self::callers::Caller;
use self::scene::Scene;
use self::table::TABLE;
use crate::openapi::{Operation, operations};

#[test]
fn every_operation_has_one_row_and_every_row_an_operation() {
    let documented: BTreeSet<&str> = operations().iter().map(Operation::id).collect();
    let listed: BTreeSet<&str> = TABLE.iter().map(|(id, _)| *id).collect();
    let missing: Vec<_> = documented.symmetric_difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "in the document or in the table, not in both: {missing:?}"
    );
    assert_eq!(listed.len(), TABLE.len(), "an operation has two rows");
}

#[tokio::test]
async fn everyone_is_answered_what_the_table_says() {
    let scene = Scene::new().await;
    let mut wrong = Vec::new();
    for operation in operations() {
        for caller in Caller::ALL {
            let expected = table::expected(&operation, caller);
            let (client, request) = scene.request(&operation, caller).await;
            let before = scene.changes().await;
            let answer = client.send(request).await;
            if answer.status != expected {
                wrong.push(format!(
                    "{} by {caller:?}: {} and not {expected}: {}",
                    operation.id(),
                    answer.status,
                    answer.text
                ));
            }
            if answer.status >= 400 {
                assert_eq!(
                    scene.changes().await,
                    before,
                    "{} was refused, and done",
                    operation.id()
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Here, because the scene knows a request for every operation.
#[tokio::test]
async fn every_post_with_a_key_is_done_once() {
    let scene = Scene::new().await;
    let keyed = |operation: &Operation| operation.parameters().any(|one| one["name"] == "Idempotency-Key");
    for operation in operations().iter().filter(|operation| keyed(operation)) {
        let (client, request) = scene.request(operation, Caller::Admin).await;
        let request = request.header("Idempotency-Key", "one");
        let again = request.try_clone().unwrap();
        let first = client.send(request).await;
        assert!(first.status < 300, "{}: {}", operation.id(), first.text);
        let changes = scene.changes().await;
        let second = client.send(again).await;
        assert_eq!(second.status, first.status, "{}: {}", operation.id(), second.text);
        let replayed = second.header("idempotency-replayed");
        assert_eq!(
            replayed,
            "true",
            "{} does its work outside of `Once::answer`",
            operation.id()
        );
        assert_eq!(scene.changes().await, changes, "{} was done twice", operation.id());
    }
}

#[tokio::test]
async fn who_may_not_do_it_cannot_tell_what_is_there() {
    let scene = Scene::new().await;
    for operation in operations()
        .iter()
        .filter(|operation| operation.path.ends_with("{id}") || operation.path.contains("{id}/"))
    {
        for caller in Caller::ALL {
            let refused = table::expected(operation, caller);
            if operation.is_open() || refused < 400 || caller.owns_what_is_asked_for() {
                continue;
            }
            let (client, request) = scene.request_for(operation, caller, Some(Uuid::nil())).await;
            let answer = client.send(request).await;
            assert_eq!(answer.status, refused, "{} by {caller:?}", operation.id());
        }
    }
}
