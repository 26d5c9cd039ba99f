"""What a synthetic firm consists of: plain records, money in whole fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(slots=True)
class Stated:
    """What one source says about one kind of fact in one year; `value` is None unless the state is known."""

    kind: str
    period: str
    source: str
    state: str  # "known" | "not_applicable"
    value: int | None
    evidence: str


@dataclass(slots=True)
class Held:
    """A title of the firm; without `expires_on` it does not end."""

    kind: str
    number: str
    granted_on: date
    expires_on: date | None


@dataclass(slots=True)
class Patent:
    """An invention, utility model, design or software right; `acquired_on` where it was bought."""

    number: str
    kind: str  # "invention" | "utility" | "design" | "software"
    name: str
    granted_on: date
    acquired_on: date | None


@dataclass(slots=True)
class Standard:
    """A published standard that the firm leads or takes part in."""

    number: str
    name: str
    level: str  # "international" | "national" | "industry" | "local" | "group"
    role: str  # "leads" | "takes_part"
    published_on: date


@dataclass(slots=True)
class Mark:
    """What a list of bad credit says about the firm, as of the day somebody looked."""

    list: str  # "abnormal" | "dishonest"
    state: str  # "listed" | "clear"
    since: date | None
    checked_on: date
    source: str


@dataclass(slots=True)
class Caller:
    """Somebody at the firm who answers calls."""

    name: str
    duty: str
    phone: str


@dataclass(slots=True)
class Firm:
    """One synthetic firm; of the facts on one kind and year the strongest source stands first."""

    code: str
    name: str
    former_names: tuple[tuple[str, date], ...]
    region: str
    street: str
    park: str
    address: str
    activity: str
    further: tuple[str, ...]
    founded_on: date
    capital: int | None
    listing: str  # "" | "sse" | "szse" | "bse" | "neeq" | "hkex"
    stock_code: str
    products: tuple[str, ...]
    tags: tuple[str, ...]
    facts: tuple[Stated, ...]
    titles: tuple[Held, ...]
    patents: tuple[Patent, ...]
    standards: tuple[Standard, ...]
    credit: tuple[Mark, ...]
    contacts: tuple[Caller, ...]
    parent_code: str
