"""The table of the day's figures, written from what was measured."""

from __future__ import annotations

from typing import Any

INTRODUCTION = """Processor milliseconds a request, the application's and the database's together: median /
95th of a hundred. Written by `make bench`;
the figures are in `day.json`, how they are taken in `../README.md`."""


def of(found: dict[str, Any], targets: dict[str, int]) -> str:
    """Return a page of Markdown: one table of cities, one of the heavy firm, one of the peers."""
    cities = {name: row for name, row in found.items() if name != "peers" and "heavy" not in name}
    parts = [
        "# Speed of the office's day",
        INTRODUCTION,
        _loaded(cities),
        _cities(cities, targets),
        _heavy(found),
        _peers(found),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _lines(head: list[str], rows: list[list[Any]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _loaded(cities: dict[str, Any]) -> str:
    names = ("cases", "running", "lines", "stretches", "sealed events", "verify_audit_seconds")
    rows = []
    for name, city in cities.items():
        loaded = city["loaded"]
        took = round(sum(loaded.get("seconds", {}).values()))
        rows.append([name, city["version"], *[loaded.get(key, "") for key in names], took])
    return _lines(["city", "database", *names, "seconds to load and check"], rows)


def _cities(cities: dict[str, Any], targets: dict[str, int]) -> str:
    tasks = list(dict.fromkeys(task for city in cities.values() for task in city["tasks"]))
    rows = []
    for task in tasks:
        cells = []
        for city in cities.values():
            taken = city["tasks"].get(task)
            cells.append(f"{taken['p50_ms']} / {taken['p95_ms']}" if taken else "")
        rows.append([task, _target(task, targets), *cells])
    return _lines(["task", "target", *cities], rows)


def _target(task: str, targets: dict[str, int]) -> str:
    name = task.rsplit(": ", maxsplit=1)[-1]
    return next((f"{number}" for word, number in targets.items() if name.startswith(word)), "")


def _heavy(found: dict[str, Any]) -> str:
    parts = []
    for name, city in found.items():
        alike = found.get(name.removesuffix(" heavy"))
        if not name.endswith(" heavy") or alike is None:
            continue
        rows = []
        for task, taken in city["tasks"].items():
            before = alike["tasks"][task]["p50_ms"]
            rows.append([task, before, taken["p50_ms"], round(taken["p50_ms"] / before, 2)])
        head = ["task", "all firms alike", "one sends ten times its share", "ratio"]
        parts.append(f"## One firm sends ten times its share: {name}\n\n{_lines(head, rows)}")
    return "\n\n".join(parts)


def _peers(found: dict[str, Any]) -> str:
    peers = found.get("peers", {})
    if not peers:
        return ""
    rows = []
    for peer in peers.values():
        for task, taken in peer["tasks"].items():
            times = f"{taken['p50_ms']} / {taken['p95_ms']}"
            rows.append([f"{peer['version']}: {task}", times, taken["rows"]])
    counted = "; ".join(
        f"{peer['version']}: {peer['count']} tickets, {peer['database']}" for peer in peers.values()
    )
    return f"## Two other systems\n\n{counted}\n\n{_lines(['task', 'milliseconds', 'rows'], rows)}"
