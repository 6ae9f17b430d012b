DROP TRIGGER published_articles_search ON published_articles;
DROP FUNCTION search_index_article();
CREATE OR REPLACE FUNCTION search_snippet(configuration text, given text, sought tsquery) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ts_headline(configuration::regconfig, search_split(translate(given, U&'\E000\E001', '')), sought,
        U&'StartSel=\E000, StopSel=\E001, MaxWords=40, MinWords=20')
$$;
