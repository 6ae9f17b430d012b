-- The names of the newsroom, which no reader may sign with, among many readers' accounts.
CREATE INDEX users_role_idx ON users (role);
