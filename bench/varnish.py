"""Readers behind Varnish: how soon they have what an editor did, and how often the server was asked for it."""

import json
import sys
import time
import urllib.error
import urllib.request

LATEST = 1.0  # second
BACK, FRONT = sys.argv[1:3]


def call(url, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers, json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, json.loads(error.read() or "null")


def ready():
    for _ in range(100):
        try:
            if call(f"{FRONT}/api/v1/site")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit("bench/varnish: Varnish does not answer")


ready()
signed_in = call(f"{BACK}/api/v1/auth/login", {"email": "editor@demo.local", "password": "masthead-demo"})[2]
EDITOR = {"Authorization": f"Bearer {signed_in['access_token']}", "If-Match": "*"}


def desk(path, body, method="POST"):
    request = urllib.request.Request(
        f"{BACK}/api/v1/desk{path}", json.dumps(body).encode(), {"Content-Type": "application/json", **EDITOR}, method=method
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.loads(answer.read())


made = desk("/articles", {
    "title": "Behind a shared cache", "section": "world", "authors": ["ana-lima"], "body": {"source": "It is so."},
})
article, slug = made["id"], made["slug"]
url = f"{FRONT}/api/v1/articles/{slug}"
missed = False


def seen(what, act, is_so):
    """Does something, then asks as readers do until they have it; counts how often Varnish asked the server."""
    global missed
    for _ in range(3):
        call(url)
    act()
    began, asked = time.monotonic(), 0
    while True:
        status, headers, body = call(url)
        # Two numbers: the request, and the one that the kept answer was fetched by.
        asked += len(headers["X-Varnish"].split()) == 1
        late = time.monotonic() - began
        if is_so(status, body) or late > 5 * LATEST:
            break
        time.sleep(0.01)
    for _ in range(20):
        asked += len(call(url)[1]["X-Varnish"].split()) == 1
    ok = late <= LATEST and asked == 1
    missed |= not ok
    print(f"{what:<12} {late * 1000:6.0f} ms   the server was asked {asked} times   {'ok' if ok else 'MISSED'}")


seen("publish", lambda: desk(f"/articles/{article}/publish", {}), lambda status, _: status == 200)


def change():
    desk(f"/articles/{article}", {"title": "Changed"}, "PATCH")
    desk(f"/articles/{article}/publish", {})


seen("publish anew", change, lambda _, body: body.get("title") == "Changed")
note = {"kind": "correction", "text": "It was wrong.", "patch": {"title": "Corrected"}}
seen("correct", lambda: desk(f"/articles/{article}/corrections", note), lambda _, body: body.get("title") == "Corrected")
seen("unpublish", lambda: desk(f"/articles/{article}/unpublish", {}), lambda status, _: status == 404)
seen("publish", lambda: desk(f"/articles/{article}/publish", {}), lambda status, _: status == 200)
killing = {"reason": "Untrue.", "notice": "We took this down."}
seen("kill", lambda: desk(f"/articles/{article}/kill", killing), lambda status, _: status == 410)
sys.exit(missed)
