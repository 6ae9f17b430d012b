DROP VIEW comment_first_replies;
DROP TABLE markers, site, author_counts, tag_counts, section_counts, article_counts, comments,
    published_article_authors, published_article_tags, published_article_sections, published_articles,
    public_slugs, revisions, articles, retired_slugs, authors, tags, sections, audit_log, refresh_tokens, sessions, users;
