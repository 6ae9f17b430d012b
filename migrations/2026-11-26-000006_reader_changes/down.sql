DROP FUNCTION announce_everything(), announce_published_articles(), announce_article_sections(), announce_article_tags(), announce_article_authors(), announce_sections(), announce_tags(), announce_authors(), announce_section_counts(), announce_tag_counts(), announce_author_counts(), announce_article_counts(), announce_comments(), announce_corrections(), announce_kills(), announce_slugs() CASCADE;
DROP FUNCTION announce(text[]);
DROP VIEW reader_snapshot;
DROP TABLE reader_changes;
