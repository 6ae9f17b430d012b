DROP INDEX author_counts_busiest_idx;
DROP INDEX tag_counts_busiest_idx;
