"""Comments: a long thread beside a short one, and a flood.

bench/comments calls it with the server's banner (JSON) and the address of its database. Pages are read once each, so that
no kept answer is measured; the long thread and the short one take turns.
"""

import glob
import http.client
import json
import multiprocessing
import shutil
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse

LONG, SHORT = 100_000, 100
PAGE_RATIO = 2.0
ADDRESSES, A_MINUTE, SECONDS, WRITERS = 200, 10_000, 60, 16
# What the rules that a new paper begins with allow.
PER_ADDRESS, PER_ARTICLE = 5, 120
TOLERANCE = 0.10
QUEUE_P99, SAVE_RATIO = 200.0, 2.0
WAITING = 100_000

base = urllib.parse.urlsplit(json.loads(sys.argv[1])["url"])
database = sys.argv[2]
missed = []


class Client:
    def __init__(self, headers=None):
        self.connection, self.used = http.client.HTTPConnection(base.hostname, base.port), 0.0
        self.headers = {"Content-Type": "application/json", "If-Match": "*", **(headers or {})}

    def send(self, method, path, body=None, headers=None):
        text = None if body is None else json.dumps(body)
        # The server hangs up on who says nothing for a while.
        if time.monotonic() - self.used > 2:
            self.connection.close()
        self.connection.request(method, path, text, {**self.headers, **(headers or {})})
        answer = self.connection.getresponse()
        whole = answer.status, answer.read()
        self.used = time.monotonic()
        return whole

    def call(self, method, path, body=None, status=200):
        got, text = self.send(method, path, body)
        if got != status:
            sys.exit(f"{method} {path} answered {got}: {text[:500]}")
        return json.loads(text) if text else None

    def timed(self, method, path, body=None, status=200):
        began = time.perf_counter()
        answer = self.call(method, path, body, status)
        return (time.perf_counter() - began) * 1000, answer


def program(name):
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))), None)
    return found or sys.exit(f"{name} is missing; it comes with PostgreSQL")


def sql(*statements):
    arguments = [argument for statement in statements for argument in ("-c", statement)]
    options = ["-qXAt", "-v", "ON_ERROR_STOP=1"]
    ran = subprocess.run([program("psql"), database, *options, *arguments], capture_output=True, text=True)
    return ran.stdout.strip() if ran.returncode == 0 else sys.exit(ran.stderr)


def figure(name, value, limit, fine):
    print(f"{name:<58} {value:>16}   {limit}{'' if fine else '   MISSED'}", flush=True)
    if not fine:
        missed.append(name)


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


signed_in = Client().call(
    "POST", "/api/v1/auth/login", {"email": "editor@demo.local", "password": "masthead-demo"}
)
bearer = {"Authorization": f"Bearer {signed_in['access_token']}"}
editor, reader = Client(bearer), Client()


def publish(title):
    draft = {"title": title, "section": "world", "authors": ["ana-lima"], "body": {"source": "It is so. " * 400}}
    made = editor.call("POST", "/api/v1/desk/articles", draft, 201)
    path = f"/api/v1/desk/articles/{made['id']}"
    editor.call("POST", f"{path}/publish", {})
    editor.call("PATCH", path, {"comments_policy": "open"})
    return made["id"], f"/api/v1/articles/{made['slug']}/comments"


def fill(article, count, status="approved", queue="NULL"):
    """Half of them on the article itself, and half below the oldest of those."""
    columns = (
        "id, article_id, parent_id, depth, author_kind, author_name, avatar_key, body, body_html, status, queue,"
        " reply_count, version, created_at, report_count"
    )
    text = "'A comment of some length. ' || repeat('It goes on for a while. ', 8)"
    made = "timestamptz '2026-01-01Z' + n * interval '1 second'"

    def rows(parent, depth):
        return (
            f"INSERT INTO comments ({columns}) SELECT gen_random_uuid(), '{article}', {parent}, {depth}, 'reader', 'Reader',"
            f" substr(md5(n::text), 1, 16), {text}, '<p>' || {text} || '</p>', '{status}', {queue}, 0, 1, {made}, 0"
            f" FROM generate_series(1, {count // 2}) n"
        )

    oldest = f"(SELECT id FROM comments WHERE article_id = '{article}' AND parent_id IS NULL ORDER BY created_at LIMIT 1)"
    sql(
        rows("NULL", 1),
        rows(oldest, 2),
        f"UPDATE comments SET reply_count = {count // 2} WHERE id = {oldest} AND status = 'approved'",
    )


def pages():
    threads = {}
    for name, count in (("long", LONG), ("short", SHORT)):
        article, thread = publish(f"A {name} thread")
        fill(article, count)
        threads[name] = thread
    waiting, _ = publish("What waits")
    fill(waiting, WAITING, "pending", "'held'")
    # As the database does by itself after a while.
    sql("VACUUM ANALYZE comments")

    def cursor(thread, limit, after):
        answer = reader.call("GET", f"{thread}?limit={limit}{after}")
        return f"&cursor={answer['page']['next_cursor']}"

    ways = {name: {} for name in threads}
    for name, thread in threads.items():
        deep = ""
        for _ in range(400 if name == "long" else 0):
            deep = cursor(thread, 100, deep)
        root = reader.call("GET", f"{thread}?sort=oldest&limit=1")["data"][0]["id"]
        first = [f"{thread}?limit={n}&sort={sort}" for n in range(21, 51) for sort in ("newest", "oldest")]
        ways[name] = {
            "first page": first,
            "deep page": [f"{thread}?limit=20{cursor(thread, n, deep)}" for n in range(1, 29)],
            "reply page": [f"{thread}/{root}/replies?limit={n}" for n in range(10, 50)],
        }
    for kind in ("first page", "deep page", "reply page"):
        times = {"long": [], "short": []}
        # The first few warm the connections of the server.
        for index, pair in enumerate(zip(ways["long"][kind], ways["short"][kind])):
            for name, path in zip(("long", "short"), pair):
                took, answer = reader.timed("GET", path)
                if not answer["data"]:
                    sys.exit(f"{path} is empty")
                if index >= 5:
                    times[name].append(took)
        long, short = (statistics.median(times[name]) for name in ("long", "short"))
        told = f"{long:.2f} / {short:.2f} ms"
        figure(f"{kind} of {LONG:,} comments / of {SHORT}", told, f"ratio {long / short:.2f}, at most {PAGE_RATIO}", long / short <= PAGE_RATIO)


def write(thread, began, numbers, results):
    """Sends its share of the flood, each comment at its time."""
    answered = []

    def one(mine):
        client = Client()
        for number in mine:
            wait = began + number * 60 / A_MINUTE - time.time()
            if wait > 0:
                time.sleep(wait)
            address = number % ADDRESSES
            body = {"author_name": f"Reader {address}", "body": f"Number {number} of many, each in words of its own."}
            status, text = client.send("POST", thread, body, {"X-Forwarded-For": f"198.51.{address // 100}.{address % 100}"})
            made = json.loads(text)
            answered.append((status, address, made.get("id"), made.get("status"), made.get("code")))

    threads = [threading.Thread(target=one, args=(numbers[share :: WRITERS // 2],)) for share in range(WRITERS // 2)]
    for thread_ in threads:
        thread_.start()
    for thread_ in threads:
        thread_.join()
    results.put(answered)


def watch(until, results):
    client, times = Client(bearer), []
    while time.time() < until:
        for path in ("/api/v1/desk/comments/queues", "/api/v1/desk/comments?queue=held&limit=20"):
            times.append(client.timed("GET", path)[0])
        time.sleep(0.1)
    results.put(times)


def save(path, until, results):
    client, times = Client(bearer), []
    while time.time() < until:
        body = {"body": {"source": f"At {time.time()}. " + "A paragraph of some length. " * 145}}
        times.append(client.timed("PATCH", path, body)[0])
        time.sleep(0.05)
    results.put(times)


def run(target, *arguments):
    results = multiprocessing.Queue()
    process = multiprocessing.Process(target=target, args=(*arguments, results))
    process.start()
    return process, results


def flood():
    article, thread = publish("A flooded article")
    draft = editor.call("POST", "/api/v1/desk/articles", {"title": "Saved all the while", "section": "world"}, 201)
    path = f"/api/v1/desk/articles/{draft['id']}"
    _, idle = run(save, path, time.time() + 10)
    idle = statistics.median(idle.get()[10:])

    began = time.time() + 1
    numbers = list(range(A_MINUTE * SECONDS // 60))
    writers = [run(write, thread, began, numbers[share::2]) for share in range(2)]
    watched, saved = run(watch, began + SECONDS), run(save, path, began + SECONDS)
    answered = [answer for _, results in writers for answer in results.get()]
    took = time.time() - began
    queues, saves = watched[1].get(), saved[1].get()

    taken = [answer for answer in answered if answer[0] == 201]
    refused = sum(1 for answer in answered if answer[0] == 429)
    shown = {answer[2] for answer in taken if answer[3] == "approved"}
    held = {answer[2] for answer in taken if answer[3] == "pending"}
    odd = [answer for answer in answered if answer[0] not in (201, 429)]
    print(f"\n{len(answered):,} comments from {ADDRESSES} addresses in {took:.1f} s: {len(taken):,} taken, {refused:,} refused")
    figure("answers other than 201 and 429", len(odd), odd[:3] or "none", not odd)
    sent_in_time = took <= SECONDS * (1 + TOLERANCE)
    figure("the flood took", f"{took:.1f} s", f"{SECONDS} s + 10 %", sent_in_time)
    expected = ADDRESSES * PER_ADDRESS
    # Whoever began before the minute was over may begin anew in what was sent late.
    figure("taken from all addresses in a minute", f"{len(taken):,}", f"{expected:,} ± 10 %", abs(len(taken) - expected) <= expected * TOLERANCE)
    most = max(sum(1 for answer in taken if answer[1] == address) for address in range(ADDRESSES))
    figure("the most from one address", most, f"{PER_ADDRESS} + 10 %", most <= PER_ADDRESS * (1 + TOLERANCE) + 0.5)
    figure("shown at once on the article", len(shown), f"{PER_ARTICLE} ± 10 %", abs(len(shown) - PER_ARTICLE) <= PER_ARTICLE * TOLERANCE)

    public, after = set(), ""
    while after is not None:
        page = reader.call("GET", f"{thread}?limit=100{after}")
        public |= {comment["id"] for comment in page["data"]}
        following = page["page"]["next_cursor"]
        after = f"&cursor={following}" if following else None
    readable = sum(1 for id in held if reader.send("GET", f"{thread}/{id}")[0] != 404)
    figure("held comments that readers see", len(public & held) + readable, f"none of {len(held):,}", not public & held and not readable)
    figure("shown comments that readers do not see", len(shown - public), "none", not shown - public)
    p99 = percentile(queues, 0.99)
    figure(f"the queues while it lasts, {WAITING:,} waiting, p99 of {len(queues)}", f"{p99:.1f} ms", f"at most {QUEUE_P99:.0f} ms", p99 <= QUEUE_P99)
    during = statistics.median(saves)
    figure("an editor's save while it lasts / before", f"{during:.2f} / {idle:.2f} ms", f"ratio {during / idle:.2f}, at most {SAVE_RATIO}", during / idle <= SAVE_RATIO)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    pages()
    flood()
    if missed:
        print(f"\nmissed: {', '.join(missed)}")
    sys.exit(1 if missed else 0)
