"""Writes every article of a Masthead server, with its comments, to standard output: a line of JSON each.

    python3 bench/peers/export.py http://127.0.0.1:8080 >articles.jsonl
"""

import json
import sys
import urllib.parse
import urllib.request

BASE = sys.argv[1].rstrip("/") + "/api/v1"


def get(path, **query):
    query = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
    with urllib.request.urlopen(f"{BASE}{path}?{query}") as answer:
        return json.load(answer)


def pages(path, **query):
    cursor = None
    while True:
        page = get(path, cursor=cursor, limit=100, **query)
        yield from page["data"]
        cursor = page["page"]["next_cursor"]
        if cursor is None:
            return


def comments(path, found):
    """Each before its answers."""
    for comment in found:
        if comment["body_html"] is not None:
            yield {name: comment[name] for name in ("id", "parent_id", "author_name", "body_html", "created_at")}
        if comment["reply_count"]:
            yield from comments(path, pages(f"{path}/{comment['id']}/replies"))


for card in pages("/articles", sort="published_at"):
    article = get(f"/articles/{card['slug']}")
    path = f"/articles/{card['id']}/comments"
    line = {name: article[name] for name in ("slug", "title", "standfirst", "published_at")}
    line["html"] = article["body"]["html"]
    line["section"] = article["section"] and article["section"]["slug"]
    line["tags"] = [tag["slug"] for tag in article["tags"]]
    line["authors"] = [author["name"] for author in article["authors"]]
    line["comments"] = list(comments(path, pages(path))) if card["comment_count"] else []
    print(json.dumps(line, ensure_ascii=False))
