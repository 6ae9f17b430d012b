"""What the bench stands on: the data, the servers, and clients that check what they get."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

BINARY = os.environ.get("MASTHEAD_BENCH_BINARY") or "target/release/masthead"
PASSWORD = "masthead-demo"


def knows(setting):
    with open(".env.example", encoding="utf-8") as file:
        return setting in file.read()


# A server that asks the database each time.
UNCACHED = {"MASTHEAD_CACHE_SIZE": "0B"} if knows("MASTHEAD_CACHE_SIZE") else {}


class Server:
    """A server process with the settings that everybody has, but for its address, the limits, and `settings`."""

    def __init__(self, stage, settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        own = {"MASTHEAD_ADDR": f"127.0.0.1:{self.port}", "MASTHEAD_RATE_LIMITS": "off", **settings}
        self.log = open(f"{stage.work}/server-{self.port}.log", "wb")
        began = time.perf_counter()
        self.process = subprocess.Popen([BINARY, "serve"], env=stage.environment | own, stdout=self.log, stderr=self.log)
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() - began > 120:
                sys.exit(f"bench: a server did not start: {open(self.log.name).read()[-2000:]}")
            time.sleep(0.002)
        self.seconds_to_first_answer = time.perf_counter() - began

    def _answers(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/api/v1/articles?limit=1")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def memory_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            kilobytes = next(line.split()[1] for line in file if line.startswith("VmRSS"))
        return int(kilobytes) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()


class Client:
    """One connection, kept open."""

    def __init__(self, base, headers=()):
        self.base, where = base, urllib.parse.urlsplit(base)
        self.connection = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
        self.headers = dict(headers)
        self.used = 0.0

    def ask(self, method, path, body=None, headers=()):
        """Status, headers and bytes."""
        sent = self.headers | dict(headers)
        if body is not None:
            sent["Content-Type"] = "application/json"
        # One that nobody used for a while the server has closed.
        if time.perf_counter() - self.used > 2:
            self.connection.close()
        self.connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = self.connection.getresponse()
        self.used = time.perf_counter()
        return answer.status, answer.headers, answer.read()

    def json(self, method, path, body=None, status=200):
        given, _, text = self.ask(method, path, body)
        if given != status:
            sys.exit(f"bench: {method} {path} answered {given}, not {status}: {text[:500]}")
        return json.loads(text)

    def get(self, path):
        return self.json("GET", path)

    def sign_in(self, email):
        signed_in = self.json("POST", "/api/v1/auth/login", {"email": email, "password": PASSWORD})
        self.headers |= {"Authorization": f"Bearer {signed_in['access_token']}", "If-Match": "*"}
        return self


class Stage:
    """A data folder with the big newsroom, and the server that its PostgreSQL belongs to."""

    def __init__(self, work, data):
        self.work, self.data = work, data
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MASTHEAD_")}
        kept.pop("DATABASE_URL", None)
        self.environment = kept | {"MASTHEAD_ENV": "development", "MASTHEAD_DATA_DIR": data}
        self.servers = []
        self.owner = None

    def load(self, scale):
        """Loads the newsroom, if there is none. The index of its words is made afterwards, in a third of the time."""
        if os.path.exists(f"{self.data}/postgres"):
            return
        began = time.perf_counter()
        server = self.serve({"MASTHEAD_DEMO": "off"})
        self.database = self._address()
        index = self.sql("SELECT pg_get_indexdef('published_article_search_words_idx'::regclass)")
        self.sql("DROP INDEX published_article_search_words_idx")
        environment = self.environment | {"DATABASE_URL": self.database}
        subprocess.run([BINARY, "demo", "load", "--scale", scale], env=environment, check=True, stdout=sys.stderr)
        self.sql("SET maintenance_work_mem = '1GB'", index)
        self._count_words()
        self.sql("VACUUM ANALYZE")
        self.end(server)
        print(f"bench: loaded in {time.perf_counter() - began:.0f} s", file=sys.stderr)

    def _count_words(self):
        """Counts the words of what is new, for corrections of slips. The server would, a few at a time, while it is measured."""

        def count(_):
            while self.sql("SELECT search_count_words(5000)") != "0":
                pass

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(count, range(2)))
        while self.sql("SELECT count(*) FROM search_uncounted") != "0":
            time.sleep(1)

    def own(self):
        """The server whose private PostgreSQL it is; started once, and first."""
        if self.owner is None:
            self.owner = self.serve({})
            self.database = self._address()
            self.environment = self.environment | {"DATABASE_URL": self.database}
            self.sql("VACUUM ANALYZE", "CHECKPOINT")
        return self.owner

    def _address(self):
        found = subprocess.run([BINARY, "database", "url"], env=self.environment, check=True, capture_output=True, text=True)
        return found.stdout.strip()

    def serve(self, settings):
        server = Server(self, settings)
        self.servers.append(server)
        return server

    def end(self, server):
        self.servers.remove(server)
        server.stop()

    def sql(self, *statements):
        from load import program

        arguments = [argument for statement in statements for argument in ("-c", statement)]
        run = [program("psql"), self.database, "-qXAt", *arguments]
        return subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()

    def strike(self):
        """Ends the servers, the owner last."""
        for server in reversed(self.servers):
            server.stop()
