"""Three hundred who sign in at once: how much memory that takes, and what readers notice of it."""

import asyncio
import http.client
import json
import multiprocessing
import os
import statistics
import time

from load import alternating
from stage import PASSWORD

CROWD = 300
PATH = "/api/v1/articles?limit=20"


def read(port, until, seconds):
    """The 99th percentile of reads, one after the other, in milliseconds; ends when told, or after so long."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    samples, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end and not until.is_set():
        began = time.perf_counter()
        connection.request("GET", PATH)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        samples.append((time.perf_counter() - began) * 1000)
        time.sleep(0.002)
    return statistics.quantiles(samples, n=100)[98]


def reader(port, until, seconds, told):
    told.put(read(port, until, seconds))


def apart(port, until, seconds):
    """A reader in a process of its own, so that the crowd does not hold it up."""
    told = multiprocessing.Queue()
    process = multiprocessing.Process(target=reader, args=(port, until, seconds, told))
    process.start()
    return process, told


async def sign_in(port):
    body = json.dumps({"email": "editor@demo.local", "password": PASSWORD}).encode()
    head = f"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    inbound, outbound = await asyncio.open_connection("127.0.0.1", port)
    outbound.write(head.encode() + body)
    status = int((await inbound.read()).split(b" ", 2)[1])
    outbound.close()
    return status


async def crowd(port):
    return await asyncio.gather(*(sign_in(port) for _ in range(CROWD)))


def peak_mb(server):
    with open(f"/proc/{server.process.pid}/status", encoding="utf-8") as file:
        return int(next(line.split()[1] for line in file if line.startswith("VmHWM"))) / 1024


def measure(stage, table):
    stage.own()
    server = stage.serve({"MASTHEAD_REQUEST_TIMEOUT": "120s"})
    asyncio.run(sign_in(server.port))
    before = peak_mb(server)
    late = alternating({"idle": lambda: (alone(server.port),), "busy": lambda: (beside_the_crowd(server.port),)})
    table.bound(f"memory, {CROWD} sign-ins at once", peak_mb(server) - before, 64 + 19 * os.cpu_count(), "MB")
    table.at_most(f"a cached list meanwhile, p99, {CROWD} sign-ins", *late["busy"], *late["idle"], 3)
    stage.end(server)


def alone(port):
    _, told = apart(port, multiprocessing.Event(), 5)
    return told.get()


def beside_the_crowd(port):
    done = multiprocessing.Event()
    process, told = apart(port, done, 120)
    statuses = asyncio.run(crowd(port))
    done.set()
    late = told.get()
    process.join()
    assert statuses == [200] * CROWD, statuses
    return late
