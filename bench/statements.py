"""The very statements of a request, as PostgreSQL logs them, made into scripts for pgbench."""

import re

ENTRY = re.compile(r"(?m)^(?=\d{4}-\d\d-\d\d )")
STATEMENT = re.compile(r"\[(\d+)\] LOG:  (?:execute \S+|statement): (.*)", re.S)
VALUES = re.compile(r"\[(\d+)\] DETAIL:  parameters: (.*)", re.S)
# What a node does by itself, whoever asks for what.
OWN = ("pg_advisory_xact_lock_shared(0", "reader_changes", '"schedule"', '"markers"', "reader_snapshot", "pg_stat_activity")


STATEMENTS = {"log_statement": "all", "log_error_verbosity": "default"}


class Listener:
    """A server of whose statements something is logged, and what that was."""

    def __init__(self, stage, settings=STATEMENTS):
        stage.own()
        self.path = f"{stage.data}/postgres.log"
        name = stage.database.rsplit("/", 1)[1]
        # Connections keep the settings that they began with.
        stage.sql(*(f"ALTER DATABASE {name} SET {setting} = '{value}'" for setting, value in settings.items()))
        from stage import UNCACHED, Client

        self.server = stage.serve(UNCACHED | {"MASTHEAD_SCHEDULER": "off", "MASTHEAD_DB_POOL_SIZE": "2", "DATABASE_URL": stage.database})
        self.client = Client(self.server.base)
        for _ in range(20):
            self.client.get("/api/v1/articles?limit=1")
        stage.sql(*(f"ALTER DATABASE {name} RESET {setting}" for setting in settings))

    def entries(self, act):
        """What was logged while `act` was done."""
        with open(self.path, "rb") as log:
            log.seek(0, 2)
            act()
            return ENTRY.split(log.read().decode("utf-8", "replace"))

    def during(self, act):
        """The statements while `act` was done, each with its values by number."""
        heard = []
        for entry in self.entries(act):
            if found := STATEMENT.search(entry):
                heard.append([found[1], " ".join(found[2].split()), {}])
            elif found := VALUES.search(entry):
                of_it = [statement for statement in heard if statement[0] == found[1]]
                if of_it:
                    of_it[-1][2] = values(found[2])
        return [(statement, given) for _, statement, given in heard if not any(word in statement for word in OWN)]


def values(text):
    """$1 = 'x', $2 = NULL: by number."""
    pairs = re.findall(r"\$(\d+) = (NULL|'(?:[^']|'')*')", text, re.S)
    return {int(number): value for number, value in pairs}


def script(statements, change=None):
    """A script that runs these statements with these values; `change` may give other values."""
    lines = ["\\set number random(1000000, 2000000000)"] if change else []
    for statement, given in statements:
        if change:
            change(statement, given)
        filled = re.sub(r"\$(\d+)", lambda found: given[int(found[1])], statement)
        # A colon before a letter would be a variable of pgbench.
        filled = re.sub(r"(?<!:):(?=[A-Za-z_])(?!number\b)", ": ", filled)
        lines.append(" ".join(filled.split()) + ";")
    return "\n".join(lines)
