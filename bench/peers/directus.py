"""Makes the collections of an empty Directus, which everybody may read, and comments, which everybody may write.

    python3 bench/peers/directus.py BASE TOKEN
"""

import json
import sys
import urllib.error
import urllib.request

BASE, TOKEN = sys.argv[1:3]


def call(path, body=None):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers)) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        sys.exit(f"{path} answered {error.code}: {error.read()[:500]}")


def field(name, kind, **schema):
    return {"field": name, "type": kind, "schema": schema, "meta": {}}


def collection(name, *fields):
    key = field("id", "integer", is_primary_key=True, has_auto_increment=True)
    call("/collections", {"collection": name, "schema": {}, "meta": {}, "fields": [key, *fields]})


def to_one(name, column, other, **meta):
    call(f"/fields/{name}", field(column, "integer"))
    relation = {"collection": name, "field": column, "related_collection": other, "meta": meta or None}
    call("/relations", relation | {"schema": {"on_delete": "SET NULL"}})


def to_many(name, other):
    collection(f"{name}_{other}")
    call(f"/fields/{name}", {"field": other, "type": "alias", "meta": {"special": ["m2m"], "interface": "list-m2m"}})
    to_one(f"{name}_{other}", f"{name}_id", name, one_field=other, junction_field=f"{other}_id")
    to_one(f"{name}_{other}", f"{other}_id", other, junction_field=f"{name}_id")


collection("sections", field("slug", "string", is_unique=True))
collection("tags", field("slug", "string", is_unique=True))
collection("authors", field("name", "string", is_unique=True))
text = [field(name, "text") for name in ("title", "standfirst", "html")]
collection("articles", field("slug", "string", is_unique=True), *text, field("published_at", "timestamp"))
to_one("articles", "section", "sections")
to_many("articles", "tags")
to_many("articles", "authors")
collection("comments", field("author_name", "string"), field("body", "text"))
to_one("comments", "article", "articles")
to_one("comments", "parent", "comments")
public = next(policy["id"] for policy in call("/policies?fields=id,name") if policy["name"] == "$t:public_label")
for name in ("sections", "tags", "authors", "articles", "articles_tags", "articles_authors", "comments"):
    may = {"policy": public, "collection": name, "fields": ["*"], "permissions": {}, "validation": {}}
    call("/permissions", may | {"action": "read"})
    if name == "comments":
        call("/permissions", may | {"action": "create"})
