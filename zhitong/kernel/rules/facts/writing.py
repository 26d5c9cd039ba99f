"""Facts as people write them: an amount with its unit, 3.5%, 2026-07-01, true."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.facts.dictionary import EPOCH, Kind
from zhitong.kernel.rules.feel.literals import number
from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.lang.parser import expression
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from zhitong.kernel.rules.facts.dictionary import Fact

YUAN, WAN, YI = "\u5143", "\u4e07", "\u4ebf"
TRUE = frozenset({"true", "\u662f"})
FALSE = frozenset({"false", "\u5426"})
MISSING = frozenset({"", "null", "~"})


def kept(fact: Fact, text: str) -> Any:
    """Return a fact as it is kept from how people write it; None for an empty text, ValueError for none."""
    text = text.strip()
    if text in MISSING:
        return None
    if fact.kind is Kind.FLAG:
        if text not in TRUE | FALSE:
            message = f"{fact.name}: {text} is neither true nor false."
            raise ValueError(message)
        return text in TRUE
    if fact.kind is Kind.CODE:
        return fact.kept(text)
    if fact.kind is Kind.DAY:
        return fact.kept(date.fromisoformat(text))
    return fact.kept(_number(fact, text))


def _number(fact: Fact, text: str) -> Fraction:
    sign = -1 if text.startswith("-") else 1
    try:
        tree = expression(Source(text.lstrip("-")))
    except RulesError:
        tree = nodes.Node(0, 0)
    value = number(tree) if isinstance(tree, nodes.Literal) else None
    if value is None or isinstance(value, (bool, str)):
        message = f"{fact.name}: {text} is no number."
        raise ValueError(message)
    if fact.kind is Kind.MONEY and YUAN not in getattr(tree, "unit", "") and value:
        message = f"{fact.name}: {text} has no unit; write {text}{WAN}{YUAN} or {text}{YUAN}."
        raise ValueError(message)
    if YUAN in getattr(tree, "unit", "") and fact.kind is not Kind.MONEY:
        message = f"{fact.name}: {text} is money, which this fact is not."
        raise ValueError(message)
    return sign * Fraction(value)


def said(fact: Fact, value: Any) -> str:
    """Return a kept fact as people write it; empty where it is missing."""
    if value is None:
        return ""
    if fact.kind is Kind.FLAG:
        return "true" if value else "false"
    if fact.kind is Kind.DAY:
        return (EPOCH + timedelta(days=value)).isoformat()
    if fact.kind is Kind.CODE:
        return str(value)
    return amount(Fraction(value, fact.scale), fact.kind)


def amount(value: Fraction, kind: Kind) -> str:
    """Return a number as people write one of a kind: money in yuan, or in 10^4 or 10^8 of them."""
    if kind is Kind.RATIO:
        return f"{_plain(value * 100)}%"
    if kind is not Kind.MONEY:
        return _plain(value)
    for power, unit in ((8, YI), (4, WAN)):
        if abs(value) >= 10**power:
            return f"{_plain(value / 10**power)}{unit}{YUAN}"
    return f"{_plain(value)}{YUAN}"


def _plain(value: Fraction) -> str:
    """A number with the digits it has, at most six behind the point; a sign tells where there are more."""
    exact = (value * 10**6).denominator == 1
    text = f"{float(value):.6f}" if not exact else f"{value.numerator * 10**6 // value.denominator:+d}"
    if exact:
        sign, digits = text[0], text[1:].rjust(7, "0")
        text = f"{'-' if sign == '-' else ''}{digits[:-6]}.{digits[-6:]}"
    return ("" if exact else "\u2248") + text.rstrip("0").rstrip(".")


def exact(fact: Fact, value: Any) -> str:
    """Return a kept fact so that `kept` gives the very same back: no larger units, all digits."""
    if value is None or fact.kind in {Kind.FLAG, Kind.DAY, Kind.CODE}:
        return said(fact, value)
    if fact.kind is Kind.RATIO:
        return f"{_all_digits(value, fact.digits - 2)}%"
    if fact.kind is Kind.MONEY:
        return f"{_all_digits(value, 2)}{YUAN}"
    return _all_digits(value, fact.digits)


def _all_digits(value: int, digits: int) -> str:
    text = f"{Decimal(value).scaleb(-digits):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
