"""Searching for two words: common ones, rare ones, and those that never meet."""

import random
import time
import urllib.parse

from stage import Client

QUERIES = 400


def measure(stage, table):
    client = Client(stage.own().base)
    status, _, _ = client.ask("GET", "/api/v1/search?q=water")
    if status == 404:
        table.note("search is left out: this server has none")
        return
    dice = random.Random(1)
    cards = client.get("/api/v1/articles?limit=100")["data"]
    said = [word.strip(".").lower() for card in cards for word in (card["standfirst"] or "").split()]
    with open("src/demo/scale/common.txt", encoding="utf-8") as file:
        common = file.read().split()
    late = []
    for number in range(QUERIES):
        pool = [common[:100], common, said, said][number % 4]
        words = [dice.choice(pool), dice.choice(common[100:] if number % 2 else said)]
        # A misspelt one now and then.
        if number % 10 == 0:
            words[0] = words[0][:-1] + "x"
        path = f"/api/v1/search?q={urllib.parse.quote_plus(' '.join(words))}"
        began = time.perf_counter()
        client.get(path)
        if number >= 20:
            late.append((time.perf_counter() - began) * 1000)
    late.sort()
    table.bound("search, two words, p99 of one client", late[int(len(late) * 0.99)], 60, "ms")
