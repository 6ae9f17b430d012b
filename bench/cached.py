"""What the cache answers, beside what the same binary answers from memory alone.

The files of Swagger UI go through the same middleware and no database. The floor is the smallest of them, a page of less than a
kilobyte: what is as big as an article or bigger costs no less.
"""

import gzip
import json
import sys

from load import alternating, wrk
from stage import Client

STATIC = "/docs/index.html"
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
    check(client, STATIC, {})
    measures = {STATIC: lambda: wrk(base, [STATIC], folder=stage.work)}
    for name, path in resources.items():
        for form, headers in FORMS.items():
            if form == "304":
                headers = {"If-None-Match": client.ask("GET", path)[1]["ETag"]}
            check(client, path, headers, form)
            sent = [f"{header}: {value}" for header, value in headers.items()]
            measures[name, form] = lambda path=path, sent=sent: wrk(base, [path], sent, folder=stage.work)
    taken = alternating(measures)
    rate, p99 = taken[STATIC]
    for name in resources:
        for form in FORMS:
            table.at_least(f"{name}, cached, {form}", taken[name, form][0], rate, 0.9)
        late, form = max((taken[name, form][1], form) for form in FORMS)
        table.at_most(f"{name}, cached, p99 ({form})", late, p99, 1.5)


def check(client, path, headers, form="200"):
    """Sees that the answer is what it should be."""
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
