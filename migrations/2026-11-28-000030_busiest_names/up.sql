-- Tags and authors with most articles first: a page begins in the midst of an index. (A publication writes an entry more
-- for each of its tags and authors.)
CREATE INDEX tag_counts_busiest_idx ON tag_counts (articles DESC);
CREATE INDEX author_counts_busiest_idx ON author_counts (articles DESC);
