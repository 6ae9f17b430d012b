"""Searching for two words: common ones, rare ones, and those that never meet."""

import random
import time
import urllib.parse

from stage import Client
from uncached import server

QUERIES = 400


def measure(stage, table):
    own, _ = server(stage)
    client = Client(own.base)
    dice = random.Random(1)
    cards = client.get("/api/v1/articles?limit=100")["data"]
    said = [word.strip(".").lower() for card in cards for word in (card["standfirst"] or "").split()]
    with open("src/demo/scale/common.txt", encoding="utf-8") as file:
        common = file.read().split()
    paths = []
    for number in range(QUERIES):
        pool = [common[:100], common, said, said][number % 4]
        words = [dice.choice(pool), dice.choice(common[100:] if number % 2 else said)]
        # A misspelt one now and then; two common words of which nothing can have both, in an order that hardly one has, or either.
        match number % 20:
            case 0 | 10:
                words[0] = words[0][:-1] + "x"
            case 1:
                words = [common[number % 100], f"-{common[number % 100]}"]
            case 5:
                words = [f'"{words[0]} {words[1]}"']
            case 9:
                words.insert(1, "or")
        paths.append(f"/api/v1/search?q={urllib.parse.quote_plus(' '.join(words))}")
    # As in all parts, what is read is in memory: the first time round it may come from the disk.
    first, again = ([timed(client, path) for path in paths] for _ in range(2))
    table.bound("search, two words, p99 of one client", p99(again), 60, "ms")
    table.note(f"search: the first time round, from the disk as well, the p99 was {p99(first):.0f} ms")


def timed(client, path):
    began = time.perf_counter()
    client.get(path)
    return (time.perf_counter() - began) * 1000


def p99(late):
    return sorted(late)[int(len(late) * 0.99)]
