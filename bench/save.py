"""Saving a 4 KB article, beside pgbench running the very statements of such a request.

bench/run calls it with the server's banner (JSON), the address of its database and PostgreSQL's log. One request is
logged statement by statement; pgbench repeats those, prepared, in a transaction of the same shape. Both go one after
the other over one connection, in turns, and the medians are compared.
"""

import glob
import http.client
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.parse

SAVES = 400
ROUNDS = 5
LIMIT = 2.5

base = urllib.parse.urlsplit(json.loads(sys.argv[1])["url"])
database, log = sys.argv[2], sys.argv[3]
connection = http.client.HTTPConnection(base.hostname, base.port)
headers = {"Content-Type": "application/json", "If-Match": "*"}


def call(method, path, body, status):
    connection.request(method, path, json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != status:
        sys.exit(f"{method} {path} answered {answer.status}: {text[:500]}")
    return json.loads(text)


def program(name):
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))), None)
    return found or sys.exit(f"{name} is missing; it comes with PostgreSQL")


def log_statements(on):
    """For connections that are opened from now on; those that are open are ended."""
    name = database.rsplit("/", 1)[1]
    change = "SET {} = '{}'" if on else "RESET {}"
    settings = [change.format(*setting) for setting in (("log_statement", "all"), ("log_error_verbosity", "default"))]
    statements = [f"ALTER DATABASE {name} {setting}" for setting in settings]
    statements += [
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ]
    arguments = [argument for statement in statements for argument in ("-c", statement)]
    subprocess.run([program("psql"), database, "-qX", *arguments], check=True, stdout=subprocess.DEVNULL)


def text(number):
    return {"body": {"source": f"Number {number}. " + "A paragraph of some length. " * 145}}


def save(path, number):
    call("PATCH", path, text(number), 200)


def warm(path):
    """Until every connection of the server's pool is one that works and has prepared what a save needs."""
    for number in range(200):
        connection.request("PATCH", path, json.dumps(text(f"warm {number}")), headers)
        connection.getresponse().read()


def statements_of(path):
    """The statements of one save, each with its values, as PostgreSQL logged them."""
    log_statements(True)
    warm(path)
    before = len(open(log, encoding="utf-8").read())
    save(path, "logged")
    log_statements(False)
    warm(path)
    entries = re.split(r"(?m)^(?=\d{4}-\d\d-\d\d )", open(log, encoding="utf-8").read()[before:])
    # What the schedule asks meanwhile is somebody else's.
    statements, writing, pid = [], False, None
    wanted = re.compile(r"\[(\d+)\] LOG:  (?:execute \w+|statement): (.*)", re.S)
    detail = re.compile(r"\[(\d+)\] DETAIL:  parameters: (.*)", re.S)
    everything = []
    for entry in entries:
        if found := wanted.search(entry):
            everything.append([found[1], found[2].strip(), ""])
        elif found := detail.search(entry):
            of_it = [logged for logged in everything if logged[0] == found[1]]
            of_it[-1][2] = found[2].strip()
    blocks, block = [], {}
    for process, statement, values in everything:
        if statement == "BEGIN":
            block[process] = []
        if process in block:
            block[process].append((statement, values))
            if statement == "COMMIT":
                blocks.append(block.pop(process))
        else:
            blocks.append([(statement, values)])
    for block in blocks:
        told = " ".join(statement for statement, _ in block)
        if any(word in told for word in ("schedule", "pg_advisory", "ALTER DATABASE", "pg_terminate", "markers")):
            continue
        statements += block
    return statements


def literal(values):
    """$1 = 'x', $2 = NULL: by number."""
    pairs = re.findall(r"\$(\d+) = (NULL|'(?:[^']|'')*')", values, re.S)
    return {int(number): value for number, value in pairs}


def script(statements):
    lines = ["\\set number random(1000000, 2000000000)"]
    for statement, values in statements:
        values = literal(values)
        if statement.startswith('INSERT INTO "revisions"'):
            values[2] = ":number"
        if statement.startswith('INSERT INTO "audit_log"'):
            values[1] = "gen_random_uuid()"
        if " UNION " in statement:
            # Columns that a kind does not have: a bare NULL tells no type.
            values[3] = values[8] = "CAST(NULL AS jsonb)"
            values[4] = values[12] = "CAST(NULL AS uuid)"
        filled = re.sub(r"\$(\d+)", lambda found: values[int(found[1])], statement)
        # A colon before a letter would be a variable of pgbench.
        filled = re.sub(r":(?=[A-Za-z_])(?!number\b)", ": ", filled)
        lines.append(" ".join(filled.split()) + ";")
    return "\n".join(lines) + "\n"


signed_in = call("POST", "/api/v1/auth/login", {"email": "editor@demo.local", "password": "masthead-demo"}, 200)
headers["Authorization"] = f"Bearer {signed_in['access_token']}"
new = {"title": "Bench", "section": "world", "authors": ["ana-lima"], "tags": ["harbour"], **text(0)}
# pgbench writes over an article of its own again and again, which leaves no history that could be gone on with.
path, floors = ("/api/v1/desk/articles/" + call("POST", "/api/v1/desk/articles", new, 201)["id"] for _ in range(2))
statements = statements_of(floors)
warm(path)
writes = sum(1 for statement, _ in statements if not statement.startswith(("SELECT", "(", "BEGIN", "COMMIT")))
if writes != 3:
    sys.exit(f"{writes} writing statements were logged, not 3: {statements}")
file = f"{log}.save.sql"
open(file, "w", encoding="utf-8").write(script(statements))

saves, floor = [], []
for round in range(ROUNDS):
    began = time.perf_counter()
    for number in range(SAVES):
        save(path, f"{round} {number}")
    saves.append((time.perf_counter() - began) / SAVES * 1000)
    bench = [program("pgbench"), database, "-n", "-M", "prepared", "-c", "1", "-t", str(SAVES), "-f", file]
    ran = subprocess.run(bench, capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(f"pgbench: {ran.stderr}")
    said = ran.stdout
    floor.append(float(re.search(r"latency average = ([\d.]+) ms", said)[1]))
ours, theirs = statistics.median(saves), statistics.median(floor)
print(f"statements of a save request  {len(statements) - 2} (BEGIN and COMMIT not counted)")
print(f"save an article of 4 KB       {ours:.2f} ms")
print(f"pgbench, the same statements  {theirs:.2f} ms")
print(f"ratio                         {ours / theirs:.2f} (at most {LIMIT})")
sys.exit(0 if ours / theirs <= LIMIT else 1)
