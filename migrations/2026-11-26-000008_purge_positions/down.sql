DROP TABLE purge_positions;
