DROP FUNCTION search_share;
DROP FUNCTION search_score;
