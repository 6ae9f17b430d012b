DROP FUNCTION search_score;
