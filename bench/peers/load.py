"""Writes articles, as export.py gives them, into another system by its public interface.

    python3 bench/peers/load.py ghost|strapi|directus|wordpress BASE TOKEN [AT_ONCE] <articles.jsonl

TOKEN is what peers.md says for each; AT_ONCE, how many articles are under way together. Sections, tags and authors are made
when they are first named.
"""

import base64
import hashlib
import hmac
import json
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor, as_completed

SYSTEM, BASE, TOKEN = sys.argv[1], sys.argv[2].rstrip("/"), sys.argv[3]
AT_ONCE = int(sys.argv[4]) if len(sys.argv) > 4 else 1
known, making = {}, threading.Lock()


def call(path, body=None, scheme="Bearer", token=TOKEN):
    headers = {"Content-Type": "application/json", "Authorization": f"{scheme} {token}", "Accept-Version": "v5.0"}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers)) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{path} answered {error.code}: {error.read()[:500]}") from None


def once(kind, name, make):
    """The id of what this is called, made the first time."""
    with making:
        if (kind, name) not in known:
            known[kind, name] = make(name)
        return known[kind, name]


def ghost(article):
    # A token of five minutes, signed with the key.
    key, secret = TOKEN.split(":")
    part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")
    now = int(time.time())
    head = part({"alg": "HS256", "typ": "JWT", "kid": key}) + b"." + part({"iat": now, "exp": now + 300, "aud": "/admin/"})
    sign = base64.urlsafe_b64encode(hmac.new(bytes.fromhex(secret), head, hashlib.sha256).digest()).rstrip(b"=")
    post = {name: article[name] for name in ("slug", "title", "html", "published_at")}
    # Its milliseconds have three digits.
    post |= {"published_at": article["published_at"][:19] + ".000Z", "status": "published"}
    post |= {"custom_excerpt": article["standfirst"][:300], "tags": [{"name": tag} for tag in article["tags"]]}
    call("/ghost/api/admin/posts/?source=html", {"posts": [post]}, "Ghost", (head + b"." + sign).decode())


def strapi(article):
    made = lambda kind, field: lambda name: call(f"/api/{kind}", {"data": {field: name}})["data"]["documentId"]
    data = {name: article[name] for name in ("slug", "title", "standfirst", "html", "published_at")}
    data["section"] = once("sections", article["section"], made("sections", "slug"))
    data["tags"] = [once("tags", tag, made("tags", "slug")) for tag in article["tags"]]
    data["authors"] = [once("authors", author, made("authors", "name")) for author in article["authors"]]
    post = call("/api/articles", {"data": data})["data"]["documentId"]
    ids = {}
    for comment in article["comments"]:
        data = {"article": post, "author_name": comment["author_name"], "body": comment["body_html"]}
        data["parent"] = ids.get(comment["parent_id"])
        ids[comment["id"]] = call("/api/comments", {"data": data})["data"]["documentId"]


def directus(article):
    made = lambda kind, field: lambda name: call(f"/items/{kind}", {field: name})["data"]["id"]
    data = {name: article[name] for name in ("slug", "title", "standfirst", "html", "published_at")}
    data["section"] = once("sections", article["section"], made("sections", "slug"))
    data["tags"] = [{"tags_id": once("tags", tag, made("tags", "slug"))} for tag in article["tags"]]
    data["authors"] = [{"authors_id": once("authors", name, made("authors", "name"))} for name in article["authors"]]
    post = call("/items/articles", data)["data"]["id"]
    ids, rest = {}, article["comments"]
    while rest:
        # Many at once, but none before what it answers.
        waiting = {comment["id"] for comment in rest}
        now = [comment for comment in rest if comment["parent_id"] not in waiting][:100]
        data = [{"author_name": comment["author_name"], "body": comment["body_html"]} for comment in now]
        for comment, row in zip(now, data):
            row |= {"article": post, "parent": ids.get(comment["parent_id"])}
        made = call("/items/comments", data)["data"]
        ids |= {comment["id"]: row["id"] for comment, row in zip(now, made)}
        rest = [comment for comment in rest if comment["id"] not in ids]


def wordpress(article):
    token = base64.b64encode(TOKEN.encode()).decode()
    make = lambda kind: lambda name: call(f"/wp-json/wp/v2/{kind}", {"name": name, "slug": name}, "Basic", token)["id"]

    def user(name):
        new = {"username": name.lower().replace(" ", "-"), "name": name, "password": "bench-author", "roles": ["author"]}
        new["email"] = f"{new['username']}@paper.example"
        return call("/wp-json/wp/v2/users", new, "Basic", token)["id"]

    data = {"slug": article["slug"], "title": article["title"], "content": article["html"], "status": "publish"}
    data |= {"excerpt": article["standfirst"], "date_gmt": article["published_at"][:19]}
    data["categories"] = [once("categories", article["section"], make("categories"))]
    data["tags"] = [once("tags", tag, make("tags")) for tag in article["tags"]]
    # It knows one author of each.
    data["author"] = once("users", article["authors"][0], user)
    post = call("/wp-json/wp/v2/posts", data, "Basic", token)["id"]
    ids = {}
    for comment in article["comments"]:
        data = {"post": post, "author_name": comment["author_name"], "content": comment["body_html"]}
        data |= {"author_email": "reader@paper.example", "status": "approve", "parent": ids.get(comment["parent_id"], 0)}
        ids[comment["id"]] = call("/wp-json/wp/v2/comments", data, "Basic", token)["id"]


write = {"ghost": ghost, "strapi": strapi, "directus": directus, "wordpress": wordpress}[SYSTEM]
began = time.perf_counter()
pool = ThreadPoolExecutor(AT_ONCE)
try:
    # Each as it is done: the comments of one article may take longer than a thousand others.
    for number, done in enumerate(as_completed([pool.submit(write, json.loads(line)) for line in sys.stdin]), 1):
        done.result()
        if number % 100 == 0:
            print(f"{number} articles, {number / (time.perf_counter() - began):.1f}/s", file=sys.stderr)
finally:
    pool.shutdown(cancel_futures=True)
