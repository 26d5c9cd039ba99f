"""How often a suggestion is right: measured on paraphrases, beside the newest precedent of the same category."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from zhitong.cases import categories
from zhitong.core import data
from zhitong.insight.states import rules
from zhitong.kernel.text import Cleaning, Index

DAY = date(2026, 6, 5)
HERE = Path(__file__).parent


def category(text: str) -> str:
    found = categories.suggest(text, DAY)
    return found.key if found else ""


def texts() -> tuple[list[str], list[tuple[str, int | None]]]:
    """The matters of precedents, and what is asked with the place of the right one (None: there is none)."""
    table = tomllib.loads((HERE / "paraphrases.toml").read_text(encoding="utf-8"))
    known = [row["text"].strip() for row in data.read("demo", "texts")["trouble"][:30]]
    asked = [(text, place) for place, text in table["same"]] + [(text, None) for text in table["other"]]
    return known, asked


def suggested(known: list[str], text: str, side: str, least: float | None = None) -> list[int]:
    """The places that would be shown, the nearest first."""
    rule = rules(DAY)[side]
    least, same = (rule["least"], rule.get("least_same", rule["least"])) if least is None else (least, least)
    index = Index(Cleaning.parse(data.read("texts", "cleaning-1")))
    for place, matter in enumerate(known):
        index.add(place, matter)
    mine = category(text)
    near = index.nearest(text, rule["shown"] * 5, least=min(least, same))
    kept = [
        row for row in near if row.likeness > (same if mine and category(known[row.key]) == mine else least)
    ]
    return [row.key for row in kept][: rule["shown"]]


def measure(side: str, least: float | None = None) -> dict[str, float]:
    """Shares: the first suggestion is right, any is, of those shown; how many are shown, to matters and to others."""
    known, asked = texts()
    shown = [(suggested(known, text, side, least), place) for text, place in asked]
    firsts = [(found[0], place) for found, place in shown if found]
    right = sum(first == place for first, place in firsts)
    alike = [(found, place) for found, place in shown if place is not None]
    return {
        "precision": right / max(1, len(firsts)),
        "found": sum(place in found for found, place in alike) / len(alike),
        "false": sum(bool(found) for found, place in shown if place is None) / 20,
        "all_rows": sum(place in found for found, place in shown)
        / max(1, sum(len(found) for found, _ in shown)),
    }


def baseline() -> dict[str, float]:
    """The same for the newest precedent of the same category."""
    known, asked = texts()
    kinds = [category(text) for text in known]
    shown = []
    for text, place in asked:
        mine = category(text)
        newest = [at for at, kind in enumerate(kinds) if mine and kind == mine][-1:]
        shown.append((newest, place))
    firsts = [(found[0], place) for found, place in shown if found]
    right = sum(first == place for first, place in firsts)
    return {
        "precision": right / max(1, len(firsts)),
        "found": right / 30,
        "false": sum(bool(found) for found, place in shown if place is None) / 20,
    }


def test_suggestions_are_right_more_often_than_the_newest_of_the_category() -> None:
    plain = baseline()
    for side in ("staff", "firm"):
        found = measure(side)
        assert found["precision"] > plain["precision"] + 0.1, (side, found, plain)
        assert found["false"] <= 0.25, (side, found)
