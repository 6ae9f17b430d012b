//! Who waits, who is taken along, and that no turn is lost.

use std::pin::pin;

use chrono::DateTime;

use super::*;

const PATIENCE: Duration = Duration::from_millis(10);

fn post(address: u8) -> Arc<Post> {
    let mut new = NewComment::default();
    new.commenter.addresses = vec![vec![address; 32]];
    let act = Act::system(DateTime::UNIX_EPOCH);
    Arc::new(Post { act, new })
}

fn turn(arrival: Arrival) -> Turn {
    match arrival {
        Arrival::Turn(turn) => turn,
        Arrival::Waits(_) => panic!("their turn should have come"),
    }
}

fn waits(arrival: Arrival) -> oneshot::Receiver<Told> {
    match arrival {
        Arrival::Turn(_) => panic!("it is nobody's turn"),
        Arrival::Waits(told) => told,
    }
}

fn busy() -> (CommentIntake, Vec<Turn>) {
    let intake = CommentIntake::default();
    let turns = (0..AT_WORK).map(|_| turn(intake.arrive(&post(0)))).collect();
    (intake, turns)
}

#[test]
fn a_turn_passes_to_who_waits_longest_and_is_lost_with_nobody() {
    let (intake, mut turns) = busy();
    // So many that each of them could not call the next.
    let gone: Vec<_> = (0..100_000).map(|_| waits(intake.arrive(&post(1)))).collect();
    let mut stays = waits(intake.arrive(&post(2)));
    drop(gone);
    turns.pop();
    let Ok(Told::Turn(passed)) = stays.try_recv() else {
        panic!("it was not told whose turn it is");
    };
    drop((passed, turns));
    assert_eq!(lock(&intake.0).free, AT_WORK);
    // One that was told and has left.
    let (intake, turns) = busy();
    let told = waits(intake.arrive(&post(1)));
    drop(turns);
    drop(told);
    assert_eq!(lock(&intake.0).free, AT_WORK);
}

#[test]
fn of_each_author_one_is_taken_along() {
    let (intake, turns) = busy();
    let told: Vec<_> = [1, 2, 1, 3, 0]
        .map(|address| waits(intake.arrive(&post(address))))
        .into();
    let taken = turns[0].others(&post(0));
    let addresses: Vec<u8> = taken.iter().map(|one| one.post.new.commenter.addresses[0][0]).collect();
    assert_eq!(addresses, [1, 2, 3]);
    assert_eq!(lock(&intake.0).waiting.len(), 2);
    drop(told);
    assert!(turns[0].others(&post(0)).is_empty(), "who left is not posted");
    assert!(lock(&intake.0).waiting.is_empty());
    let many: Vec<_> = (1..100).map(|address| waits(intake.arrive(&post(address)))).collect();
    assert_eq!(turns[0].others(&post(0)).len(), TOGETHER - 1);
    drop(many);
}

#[tokio::test]
async fn nobody_waits_for_ever_but_for_who_posts_for_them() {
    let (intake, turns) = busy();
    let (one, other) = (post(1), post(2));
    let told = waits(intake.arrive(&one));
    assert!(matches!(intake.wait(&one, told, PATIENCE).await, Err(PoolError::Busy)));
    assert!(lock(&intake.0).waiting.is_empty());
    let told = waits(intake.arrive(&other));
    let taken = turns[0].others(&one);
    let mut waiting = pin!(intake.wait(&other, told, PATIENCE));
    let early = tokio::time::timeout(PATIENCE * 3, &mut waiting).await;
    assert!(early.is_err(), "it is being posted");
    drop(taken);
    assert!(matches!(waiting.await, Ok(None)), "it posts alone");
}
