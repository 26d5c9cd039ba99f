"""The dictionary of facts from its YAML file."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from zhitong.kernel.rules.facts.dictionary import NUMERIC, Dictionary, Fact, Kind
from zhitong.kernel.rules.facts.places import read, text_of
from zhitong.kernel.rules.lang.names import canonical
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from zhitong.kernel.rules.facts.places import Place
    from zhitong.kernel.rules.problems import Problem

KEYS = frozenset(
    {"name", "kind", "unit", "digits", "low", "high", "codes", "aliases", "period", "source", "fresh_days"}
)
MOST_DIGITS = 9
LONG = 10  # digits of a whole number
NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)


def load(path: str | Path) -> Dictionary:
    """Return the dictionary of a file; RulesError with all its problems."""
    path = Path(path)
    return parse(text_of(path), str(path))


def parse(text: str, file: str = "<facts>") -> Dictionary:
    """Return the dictionary of a text; RulesError with all its problems."""
    root = read(text, file)
    listed = root.get("facts")
    if listed is None or not listed.items():
        raise RulesError([root.problem("No facts stand here.", "Begin with 'facts:' and list them.")])
    problems: list[Problem] = []
    facts = []
    taken: set[str] = set()
    for place in listed.items():
        fact = _fact(place, problems)
        if fact is not None and _is_new(fact, place, taken, problems):
            facts.append(fact)
    if problems:
        raise RulesError(problems)
    return Dictionary.of(facts)


def _is_new(fact: Fact, place: Place, taken: set[str], problems: list[Problem]) -> bool:
    try:
        names = {canonical(name) for name in (fact.name, *fact.aliases)}
    except RulesError:
        problems.append(
            place.problem("A name of this fact has a sign that no name has.", "Take quotation marks out.")
        )
        return False
    if double := names & taken:
        problems.append(
            place.problem(f"{', '.join(sorted(double))}: two facts have this name.", "Rename one.")
        )
        return False
    taken |= names
    return True


def _fact(place: Place, problems: list[Problem]) -> Fact | None:
    before = len(problems)
    if not isinstance(place.value, dict):
        problems.append(place.problem("A fact has a name and a kind.", "Write: - name: ... and kind: ..."))
        return None
    unknown = place.value.keys() - KEYS
    known = f"Known are {', '.join(sorted(KEYS))}."
    problems += [place.value[key].problem(f"{key} is not known of facts.", known) for key in unknown]
    name = _text(place, "name", problems)
    kind = _text(place, "kind", problems)
    if kind and kind not in set(Kind):
        problems.append(place.value["kind"].problem("No such kind.", f"One of {', '.join(Kind)}."))
    if len(problems) > before:
        return None
    return _built(place, name, Kind(kind), problems)


def _built(place: Place, name: str, kind: Kind, problems: list[Problem]) -> Fact | None:
    before = len(problems)
    low, high = (_number(place.get(key), problems) for key in ("low", "high"))
    digits = _whole(place.get("digits"), problems)
    fresh = _whole(place.get("fresh_days"), problems)
    codes = tuple(code.text() for code in (place.get("codes") or place).items())
    if (kind is Kind.CODE) != bool(codes):
        problems.append(place.problem("Codes are listed for facts of the kind code, and only for them."))
    if digits and (digits > MOST_DIGITS or kind not in {Kind.RATIO, Kind.NUMBER}):
        problems.append(place.problem(f"Ratios and numbers have up to {MOST_DIGITS} digits, others none."))
    if low is not None and high is not None and low > high:
        problems.append(place.problem("The lowest value lies above the highest.", "Change them over."))
    if (low is not None or high is not None) and kind not in NUMERIC:
        problems.append(place.problem("Only numbers have bounds."))
    if len(problems) > before:
        return None
    plain = {key: place.get(key).text() for key in ("unit", "period", "source") if place.get(key)}  # type: ignore[union-attr]
    if kind is Kind.MONEY:
        plain["unit"] = "money"
    aliases = tuple(alias.text() for alias in (place.get("aliases") or place).items())
    return Fact(
        name,
        kind,
        digits=digits or 0,
        low=low,
        high=high,
        codes=codes,
        aliases=aliases,
        fresh_days=fresh,
        **plain,
    )


def _text(place: Place, key: str, problems: list[Problem]) -> str:
    value = place.get(key)
    text = value.text().strip() if value is not None else ""
    if not text:
        problems.append((value or place).problem(f"{key} is missing.", f"Write: {key}: ..."))
    return text


def _number(place: Place | None, problems: list[Problem]) -> Fraction | None:
    if place is None:
        return None
    if NUMBER.fullmatch(place.text()) is None:
        problems.append(place.problem("This is no number.", "Write it out, such as 1000000 or 0.5."))
        return None
    return Fraction(place.text())


def _whole(place: Place | None, problems: list[Problem]) -> int | None:
    if place is None:
        return None
    if not place.text().isdecimal() or len(place.text()) > LONG:
        problems.append(place.problem("This is no whole number."))
        return None
    return int(place.text())
