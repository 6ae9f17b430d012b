DROP FUNCTION reader_incarnation;
