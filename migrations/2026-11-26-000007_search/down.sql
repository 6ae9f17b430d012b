ALTER TABLE published_articles RESET (autovacuum_vacuum_insert_scale_factor);
DROP TABLE search_uncounted, search_words, published_article_search;
DROP FUNCTION search_read, search_weeks, search_near, search_count_words, search_note_uncounted, search_snippet, search_frequency, search_loosely,
    search_configurations, search_query, search_words, search_cut, search_text, search_split, search_configuration, search_week;
DO $$
DECLARE
    made name;
BEGIN
    FOR made IN SELECT DISTINCT configuration FROM search_languages LOOP
        EXECUTE format('DROP TEXT SEARCH CONFIGURATION %I', made);
    END LOOP;
END $$;
DROP TABLE search_languages;
-- Extensions stay: somebody else may use them.
