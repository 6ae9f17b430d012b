"""A storm of a hundred thousand questions that nobody asked before: what is kept stays within its bytes, and what readers ask
meanwhile is answered."""

import http.client
import socket
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from stage import Client

QUESTIONS = 100_000
AT_ONCE = 8
MEGABYTES = 64
# How much more than that may be kept, and how much memory the program may take besides; how many milliseconds a question may take,
# and 99 of a hundred of another reader's.
EXCEEDED, BESIDES = 1.1, 100
PATIENCE, READERS_PATIENCE = 1_000, 60


def question(number):
    """A path, and what it is answered."""
    match number % 10:
        case 0:
            return f"/api/v1/search?q=storm{number:x}zq", b'"data":[]'
        case 1 | 2 | 3:
            return f"/api/v1/articles?published_before=2030-01-01T00:00:00.{number:06}Z", b'"data":[{'
        case 4 | 5 | 6:
            return f"/api/v1/articles?kicker=Nothing+{number}", b'"data":[]'
        case _:
            return f"/api/v1/articles/nobody-{number}", b'"code":"not_found"'


def measure(stage, table):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        metrics = free.getsockname()[1]
    stage.own()
    server = stage.serve({"MASTHEAD_CACHE_SIZE": f"{MEGABYTES}MiB", "MASTHEAD_METRICS_ADDR": f"127.0.0.1:{metrics}"})
    story = f"/api/v1/articles/{Client(server.base).get('/api/v1/articles?limit=1')['data'][0]['slug']}"
    expected = Client(server.base).ask("GET", story)[2]
    before, over = server.memory_mb(), threading.Event()
    kept, waited, memory = [], [], []

    def read():
        """Another reader, all the while."""
        reader, watch = Client(server.base), http.client.HTTPConnection("127.0.0.1", metrics)
        while not over.is_set():
            began = time.perf_counter()
            if reader.ask("GET", story)[2] != expected:
                sys.exit(f"bench: {story} was answered otherwise")
            waited.append((time.perf_counter() - began) * 1000)
            watch.request("GET", "/metrics")
            said = dict(line.rsplit(" ", 1) for line in watch.getresponse().read().decode().splitlines() if line[0] != "#")
            kept.append(int(said["masthead_cache_bytes"]) / 2**20)
            memory.append(server.memory_mb())
            time.sleep(0.01)

    def ask(first):
        client, slowest = Client(server.base), 0.0
        for number in range(first, QUESTIONS, AT_ONCE):
            path, answer = question(number)
            began = time.perf_counter()
            said = client.ask("GET", path)[2]
            slowest = max(slowest, (time.perf_counter() - began) * 1000)
            if answer not in said:
                sys.exit(f"bench: {path} was answered {said[:300]}")
        return slowest

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        reading = pool.submit(read)
        try:
            slowest = max(pool.map(ask, range(AT_ONCE)))
        finally:
            over.set()
        reading.result()
    took = time.perf_counter() - began
    stage.end(server)
    table.bound(f"storm of {QUESTIONS:,} questions, kept at most", max(kept), EXCEEDED * MEGABYTES, "MB")
    table.bound("storm, memory", max(memory), EXCEEDED * MEGABYTES + BESIDES, "MB")
    table.bound("storm, the slowest answer", slowest, PATIENCE, "ms")
    table.bound("storm, p99 of a reader beside it", statistics.quantiles(waited, n=100)[98], READERS_PATIENCE, "ms")
    table.note(f"storm: {QUESTIONS / took:,.0f} questions a second; memory was {before:.0f} MB before")
