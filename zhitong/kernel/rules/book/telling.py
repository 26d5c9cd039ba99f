"""What an explanation says, in Chinese or in English: a sentence for the policy, one for each condition."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from zhitong.kernel.rules.book.explaining import Asked, Explained, Reading

LANGUAGES = ("en", "zh")


@cache
def words(language: str) -> Mapping[str, Any]:
    """Return the catalogue of a language; KeyError for one that is not of `LANGUAGES`."""
    text = files("zhitong.kernel.rules.book").joinpath("words.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)[language]
    return found


def tell(one: Explained, language: str) -> list[str]:
    """Return sentences of a policy for one firm; KeyError for a language that is not one of `LANGUAGES`."""
    found = words(language)
    said = [found[one.state].format(title=one.title, number=one.number)]
    said += [_condition(asked, found) for asked in one.asked]
    return said + _way(one, found)


def tell_deciding(counts: Iterable[tuple[str, int]], language: str) -> list[str]:
    """Return a sentence for each missing fact that would help to decide policies."""
    return [words(language)["deciding"].format(fact=fact, number=number) for fact, number in counts]


def _condition(asked: Asked, words: Mapping[str, str]) -> str:
    kind = {"yes": "holds", "unknown": "open"}.get(asked.state) or ("lacks" if asked.gap else "fails")
    return words[kind].format(
        article=asked.article,
        text=asked.text,
        readings=words["between"].join(_reading(reading, words) for reading in asked.readings),
        gap=asked.gap,
        missing=words["between"].join(asked.missing),
    )


def _reading(reading: Reading, words: Mapping[str, str]) -> str:
    if not reading.value:
        return words["no_value"].format(fact=reading.fact)
    return words["reading"].format(fact=reading.fact, value=words.get(reading.value, reading.value))


def _way(one: Explained, words: Mapping[str, str]) -> list[str]:
    """How the firm would come to it; nothing where it fulfils the policy or may."""
    if one.state != "no":
        return []
    if one.way is None:
        return [words["no_way"]]
    steps = words["between"].join(
        words["step"].format(
            fact=step.fact,
            before=words.get(step.before, step.before),
            after=words.get(step.after, step.after),
        )
        for step in one.way.steps
    )
    missing = words["between"].join(one.way.open)
    return [words["way_open" if missing else "way"].format(steps=steps, missing=missing)]
