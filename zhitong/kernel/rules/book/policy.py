"""What a policy is: where it comes from, when and where it holds, and on which conditions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.lang.tokens import tokens

if TYPE_CHECKING:
    from datetime import date

    from zhitong.kernel.rules.book.awards import Award
    from zhitong.kernel.rules.facts.dictionary import Dictionary
    from zhitong.kernel.rules.lang.source import Source

CODE = 6  # digits of a region (GB/T 2260)
COUNTRY = "100000"


class Level(StrEnum):
    """Who made a policy."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class State(StrEnum):
    """What an example says of its firm."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one on to before another; an end that is not there is open."""

    begin: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return (self.begin is None or self.begin <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition as it is written, with the article that it comes from."""

    key: str
    article: str
    source: Source
    label: str = ""
    said: str = field(init=False, compare=False, default="")  # its text on one line

    def __post_init__(self) -> None:
        object.__setattr__(self, "said", " ".join(self.source.text.split()))


@dataclass(frozen=True, slots=True)
class Example:
    """A firm by its facts as people write them, and what the policy says of it."""

    facts: dict[str, Any]
    state: State
    line: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of a policy; it never changes, and `digest` names it by what it says.

    `effective` is when it holds, `window` when it can be asked for. A firm of `region` or below it is meant;
    an empty one means the whole country.
    """

    key: str
    title: str
    number: str
    level: Level
    region: str
    effective: Span
    window: Span
    clauses: tuple[Clause, ...]
    examples: tuple[Example, ...] = ()
    award: Award | None = None
    link: str = ""
    digest: str = field(default="", compare=False)

    def applies(self, day: date, region: str) -> bool:
        """Whether a firm of a region is meant on a day."""
        return self.effective.holds(day) and self.reaches(region)

    def reaches(self, region: str) -> bool:
        """Whether a region is the policy's own or lies below it."""
        return region.startswith(prefix(self.region))


def prefix(region: str) -> str:
    """Return the digits that all regions below a code share: `350100` gives `3501`, an empty one nothing."""
    kept = "" if region == COUNTRY else region[:CODE]
    while kept.endswith("00"):
        kept = kept[:-2]
    return kept


def _award(award: Award | None) -> list[str]:
    """What an award says, without where it is written."""
    if award is None:
        return []
    own = ((name, getattr(award, name)) for name in type(award).__dataclass_fields__)
    return [f"{name}: {value.plain if name == 'amount' and value else value}" for name, value in own]


def digest(policy: Policy, dictionary: Dictionary) -> str:
    """Return the name of a version: a hash of all that decides its answers, the facts it reads among it."""
    said = {
        "key": policy.key,
        "number": policy.number,
        "region": policy.region,
        "effective": [str(policy.effective.begin), str(policy.effective.end)],
        "window": [str(policy.window.begin), str(policy.window.end)],
        "clauses": [
            [clause.key, clause.article, " ".join(word.text for word in tokens(clause.source))]
            for clause in policy.clauses
        ],
        "award": _award(policy.award),
        "facts": [repr(fact) for fact in sorted(dictionary.facts, key=lambda fact: fact.name)],
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
