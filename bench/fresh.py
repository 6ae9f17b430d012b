"""How soon a change that one server made is seen on another, and that the one that made it never shows less."""

import sys
import time

from stage import Client

CHANGES = 10


def measure(stage, table):
    own = stage.own()
    other = stage.serve({"DATABASE_URL": stage.database})
    table.bound("freshness, on another node", longest(own, other) * 1000, 1000, "ms")
    stage.end(other)


def longest(changing, other):
    """After how many seconds at most the other server has what this one changed."""
    editor, here, there = Client(changing.base).sign_in("editor@demo.local"), Client(changing.base), Client(other.base)
    card = editor.get("/api/v1/articles?limit=1")["data"][0]
    desk, shown = f"/api/v1/desk/articles/{card['id']}", f"/api/v1/articles/{card['slug']}"
    latest = 0.0
    for number in range(CHANGES):
        # Both have it, as it was.
        here.get(shown), there.get(shown), there.get("/api/v1/articles")
        title = f"Changed {number} by {changing.port}"
        editor.json("PATCH", desk, {"title": title})
        editor.json("POST", f"{desk}/publish", {})
        began = time.perf_counter()
        if here.get(shown)["title"] != title:
            sys.exit("bench: the server that published shows what was before")
        while there.get(shown)["title"] != title or there.get("/api/v1/articles")["data"][0]["title"] != title:
            if time.perf_counter() - began > 10:
                break
            time.sleep(0.005)
        latest = max(latest, time.perf_counter() - began)
    return latest
