"""How soon a server answers, how much memory it takes before anybody comes, and how large the program is."""

import os
import statistics

from stage import BINARY


def measure(stage, table):
    if stage.owner is None:
        # The private PostgreSQL is there, but does not run.
        seconds = []
        for _ in range(3):
            server = stage.serve({})
            seconds.append(server.seconds_to_first_answer)
            stage.end(server)
        table.bound("start, private PostgreSQL", statistics.median(seconds), 1.5, "s")
    stage.own()
    seconds, memory = [], []
    for _ in range(3):
        server = stage.serve({})
        seconds.append(server.seconds_to_first_answer * 1000)
        memory.append(server.memory_mb())
        stage.end(server)
    table.bound("start, DATABASE_URL", statistics.median(seconds), 300, "ms")
    table.bound("memory, idle", statistics.median(memory), 40, "MB")
    table.bound("the program itself", os.path.getsize(BINARY) / 1_000_000, 30, "MB")
