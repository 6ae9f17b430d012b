DROP INDEX comments_addressed_idx;
CREATE INDEX comments_addressed_idx ON comments (created_at) WHERE address_hash IS NOT NULL;
