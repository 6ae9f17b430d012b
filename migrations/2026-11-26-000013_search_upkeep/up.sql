-- Whoever publishes, even psql, cannot forget the words: they are written down by the row itself.
CREATE FUNCTION search_index_article() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    read_as text := search_configuration(NEW.language);
BEGIN
    INSERT INTO published_article_search (article_id, configuration, published_at, week, words)
    VALUES (NEW.id, read_as, NEW.published_at, search_week(NEW.published_at),
        search_words(read_as, NEW.title, concat_ws(' ', NEW.kicker, NEW.standfirst),
            (SELECT string_agg(heading ->> 'text', ' ') FROM jsonb_array_elements(NEW.outline) AS heading), NEW.body_text))
    ON CONFLICT (article_id) DO UPDATE SET configuration = excluded.configuration, published_at = excluded.published_at,
        week = excluded.week, words = excluded.words;
    RETURN NULL;
END $$;
CREATE TRIGGER published_articles_search
    AFTER INSERT OR UPDATE OF language, published_at, title, kicker, standfirst, outline, body_text ON published_articles
    FOR EACH ROW EXECUTE FUNCTION search_index_article();

-- Cutting words out of a text is what snippets cost: done around the places where what was sought stands, and not for the
-- whole text. These are looked for by the words' stems, as they stand or without their last letter (`stori` for `story`).
CREATE OR REPLACE FUNCTION search_snippet(configuration text, given text, sought tsquery) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    look  CONSTANT text := U&'StartSel=\E000, StopSel=\E001, MaxWords=40, MinWords=20';
    plain CONSTANT text := lower(unaccent(given));
    place integer;
    last  integer;
    piece text;
    cut   text;
BEGIN
    FOR place IN
        SELECT coalesce(nullif(strpos(plain, ' ' || stem), 0), nullif(strpos(plain, stem), 0),
            CASE WHEN length(stem) > 4 THEN nullif(strpos(plain, ' ' || left(stem, -1)), 0) END) AS at
        FROM (SELECT DISTINCT quoted[1] AS stem FROM regexp_matches(sought::text, '''([^'']+)''', 'g') AS quoted LIMIT 8) AS stems
        ORDER BY at
    LOOP
        EXIT WHEN place IS NULL;
        CONTINUE WHEN place < last + 250;
        last := place;
        piece := substr(given, greatest(place - 150, 1), 450);
        IF place > 151 THEN
            -- Not with half a word.
            piece := substr(piece, strpos(piece, ' ') + 1);
        END IF;
        cut := concat_ws(' … ', cut, piece);
    END LOOP;
    RETURN ts_headline(configuration::regconfig,
        search_split(translate(coalesce(cut, left(given, 450)), U&'\E000\E001', '')), sought, look);
END $$;
