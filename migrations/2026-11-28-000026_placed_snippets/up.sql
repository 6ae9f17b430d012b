-- A snippet is cut where the words stand in the text itself, which may be shorter than the text without accents (`ß`, `«`).
-- And a long phrase, or one that repeats itself, is marked word by word: PostgreSQL follows a phrase of 150 letters for 18
-- seconds, and one that repeats a letter until no memory is left.
CREATE OR REPLACE FUNCTION search_snippet(configuration text, given text, sought tsquery) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    look  CONSTANT text := U&'StartSel=\E000, StopSel=\E001, MaxWords=40, MinWords=20';
    plain CONSTANT text := lower(unaccent(given));
    -- As they stand in the query: in quotes.
    words CONSTANT text[] := array(SELECT quoted[1] FROM regexp_matches(sought::text, '(''(?:[^'']|'''')+'')', 'g') AS quoted);
    stems CONSTANT text[] := array(
        SELECT word FROM unnest(words) WITH ORDINALITY AS words (word, nth) GROUP BY word ORDER BY min(nth) LIMIT 12);
    place integer;
    here  integer;
    last  integer;
    piece text;
    cut   text;
BEGIN
    FOR place IN
        SELECT coalesce(nullif(strpos(plain, ' ' || stem), 0), nullif(strpos(plain, stem), 0),
            CASE WHEN length(stem) > 4 THEN nullif(strpos(plain, ' ' || left(stem, -1)), 0) END) AS at
        FROM (SELECT trim('''' FROM quoted) AS stem FROM unnest(stems[1:8]) AS quoted) AS first_stems
        ORDER BY at
    LOOP
        EXIT WHEN place IS NULL;
        CONTINUE WHEN place < last + 250;
        last := place;
        here := place;
        IF length(plain) <> length(given) THEN
            -- Some letters become two: as many stand before this place as are too many. Twice, for those within the correction.
            FOR again IN 1..2 LOOP
                here := place - length(unaccent(left(given, here))) + here;
            END LOOP;
        END IF;
        piece := substr(given, greatest(here - 150, 1), 450);
        IF here > 151 THEN
            -- Not with half a word.
            piece := substr(piece, strpos(piece, ' ') + 1);
        END IF;
        cut := concat_ws(' … ', cut, piece);
    END LOOP;
    IF cardinality(words) > cardinality(stems) + 2 OR (cardinality(words) > 4 AND length(cut) > 1000) THEN
        sought := array_to_string(stems, '|')::tsquery;
    END IF;
    RETURN ts_headline(configuration::regconfig,
        search_split(translate(coalesce(cut, left(given, 450)), U&'\E000\E001', '')), sought, look);
END $$;
