"""Which department a case belongs to, suggested with reasons; a dispatcher decides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from zhitong.cases import alike, queries, soundings
from zhitong.cases.duties import catalogue, matching
from zhitong.cases.models import Case
from zhitong.cases.states import DutyAnswer
from zhitong.core import data
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.orgs import queries as orgs_queries
from zhitong.orgs.states import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from zhitong.cases.models import Sounding
    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department, User

MOST = 3  # suggestions
OFFERED = 30  # cases to merge into; every other one is named by its number


@dataclass(slots=True)
class Suggestion:
    """A department with the words of its duties, cases it answered, and who has the fewest open ones."""

    department: Department
    words: list[str] = field(default_factory=list)
    duty: str = ""
    near: list[Case] = field(default_factory=list)
    in_district: bool = False
    first_look: bool = False  # nothing speaks for any unit: the firm's own district looks into it
    said: Sounding | None = None  # what it answered before the dispatch
    person: User | None = None
    open_cases: int = 0

    @property
    def weight(self) -> tuple[int, int, int, bool]:
        """What puts one before another: its own word, duties and cases, then the words, then its place."""
        return self._word, bool(self.words) + len(self.near), len(self.words), self.in_district

    @property
    def _word(self) -> int:
        """Who says that it is their duty comes first, who says that it is not comes last; others between."""
        return {DutyAnswer.OURS: 1, DutyAnswer.NOT_OURS: -1}.get(self.said.answer, 0) if self.said else 0

    @property
    def reasons(self) -> list[str]:
        """The reasons as whole sentences, without those that are links."""
        found = [_said(self.said)] if self.said else []
        if self.words:
            words = _(", ").join(self.words)
            found.append(_("Its duty is “%(duty)s”: %(words)s") % {"duty": self.duty, "words": words})
        if self.first_look:
            found.append(_("No unit's duties fit; the firm's own district looks into it first."))
        elif self.in_district:
            found.append(_("It belongs to the firm's own district."))
        return found


def _said(row: Sounding) -> str:
    if row.answer == DutyAnswer.NOT_OURS:
        return _("It said that this is not its duty: %(basis)s") % {"basis": row.basis}
    if row.answer == DutyAnswer.JOINTLY:
        return _("It said that it can help with this.")
    return _("It said that this is its duty.")


def suggest(actor: Actor, case: Case, now: datetime) -> list[Suggestion]:
    """Return at most three departments for a case, the best first; none where nothing speaks for any."""
    leads = {unit.pk: unit for unit in orgs_queries.leads()}
    found: dict[int, Suggestion] = {}
    for duty, words in matching(f"{case.title} {case.text}", local_date(now)):
        for unit in leads.values():
            if unit.local_code in duty["units"] and not _kept_from(case, unit):
                row = found.setdefault(unit.pk, Suggestion(unit))
                row.words, row.duty = words, data.label(duty["label"])
    for near in alike.answered_like(actor, case, now):
        if near.lead_id in leads and not _kept_from(case, leads[near.lead_id]):
            found.setdefault(near.lead_id, Suggestion(leads[near.lead_id])).near.append(near)
    _add_answers(case, leads, found)
    home = case.intake.path
    for row in found.values() or _own_district(case, leads, local_date(now)):
        found.setdefault(row.department.pk, row)
        row.in_district = case.intake.parent_id is not None and row.department.path.startswith(home)
    best = sorted(found.values(), key=lambda row: (*(-part for part in row.weight), row.department.path))[
        :MOST
    ]
    _name_people(best, now)
    return best


def _add_answers(case: Case, leads: dict[int, Department], found: dict[int, Suggestion]) -> None:
    """Put beside the units what they said; who says that it is theirs is suggested by that alone."""
    for pk, row in soundings.answers(case).items():
        if pk not in leads or _kept_from(case, leads[pk]):
            continue
        if row.answer == DutyAnswer.OURS:
            found.setdefault(pk, Suggestion(leads[pk]))
        if pk in found:
            found[pk].said = row


def _own_district(case: Case, leads: dict[int, Department], day: date) -> list[Suggestion]:
    """The units that stand for the firm's place, where nothing speaks for any unit.

    None where the unit that takes the case in stands for a place itself, and none where the place has looked
    into the case and passed it up; a unit that said no or objected is not asked to look again.
    """
    rule, firm = catalogue(day).get("district", {}), case.enterprise
    if not rule.get("suggest") or firm is None or case.intake.tier in rule["tiers"]:
        return []
    done = list(case.entries.filter(action__in=("pass_up", "object")).values_list("action", "department"))
    if any(action == "pass_up" for action, _unit in done):
        return []
    no = {pk for pk, row in soundings.answers(case).items() if row.answer == DutyAnswer.NOT_OURS}
    no |= {unit for _action, unit in done}
    places = {"park": firm.park.region if firm.park else "", "town": firm.street, "county": firm.region}
    for tier in rule["tiers"]:
        units = _standing_for(places[tier], leads)
        found = [unit for unit in units if unit.pk not in no and not _kept_from(case, unit)]
        if found:
            return [Suggestion(unit, first_look=True) for unit in found]
    return []


def _standing_for(place: str, leads: dict[int, Department]) -> list[Department]:
    """The highest units of a place that can be charged: the district's own, or its bureaus."""
    paths = [row.path for row in orgs_queries.standing_for(place)]
    units = [unit for unit in leads.values() if any(unit.path.startswith(path) for path in paths)]
    top = min((unit.path.count("/") for unit in units), default=0)
    return [unit for unit in units if unit.path.count("/") == top]


def _kept_from(case: Case, unit: Department) -> bool:
    """Whether a unit is no choice: it leads already, the case is about it, or it is another district's."""
    about = case.accused is not None and unit.path.startswith(case.accused.path)
    local = {Tier.COUNTY, Tier.TOWN, Tier.PARK}
    elsewhere = {unit.tier, case.intake.tier} <= local and not (
        unit.path.startswith(case.intake.path) or case.intake.path.startswith(unit.path)
    )
    return about or elsewhere or unit.pk == case.lead_id


def groups_for(case: Case, now: datetime) -> list[Case]:
    """Return the running cases that a case could be handled in, those about the same matter first."""
    return _nearest_first(case, queries.mergeable(case), now)


def _nearest_first(case: Case, cases: QuerySet[Case], now: datetime) -> list[Case]:
    most = catalogue(local_date(now))["similar"]["remembered"]
    return alike.nearest_first(case, cases[:most], now)[:OFFERED]


def same_before(case: Case, now: datetime) -> list[Case]:
    """Return the firm's own earlier cases, those about the same matter first."""
    return _nearest_first(case, queries.earlier_of(case), now)


def _name_people(rows: Iterable[Suggestion], now: datetime) -> None:
    """Name the handler of each department who has the fewest open cases, then who got one the longest ago."""
    units = {row.department.pk: row for row in rows}
    posts = orgs_queries.current_postings(now).filter(department__in=units, role=Role.HANDLER)
    handlers: dict[int, list[User]] = defaultdict(list)
    for post in posts.select_related("user").order_by("user__username"):
        handlers[post.department_id].append(post.user)
    load = {
        row["person"]: row
        for row in Case.objects.filter(
            person__in=[user.pk for people in handlers.values() for user in people]
        )
        .values("person")
        .annotate(open=Count("pk", filter=Q(ended_at__isnull=True)), last=Max("stretch_since"))
        .order_by()
    }
    away = orgs_queries.absent({user.pk for people in handlers.values() for user in people}, now)
    for unit, people in handlers.items():
        here = [user for user in people if user.pk not in away] or people
        row = units[unit]
        row.person = min(here, key=lambda user: _burden(load.get(user.pk)))
        row.open_cases = load[row.person.pk]["open"] if row.person.pk in load else 0


def _burden(load: dict[str, Any] | None) -> tuple[int, float]:
    """Open cases, then the moment of the last change: who has none at all comes first."""
    return (load["open"], load["last"].timestamp()) if load else (0, 0.0)
