"""The award of a policy from its YAML."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from zhitong.kernel.rules.book.awards import FEN, Award, Budget
from zhitong.kernel.rules.facts.dictionary import Fact, Kind
from zhitong.kernel.rules.facts.writing import kept
from zhitong.kernel.rules.lang.source import Source

if TYPE_CHECKING:
    from zhitong.kernel.rules.facts.places import Place
    from zhitong.kernel.rules.problems import Problem

KEYS = {
    "": ("amount", "once", "family", "tier", "group", "cap", "share", "budget"),
    "cap": ("group", "limit"),
    "share": ("of", "ratio"),
    "budget": ("total", "rule", "unit", "partly"),
}
MONEY = Fact("amount", Kind.MONEY, low=Fraction(0))
SHARE = Fact("ratio", Kind.RATIO, digits=9, low=Fraction(0), high=Fraction(10))
LONG = 10  # digits of a whole number
UNITS = {"fen": 1, "yuan": FEN}


class AwardReader:
    """Reads one award; what is wrong is added to the problems."""

    def __init__(self, place: Place, problems: list[Problem]) -> None:
        self.place = place
        self.problems = problems

    def read(self) -> Award | None:
        """Return the award; None where it has a problem."""
        before = len(self.problems)
        self._known(self.place, "")
        cap, share, budget = (self.place.get(name) for name in ("cap", "share", "budget"))
        for name, inner in (("cap", cap), ("share", share), ("budget", budget)):
            self._known(inner, name)
        amount = self.place.get("amount")
        if (amount is None) == (share is None):
            self._wrong(
                self.place, "An award is an amount or a share of another one.", "Write one of the two."
            )
        found = Award(
            amount=Source(amount.text(), amount.file, amount.line, amount.column)
            if amount is not None
            else None,
            once=self._flag(self.place, "once"),
            family=self._text(self.place, "family"),
            tier=self._whole(self.place, "tier"),
            group=self._text(self.place, "group"),
            cap=self._text(cap, "group"),
            limit=self._money(cap, "limit"),
            share_of=self._text(share, "of"),
            ratio=self._ratio(share),
            total=self._money(budget, "total"),
            rule=self._rule(budget),
            unit=UNITS.get(self._text(budget, "unit") or "fen", 1),
            partly=self._flag(budget, "partly"),
        )
        if cap is not None and (not found.cap or found.limit is None):
            self._wrong(cap, "A cap has a group and a limit.")
        if share is not None and (not found.share_of or not found.ratio):
            self._wrong(share, "A share says of which policy, and which part.", "Write: of: KEY, ratio: 50%")
        if share is not None and (found.group or found.family):
            self._wrong(share, "A share follows its policy; it is in no group and no family of its own.")
        if budget is not None and found.total is None:
            self._wrong(budget, "A budget has a total.")
        if self._text(budget, "unit") not in {"", *UNITS}:
            self._wrong(budget, "No such unit.", f"One of {', '.join(UNITS)}.")  # type: ignore[arg-type]
        return found if len(self.problems) == before else None

    def _wrong(self, place: Place, message: str, mend: str = "") -> None:
        self.problems.append(place.problem(message, mend))

    def _known(self, place: Place | None, name: str) -> None:
        if place is None:
            return
        if not isinstance(place.value, dict):
            self._wrong(place, f"Write the parts of {name or 'the award'} by name: {', '.join(KEYS[name])}.")
            return
        for key in place.value.keys() - set(KEYS[name]):
            self._wrong(place.value[key], f"{key} is not known here.", f"Known are {', '.join(KEYS[name])}.")

    def _text(self, place: Place | None, key: str) -> str:
        value = place.get(key) if place is not None else None
        return value.text().strip() if value is not None else ""

    def _flag(self, place: Place | None, key: str) -> bool:
        text = self._text(place, key)
        if text not in {"", "true", "false"} and place is not None:
            self._wrong(place.value[key], "This is neither true nor false.")
        return text == "true"

    def _whole(self, place: Place, key: str) -> int:
        text = self._text(place, key)
        if text and not (text.isdecimal() and len(text) < LONG):
            self._wrong(place.value[key], "This is no whole number.")
            return 0
        return int(text or 0)

    def _kept(self, place: Place | None, key: str, fact: Fact) -> int | None:
        text = self._text(place, key)
        if not text or place is None:
            return None
        try:
            return int(kept(fact, text))
        except ValueError as error:
            self._wrong(place.value[key], str(error))
            return None

    def _money(self, place: Place | None, key: str) -> int | None:
        return self._kept(place, key, MONEY)

    def _ratio(self, place: Place | None) -> Fraction:
        return Fraction(self._kept(place, "ratio", SHARE) or 0, SHARE.scale)

    def _rule(self, place: Place | None) -> Budget:
        text = self._text(place, "rule") or Budget.PRO_RATA
        if text not in set(Budget) and place is not None:
            self._wrong(place.value["rule"], "No such rule.", f"One of {', '.join(Budget)}.")
            return Budget.PRO_RATA
        return Budget(text)
