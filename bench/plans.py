"""How PostgreSQL finds what readers ask for: along the index that was made for it, and looking at no more than a page needs.

The plans are those of the very statements of requests, as PostgreSQL's `auto_explain` notes them.
"""

import json
import sys

from stage import Client
from statements import OWN, Listener
from uncached import common

NOTED = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_format": "json",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
}
# So few rows that reading them all is the quickest.
SMALL = {"sections", "section_counts", "site", "tags", "authors", "retired_slugs", "search_languages"}
PAGES = 3
ENTRIES = 5_000
NEWEST, OLDEST, UPDATED = "-published_at", "published_at", "-content_updated_at"


def measure(stage, table):
    listener = Listener(stage, NOTED)
    client = listener.client
    newest = client.get("/api/v1/articles?limit=100")["data"]
    section, section_2 = common(card["section"]["slug"] for card in newest)[:2]
    tag, other = common(tag["slug"] for card in newest for tag in card["tags"])[:2]
    author, author_2 = common(author["slug"] for card in newest for author in card["authors"])[:2]
    before = newest[-1]["published_at"].replace("+", "%2B")
    amiss, most = [], 0

    def look(path, index):
        """The answer; its plans are held to the index."""
        nonlocal most
        answer = {}

        def ask():
            answer.update(client.get(path))
            # A plan is noted when the next statement of its connection begins, at the latest.
            client.get("/api/v1/tags?limit=1")

        entries = listener.entries(ask)
        plans = [plan for plan in map(noted, entries) if plan]
        nodes = [node for plan in plans for node in below(plan["Plan"])]
        whole = [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"]
        along = {node["Index Name"] for node in nodes if "Index Name" in node}
        if not any(name.startswith(index) for name in along) or set(whole) - SMALL:
            amiss.append(path)
            print(f"bench: {path}: not {index}, but {along}; whole: {whole}", file=sys.stderr)
        # A search ranks the newest of all that it finds; a list takes what it shows, and little more.
        if path.startswith("/api/v1/articles?"):
            most = max(most, sum(looked_at(node) for node in nodes if node.get("Index Name", "").startswith(index)))
        return answer

    for ask, index, updated in [
        ("", "published_articles_newest_idx", "published_articles_updated_idx"),
        (f"section={section}", "published_article_sections_newest_idx", "published_article_sections_updated_idx"),
        (f"tag={tag}", "published_article_tags_newest_idx", "published_article_tags_updated_idx"),
        (f"author={author}", "published_article_authors_newest_idx", "published_article_authors_updated_idx"),
        ("kicker=Analysis", "published_articles_kicker_idx", "published_articles_updated_idx"),
        ("language=pt", "published_articles_language_idx", "published_articles_updated_idx"),
        ("featured=true", "published_articles_featured_idx", "published_articles_updated_idx"),
        (f"published_before={before}", "published_articles_newest_idx", "published_articles_updated_idx"),
        (f"tag_all={tag},{other}", "published_article_tags_", "published_article_tags_"),
        (f"tag={tag}&section={section}", "published_article_tags_", "published_article_tags_"),
        (f"author={author}&section={section}", "published_article_authors_", "published_article_authors_"),
        (f"tag={tag},{other}", "published_articles_newest_idx", "published_articles_updated_idx"),
        (f"section={section},{section_2}", "published_articles_newest_idx", "published_articles_updated_idx"),
        (f"author={author},{author_2}", "published_articles_newest_idx", "published_articles_updated_idx"),
        ("language=en,pt", "published_articles_newest_idx", "published_articles_updated_idx"),
        ("featured=false", "published_articles_newest_idx", "published_articles_updated_idx"),
        (f"tag={tag},nobody", "published_article_tags_", "published_article_tags_"),
        ("kicker=Analysis,Opinion", "published_articles_newest_idx", "published_articles_updated_idx"),
        ("breaking=false", "published_articles_newest_idx", "published_articles_updated_idx"),
        ("breaking=true", "published_articles_breaking_idx", "published_articles_breaking_idx"),
        (f"exclude_ids={newest[0]['id']}", "published_articles_newest_idx", "published_articles_updated_idx"),
        (f"published_after={before}", "published_articles_newest_idx", "published_articles_updated_idx"),
    ]:
        for sort, along in [(NEWEST, index), (OLDEST, index), (UPDATED, updated)]:
            cursor = ""
            for _ in range(PAGES):
                if cursor is None:
                    break
                page = look(f"/api/v1/articles?{ask}&sort={sort}{cursor}", along)["page"]
                cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    for card in newest[:5]:
        look(f"/api/v1/articles/{card['slug']}", "published_articles_slug_key")
        look(f"/api/v1/articles/{card['id']}", "published_articles_pkey")
    thread = f"/api/v1/articles/{max(newest, key=lambda card: card['comment_count'])['slug']}/comments"
    roots = look(thread, "comments_roots_idx")["data"]
    look(f"{thread}?sort=oldest", "comments_roots_idx")
    look(f"{thread}?sort=most_replied", "comments_most_replied_idx")
    # Of a few replies any index of theirs will do.
    look(f"{thread}/{max(roots, key=lambda root: root['reply_count'])['id']}/replies", "comments_")
    look("/api/v1/sections?latest=5", "published_article_sections_newest_idx")
    for words in ("water", "house+water", "farenley", "%22the+house%22", "water+-house", "water&tag=" + tag):
        look(f"/api/v1/search?q={words}", "published_article_search_words_idx")
    stage.end(listener.server)
    table.bound("plans, not along their index", len(amiss), 0, "")
    table.bound("plans, entries of one index for a page", most, ENTRIES, "")


def noted(entry):
    _, found, plan = entry.partition("plan:")
    if not found or any(word in entry for word in OWN):
        return None
    return json.loads(plan)


def below(node):
    yield node
    for child in node.get("Plans", ()):
        yield from below(child)


def looked_at(node):
    """Of how many rows one run of a node that reads a table took or refused them; of all its runs."""
    if "Relation Name" not in node:
        return 0
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return (node["Actual Rows"] + removed) * node["Actual Loops"]
