"""The two load generators: wrk against a server, pgbench against its database."""

import glob
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CONNECTIONS = 64
CLIENTS = 8
ROUNDS = 3


def program(name):
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))), None)
    return found or sys.exit(f"bench: {name} is missing; it comes with PostgreSQL")


def written(lines, folder):
    handle, path = tempfile.mkstemp(dir=folder, text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def wrk(base, paths, headers=(), seconds=2, connections=CONNECTIONS, folder=None):
    """Requests a second and the 99th percentile in milliseconds."""
    file = written(paths, folder)
    run = ["-t2", f"-c{connections}", f"-d{seconds}s", "-s", f"{HERE}/walk.lua", base, "--", file, *headers]
    answered = _wrk(run, paths[0])
    os.remove(file)
    return answered


def wrk_writing(base, method, path, body, headers, seconds=2, folder=None):
    """The same for one request after the other over one connection; NUMBER in the body is another one each time."""
    file = written([body], folder)
    run = ["-t1", "-c1", f"-d{seconds}s", "-s", f"{HERE}/write.lua", base, "--", method, path, file, *headers]
    answered = _wrk(run, path)
    os.remove(file)
    return answered


def _wrk(run, what):
    said = subprocess.run(["wrk", "--latency", *run], capture_output=True, text=True)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said.stdout)
    late = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", said.stdout)
    if not rate or not late or "Non-2xx" in said.stdout or "Socket errors" in said.stdout:
        sys.exit(f"bench: wrk on {what}: {said.stdout}{said.stderr}")
    return float(rate[1]), float(late[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[late[2]]


def pgbench(database, scripts, seconds=2, clients=CLIENTS, folder=None, times=None):
    """Runs of a script a second, and the mean of one in milliseconds. The scripts are taken by lot."""
    files = [written([script], folder) for script in scripts]
    run = [program("pgbench"), database, "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(2, clients))]
    # What is written over and over leaves dead rows behind: so many times, not for so long.
    run += ["-t", str(times)] if times else ["-T", str(seconds)]
    run += [*(argument for file in files for argument in ("-f", file))]
    said = subprocess.run(run, capture_output=True, text=True)
    for file in files:
        os.remove(file)
    rate = re.search(r"tps = ([\d.]+) \(without", said.stdout)
    mean = re.search(r"latency average = ([\d.]+) ms", said.stdout)
    if said.returncode != 0 or not rate:
        sys.exit(f"bench: pgbench: {said.stderr[-2000:]}")
    return float(rate[1]), float(mean[1])


def alternating(measures, rounds=ROUNDS):
    """Takes each measure in turn, so many times, and answers the medians: {name: (median of each number)}."""
    taken = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            taken[name].append(measure())
    return {name: tuple(statistics.median(column) for column in zip(*values)) for name, values in taken.items()}
