"""The table: what was measured, beside what it is measured by."""

import json
import sys


class Table:
    def __init__(self):
        self.rows, self.notes = [], []

    def at_least(self, what, measured, floor, target, unit="/s"):
        """`measured` must reach `target` times `floor`."""
        ratio = measured / floor if floor else 0.0
        self._add(what, measured, floor, ratio, f"≥ {target:.2f} ×", ratio >= target, unit)

    def at_most(self, what, measured, floor, target, unit="ms"):
        """`measured` must not go beyond `target` times `floor`."""
        ratio = measured / floor if floor else float("inf")
        self._add(what, measured, floor, ratio, f"≤ {target:.2f} ×", ratio <= target, unit)

    def bound(self, what, measured, limit, unit):
        """`measured` must not go beyond `limit`, whatever the machine."""
        self._add(what, measured, None, None, f"≤ {limit} {unit}", measured <= limit, unit)

    def note(self, text):
        self.notes.append(text)
        print(f"bench: {text}", file=sys.stderr, flush=True)

    def _add(self, what, measured, floor, ratio, target, fine, unit):
        row = dict(what=what, measured=measured, floor=floor, ratio=ratio, target=target, fine=fine, unit=unit)
        self.rows.append(row)
        print(f"bench: {' '.join(cell.strip() for cell in cells(row))}", file=sys.stderr, flush=True)

    def print(self):
        head = ("what", "measured", "floor", "ratio", "target", "")
        lines = [cells(row) for row in self.rows]
        widths = [max(len(line[column]) for line in [head, *lines]) for column in range(len(head))]
        for line in [head, tuple("-" * width for width in widths), *lines]:
            first = line[0].ljust(widths[0])
            print("| " + " | ".join([first, *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))]) + " |")
        for note in self.notes:
            print(f"- {note}")

    def missed(self):
        return [row["what"] for row in self.rows if not row["fine"]]

    def save(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.rows, file, indent=1)


def cells(row):
    def number(value):
        if value is None:
            return ""
        return f"{value:,.0f} {row['unit']}" if value >= 100 else f"{value:.2f} {row['unit']}"

    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    return (row["what"], number(row["measured"]), number(row["floor"]), ratio, row["target"], "ok" if row["fine"] else "MISSED")
