DROP FUNCTION take_turns;
