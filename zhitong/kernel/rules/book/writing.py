"""A policy as its YAML has it, from which the very same policy is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from zhitong.kernel.rules.book.award_loading import MONEY, SHARE, UNITS
from zhitong.kernel.rules.book.awards import Budget
from zhitong.kernel.rules.facts.writing import exact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhitong.kernel.rules.book.awards import Award
    from zhitong.kernel.rules.book.policy import Policy, Span
    from zhitong.kernel.rules.facts.dictionary import Dictionary

NULL = "null"


def as_yaml(policies: Iterable[Policy], dictionary: Dictionary) -> str:
    """Return the text of a file with these policies."""
    listed = [plain(policy, dictionary) for policy in policies]
    return yaml.safe_dump({"policies": listed}, allow_unicode=True, sort_keys=False, width=110)


def plain(policy: Policy, dictionary: Dictionary) -> dict[str, Any]:
    """Return a policy as texts, lists and dicts, with the names that the loader knows; no empty parts."""
    found: dict[str, Any] = {
        "key": policy.key,
        "title": policy.title,
        "number": policy.number,
        "level": str(policy.level),
        "region": policy.region,
        "effective": _span(policy.effective),
        "window": _span(policy.window),
        "link": policy.link,
        "conditions": [
            _kept({"key": row.key, "article": row.article, "label": row.label, "if": row.source.text})
            for row in policy.clauses
        ],
        "award": _award(policy.award),
        "examples": [
            _kept({"state": str(row.state), "firm": _firm(row.facts, dictionary)}) for row in policy.examples
        ],
    }
    return _kept(found)


def _kept(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value not in ("", {}, [], None)}


def _span(span: Span) -> dict[str, str]:
    ends = {"from": span.begin, "to": span.end}
    return {key: day.isoformat() for key, day in ends.items() if day is not None}


def _firm(facts: dict[str, Any], dictionary: Dictionary) -> dict[str, str]:
    found = {}
    for name, value in facts.items():
        fact = dictionary.find(name)
        assert fact is not None  # noqa: S101 - the loader let no other through
        found[name] = NULL if value is None else exact(fact, value)
    return found


def _award(award: Award | None) -> dict[str, Any]:
    if award is None:
        return {}
    units = {number: name for name, number in UNITS.items()}
    budget = {
        "total": _money(award.total),
        "rule": "" if award.rule is Budget.PRO_RATA else str(award.rule),
        "unit": "" if award.unit == 1 else units[award.unit],
        "partly": _flag(award.partly),
    }
    return _kept(
        {
            "amount": award.amount.text if award.amount is not None else "",
            "once": _flag(award.once),
            "family": award.family,
            "tier": str(award.tier) if award.tier else "",
            "group": award.group,
            "cap": _kept({"group": award.cap, "limit": _money(award.limit)}),
            "share": _kept({"of": award.share_of, "ratio": _ratio(award)}),
            "budget": _kept(budget) if award.total is not None else {},
        }
    )


def _ratio(award: Award) -> str:
    return exact(SHARE, int(award.ratio * SHARE.scale)) if award.share_of else ""


def _money(fen: int | None) -> str:
    return "" if fen is None else exact(MONEY, fen)


def _flag(value: bool) -> str:  # noqa: FBT001 - one value of a table
    return "true" if value else ""
