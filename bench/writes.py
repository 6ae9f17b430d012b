"""Saving, publishing and commenting, beside pgbench running the very statements of such a request.

One request is logged statement by statement; pgbench repeats those, prepared, in transactions of the same shape, with the
same durability. Both go one after the other over one connection, in turns.
"""

import json
import re
import sys

from load import alternating, pgbench, wrk_writing
from stage import Client
from statements import script
from uncached import server

REQUESTS = 400
ROUNDS = 5
WARM = 30
EDITOR = "editor@demo.local"
ADMIN = "admin@demo.local"


# What is sent: method, path below the article, body.
SAVE = ("PATCH", "", {"body": {"source": "Number NUMBER. " + "A paragraph of some length. " * 145}})
PUBLISH = ("POST", "/publish", {})
COMMENT = ("POST", "", {"author_name": "Ana", "author_email": "ana-NUMBER@paper.example", "body": "This is number NUMBER, and it is mine."})


def changed(statement, given):
    """Other values where the same ones cannot be written twice."""
    if statement.startswith('INSERT INTO "revisions"'):
        given[2] = ":number"
    if found := re.search(r'INSERT INTO "audit_log" \(.*?\) VALUES \(\$(\d+)', statement):
        given[int(found[1])] = "gen_random_uuid()"
    if statement.startswith('INSERT INTO "publications"'):
        given[2] = ":number"
    if statement.startswith("WITH asked "):
        # Literals of a row that stands by itself tell no types.
        for number, kind in enumerate(ASKED, 1):
            given[number] = f"CAST({given[number]} AS {kind})"
    if " UNION " in statement:
        # Columns that a kind does not have: a bare NULL tells no type.
        for number, value in given.items():
            if value == "NULL":
                column = columns(statement).get(number)
                given[number] = f"CAST(NULL AS {column})" if column else value


# The types of what is asked about a comment.
ASKED = ("integer", "uuid", "bytea[]", "bytea[]", "uuid", *["bytea[]"] * 3, "bytea", "uuid", *["timestamptz"] * 4)

# What no two comments have in common.
OWN = {
    "id": "CAST(md5(CAST(:number AS text)) AS uuid)",
    "author_email_hash": "decode(md5('by' || :number), 'hex')",
    "text_hash": "decode(md5('says' || :number), 'hex')",
}


def of_another_comment(statements):
    """The same with another comment by somebody else, wherever it is named."""
    others = {}
    for statement, given in statements:
        if found := re.search(r'INSERT INTO "comments" \((.*?)\) VALUES \((.*?)\)', statement):
            names, values = (part.split(", ") for part in found.groups())
            named = dict(zip((name.strip('"') for name in names), values))
            others |= {given[int(named[name][1:])]: other for name, other in OWN.items()}
    return [(statement, {number: others.get(value, value) for number, value in given.items()}) for statement, given in statements]


def columns(statement):
    """The types of the binds that stand for the columns a kind does not have, by number."""
    types = {}
    for select in re.findall(r"SELECT (.*?) FROM", statement):
        cells = select.split(", ")
        for cell, kind in zip(cells, NAMES.get(len(cells), ())):
            if found := re.fullmatch(r"\$(\d+)", cell):
                types[int(found[1])] = kind
    return types


# The columns of the questions that name sections, tags and authors at once, by how many there are.
NAMES = {4: ("text", "text", "uuid", "uuid"), 8: ("uuid", "text", "text", "text", "text", "text", "jsonb", "uuid")}


def measure(stage, table):
    own, listener = server(stage)
    open_to_all(Client(own.base).sign_in(ADMIN))
    editor, logged = Client(own.base).sign_in(EDITOR), Client(listener.server.base).sign_in(EDITOR)
    public = editor.get("/api/v1/articles?limit=20")["data"]
    relations = {"section": public[0]["section"]["slug"], "authors": [public[0]["authors"][0]["slug"]]}
    relations["tags"] = [tag["slug"] for tag in public[0]["tags"]]
    new = {"title": "Bench", **relations, **SAVE[2]}
    # pgbench writes over articles of its own again and again, which leaves no history that could be gone on with.
    ours, floors = ("/api/v1/desk/articles/" + editor.json("POST", "/api/v1/desk/articles", new, 201)["id"] for _ in range(2))
    floor(stage, table, "save an article of 4 KB", 8, SAVE, (editor, ours), (logged, floors), listener)
    for article in ours, floors:
        editor.json("POST", f"{article}/publish", {})
    floor(stage, table, "publish an article", 18, PUBLISH, (editor, ours), (logged, floors), listener)
    reader, heard = Client(own.base), Client(listener.server.base)
    said, below = (f"/api/v1/articles/{card['id']}/comments" for card in public[:2])
    floor(stage, table, "comment", None, COMMENT, (reader, said), (heard, below), listener)


def open_to_all(admin):
    """Rules that let one reader write on and on."""
    rules = admin.get("/api/v1/desk/comment-rules")
    kept = {name: value for name, value in rules["rules"].items()}
    kept["flood"] = {name: 0 for name in kept["flood"]}
    kept["repeat"] = {name: 0 for name in kept["repeat"]}
    admin.json("PUT", "/api/v1/desk/comment-rules", {"rules": kept, "note": "Measuring."})


def floor(stage, table, what, most, request, ours, logged, listener):
    """`ours` and `logged`: a client of the server that is measured, or whose statements are heard, and what it writes to."""
    method, below, body = request
    template = json.dumps(body)

    def send(client, path, number):
        status, _, answer = client.ask(method, path + below, json.loads(template.replace("NUMBER", str(number))))
        if status not in (200, 201):
            sys.exit(f"bench: {what} answered {status}: {answer[:500]}")

    for number in range(WARM):
        send(*logged, number)
        send(*ours, number)
    statements = listener.during(lambda: send(*logged, WARM))
    told = [statement for statement, _ in statements]
    if "COMMIT" not in told:
        sys.exit(f"bench: {what}: no transaction was logged: {told}")
    # Who asks is looked up for every call of the desk.
    count = sum(1 for statement in told if statement not in ("BEGIN", "COMMIT") and '"sessions"' not in statement)
    repeated = script(of_another_comment(statements), changed)
    client, path = ours
    headers = [f"{name}: {value}" for name, value in client.headers.items()]
    measures = {
        "ours": lambda: wrk_writing(client.base, method, path + below, template, headers, folder=stage.work),
        "floor": lambda: pgbench(stage.database, [repeated], times=REQUESTS, clients=1, folder=stage.work),
    }
    taken = alternating(measures, ROUNDS)
    table.at_least(what, taken["ours"][0], taken["floor"][0], 0.4)
    if most:
        table.bound(f"{what}, statements", count, most, "")
