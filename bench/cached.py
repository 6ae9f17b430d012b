"""What the cache answers, beside what the same binary answers from memory alone.

The files of Swagger UI go through the same middleware and no database. None of them is as big as an article, so the
floor for a size is taken between a small one and a big one: the time of a request grows with its bytes.
"""

import gzip
import json
import sys

from load import alternating, wrk
from stage import Client

SMALL, BIG = "/docs/index.html", "/docs/swagger-ui.css"
FORMS = {
    "200": {},
    "304": {},
    "br": {"Accept-Encoding": "br"},
    "gzip": {"Accept-Encoding": "gzip"},
}


def measure(stage, table):
    base = stage.own().base
    client = Client(base)
    newest = client.get("/api/v1/articles?limit=100")["data"]
    talked = max(newest, key=lambda card: card["comment_count"])
    resources = {
        "article": f"/api/v1/articles/{newest[0]['slug']}",
        "list": "/api/v1/articles",
        "comments": f"/api/v1/articles/{talked['slug']}/comments",
        "sections": "/api/v1/sections",
    }
    statics = {path: size(client, path, {}) for path in (SMALL, BIG)}
    measures = {path: lambda path=path: wrk(base, [path], folder=stage.work) for path in statics}
    sizes = {}
    for name, path in resources.items():
        for form, headers in FORMS.items():
            if form == "304":
                headers = {"If-None-Match": client.ask("GET", path)[1]["ETag"]}
            sizes[name, form] = size(client, path, headers, form)
            sent = [f"{header}: {value}" for header, value in headers.items()]
            measures[name, form] = lambda path=path, sent=sent: wrk(base, [path], sent, folder=stage.work)
    taken = alternating(measures)
    for name in resources:
        late = []
        for form in FORMS:
            rate, p99 = taken[name, form]
            floor = between(statics, sizes[name, form], {path: 1 / taken[path][0] for path in statics})
            table.at_least(f"{name}, cached, {form}", rate, 1 / floor, 0.9)
            floor = between(statics, sizes[name, form], {path: taken[path][1] for path in statics})
            late.append((p99 / floor, p99, floor, form))
        _, p99, floor, form = max(late)
        table.at_most(f"{name}, cached, p99 ({form})", p99, floor, 1.5)


def size(client, path, headers, form="200"):
    """How many bytes a body has, once it is what it should be."""
    for _ in range(5):
        # Encodings are made after the first requests, beside them.
        status, answered, body = client.ask("GET", path, headers=headers)
    encoding = answered.get("Content-Encoding", "")
    plain = gzip.decompress(body) if encoding == "gzip" else body
    fine = status == (304 if form == "304" else 200)
    if form in ("br", "gzip"):
        fine = fine and encoding in ("", form)
    if path.startswith("/api/") and form != "304" and encoding != "br":
        fine = fine and json.loads(plain) is not None
    if not fine or (form != "304" and not body):
        sys.exit(f"bench: {path} ({form}) answered {status} {encoding} {body[:200]}")
    return len(body)


def between(statics, size, values):
    """The value at a size, on the line through those of the two static files."""
    (small, first), (big, last) = ((statics[path], values[path]) for path in (SMALL, BIG))
    return first + (last - first) * max(size - small, 0) / (big - small)
