-- What is kept of addresses is found by the range, which only forgetting asks for. By the address itself the index also looked
-- right for the question how often that address has written within a minute: while the statistics knew of no address yet, all
-- comments of that minute were read for each one.
DROP INDEX comments_addressed_idx;
CREATE INDEX comments_addressed_idx ON comments (created_at) WHERE range_hash IS NOT NULL;
