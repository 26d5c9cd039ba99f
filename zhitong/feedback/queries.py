"""Reading ratings, return visits and exclusions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy

from zhitong.cases import queries as case_queries
from zhitong.cases.models import Case
from zhitong.core import queries as core_queries
from zhitong.core.actor import Actor, Side
from zhitong.core.clock import local_date
from zhitong.core.hanging import hangs
from zhitong.core.permissions import may
from zhitong.core.slots import LeaderMatter
from zhitong.enterprises.queries import WORDS_OF
from zhitong.feedback import figures
from zhitong.feedback.models import Effect, Exclusion, Rating, ReturnVisit, Thanks
from zhitong.feedback.states import BAD, FOLLOWED, OPEN_EFFECTS, Decision, EffectState, rule
from zhitong.kernel.calendar import add_workdays, subtract_workdays

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet


BOUND = 100  # more than these nobody lays before a leader
WORDS = tuple(f"case__enterprise__{name}" for name in WORDS_OF)  # what a text may call a firm
VISITED = frozenset({"reviewed", "rated", "closed"})  # states in which the firm has its answer


def rating_of(case: Case) -> Rating | None:
    """The last rating of a case, None while there is none."""
    return Rating.objects.filter(case=case).order_by("-round").first()


class RatingPanel:
    """Shows the firm's rating on the case page."""

    template = "feedback/_panel.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """The rating, or nothing while there is none; whoever sees the case may see it."""
        del actor, now
        rating = rating_of(subject) if hangs(Rating, subject) else None
        return None if rating is None else {"rating": rating, "stars": range(rating.grade)}


class VisitPanel:
    """Shows the office the return visits of a case, and the button for one more."""

    template = "feedback/_visit_panel.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """The visits and what can be done; nothing for firms, and before the answer."""
        del now
        if actor.side is not Side.STAFF or subject.state not in VISITED:
            return None
        visits = list(ReturnVisit.objects.filter(case=subject).select_related("by_user"))
        asked = not any(visit.valid and visit.round == subject.reopened for visit in visits)
        return {
            "case": subject,
            "visits": visits,
            "exclusion": Exclusion.objects.filter(case=subject).select_related("asked_by").first(),
            "may_visit": asked
            and may(actor, "feedback.visit_back", subject)
            and not case_queries.had_a_hand(actor, subject),
            "may_exclude": subject.ended_at is not None and may(actor, "feedback.ask_exclusion", subject),
        }


def to_visit(actor: Actor, now: datetime, filters: dict[str, Any] | None = None) -> QuerySet[Case]:
    """The answered cases in sight whose firm was not asked yet, those whose time for it ends first on top."""
    seen, filters = case_queries.visible(actor), filters or {}
    rows = due_visits(seen, now) if filters.get("late") else _unasked(seen, now)
    if filters.get("department"):
        rows = rows.filter(lead=filters["department"])
    return rows.order_by(F("ended_at").asc(nulls_last=True), "id")


def _unasked(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    asked = ReturnVisit.objects.filter(case=OuterRef("pk"), round=OuterRef("reopened"), valid=True)
    since = now - timedelta(days=rule("visit_within", local_date(now)))
    return cases.filter(~Exists(asked), state__in=VISITED).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=since)
    )


def visit_due(case: Case) -> date | None:
    """Return the day by which the firm of an ended case should have been asked; None while it runs."""
    if case.ended_at is None:
        return None
    day = local_date(case.ended_at)
    return add_workdays(day, rule("visit_due", day), core_queries.day_table(day)).due


def due_visits(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    """Those of the cases whose firm should have been asked by the end of today, a working day."""
    today = local_date(now)
    last = subtract_workdays(today, rule("visit_due", today) - 1, core_queries.day_table(today))
    before = datetime.combine(last, time.min, tzinfo=timezone.get_default_timezone())
    return _unasked(cases, now).filter(ended_at__lt=before)


def units_with_due_visits(now: datetime) -> dict[int, int]:
    """How many return visits are due today or before, by the intake unit that makes them."""
    rows = due_visits(Case.objects.all(), now).order_by().values("intake").annotate(number=Count("pk"))
    return {row["intake"]: row["number"] for row in rows}


def visits_of_month(intake: int, day: date) -> tuple[int, int]:
    """How many valid return visits an intake unit's cases had in a month, and how many are left out."""
    first = datetime.combine(day.replace(day=1), time.min, tzinfo=timezone.get_default_timezone())
    visits = ReturnVisit.objects.filter(case__intake=intake, valid=True, at__gte=first)
    out = visits.filter(case__exclusions__decision=Decision.APPROVED)
    return visits.values("case").distinct().count(), out.values("case").distinct().count()


def exclusions(actor: Actor) -> QuerySet[Exclusion]:
    """Requests to leave cases out, of cases in sight; those that wait first."""
    rows = Exclusion.objects.filter(case_queries.in_sight(actor))
    return rows.select_related("case", "case__intake", "asked_by", "decided_by").order_by(
        F("decided_at").desc(nulls_first=True), "-id"
    )


def get_exclusion(actor: Actor, pk: int) -> Exclusion:
    """Return a request that the actor may read; 404 for every other."""
    row = exclusions(actor).filter(pk=pk).first() if may(actor, "feedback.see_exclusions") else None
    if row is None:
        raise Http404
    return row


def bad_again(actor: Actor, now: datetime) -> list[LeaderMatter]:
    """The cases that could be laid before a leader because their firm is dissatisfied a second time."""
    del now
    reason = gettext_lazy("The firm was dissatisfied a second time")
    rows = second_bad(actor).filter(confidential=False)[:BOUND]
    return [LeaderMatter(case.pk, reason, _newest(case)) for case in rows]


def second_bad(actor: Actor) -> QuerySet[Case]:
    """The cases in sight that were reopened and whose firm is dissatisfied with the new answer as well."""
    return _with_bad_words(case_queries.visible(actor)).order_by("-id")


def word_for_leader(case: Case) -> datetime | None:
    """When a firm was last dissatisfied with the answer after a reopening; a leader hears it before the end.

    Of a confidential case a leader who only looks on learns nothing; it ends without one.
    """
    if case.confidential or not case.reopened:
        return None
    row = _with_bad_words(Case.objects.filter(pk=case.pk)).first()
    return None if row is None else _newest(row)


def _with_bad_words(cases: QuerySet[Case]) -> QuerySet[Case]:
    same = {"case": OuterRef("pk"), "round": OuterRef("reopened")}
    unhappy = Q(grade__lte=BAD) | Q(solved=False)
    rated = Rating.objects.filter(grade__lte=BAD, **same).order_by("-at").values("at")[:1]
    said = ReturnVisit.objects.filter(unhappy, valid=True, **same).order_by("-at").values("at")[:1]
    rows = cases.filter(reopened__gte=1).annotate(bad_rated=Subquery(rated), bad_said=Subquery(said))
    return rows.filter(Q(bad_rated__isnull=False) | Q(bad_said__isnull=False))


def _newest(case: Case) -> datetime:
    return max(at for at in (case.bad_rated, case.bad_said) if at is not None)


def has_effects(case: Case) -> bool:
    """Whether the firm has an answer of which an effect can be expected."""
    return case.state == "planned" or (case.state in VISITED and case.outcome in FOLLOWED)


def effects(actor: Actor) -> QuerySet[Effect]:
    """Effects of cases in sight, those to be looked at first on top."""
    rows = Effect.objects.filter(case_queries.in_sight(actor)).prefetch_related(*WORDS)
    return rows.select_related("case", "case__enterprise", "case__lead").order_by(
        F("next_look").asc(nulls_last=True), "-id"
    )


def get_effect(actor: Actor, pk: int) -> Effect:
    """Return an effect of a case in sight; 404 for every other."""
    row = effects(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def late_looks(rows: QuerySet[Effect], today: date) -> QuerySet[Effect]:
    """Those of the effects whose day to be looked at has come."""
    return rows.filter(state=EffectState.EXPECTED, next_look__lte=today)


def narrowed(rows: QuerySet[Effect], filters: dict[str, Any], today: date) -> QuerySet[Effect]:
    """The effects that the filters of the list leave."""
    if filters.get("state"):
        rows = rows.filter(state=filters["state"])
    if filters.get("department"):
        rows = rows.filter(case__lead=filters["department"])
    return late_looks(rows, today) if filters.get("late") else rows


class EffectPanel:
    """What the answer is to bring about, for the office and the firm, with what each can do."""

    template = "feedback/_effect_panel.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """The effects; nothing where there is none and none can be entered."""
        rows = list(Effect.objects.filter(case=subject)) if hangs(Effect, subject) else []
        may_expect = has_effects(subject) and may(actor, "feedback.expect_effect", subject)
        if not rows and not may_expect:
            return None
        allowed = {step for step, (name, _) in STEPS.items() if may(actor, name, subject)}
        shown = [
            (row, [step for step in STEPS if step in allowed and row.state in STEPS[step][1]]) for row in rows
        ]
        return {
            "case": subject,
            "effects": shown,
            "may_expect": may_expect,
            "office": actor.side is Side.STAFF,
            "today": local_date(now),
        }


# Steps of an effect on a page: the permission, and the states from which they go.
STEPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "there": ("feedback.say_effect_there", (EffectState.EXPECTED,)),
    "confirm": ("feedback.confirm_effect", (EffectState.THERE,)),
    "deny": ("feedback.deny_effect", (EffectState.THERE,)),
    "look": ("feedback.look_again", (EffectState.EXPECTED,)),
    "drop": ("feedback.drop_effect", OPEN_EFFECTS),
}


def thanks(actor: Actor) -> QuerySet[Thanks]:
    """Thanks for cases in sight, the newest first."""
    rows = Thanks.objects.filter(case_queries.in_sight(actor)).prefetch_related(*WORDS)
    return rows.select_related("case__enterprise", "case__lead", "case__intake", "entered_by", "withdrawn_by")


def get_thanks(actor: Actor, pk: int) -> Thanks:
    """Return thanks for a case in sight; 404 for every other."""
    row = thanks(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def sifted(rows: QuerySet[Thanks], filters: dict[str, Any]) -> QuerySet[Thanks]:
    """The thanks that the filters of the list leave; those taken back only where they are asked for."""
    rows = rows.filter(withdrawn_at__isnull=not filters.get("withdrawn"))
    columns = {
        "kind": "kind", "department": "case__lead", "since": "received_on__gte", "until": "received_on__lte",
    }  # fmt: skip
    for name, column in columns.items():
        if filters.get(name):
            rows = rows.filter(**{column: filters[name]})
    return rows.filter(by_unit=filters["by"] == "unit") if filters.get("by") else rows


def _thanks_for(actor: Actor, case: Case) -> QuerySet[Thanks]:
    """The thanks for one case, standing ones first."""
    return thanks(actor).filter(case=case).order_by(F("withdrawn_at").asc(nulls_first=True), "-id")


class ThanksPanel:
    """Thanks for the case with their photos, and the way to give some."""

    template = "feedback/_thanks_panel.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """Standing thanks first; nothing where there are none and none can be given."""
        del now
        rows = list(_thanks_for(actor, subject)) if hangs(Thanks, subject) else []
        may_give = subject.state in VISITED and may(actor, "feedback.give_thanks", subject)
        if not rows and not may_give:
            return None
        files = core_queries.uploads_of_many(f"feedback.thanks:{row.pk}" for row in rows)
        for file in files:
            file.name = case_queries.said(actor, subject, file.name)
        shown = [
            {
                "row": row,
                "files": [file for file in files if file.subject == f"feedback.thanks:{row.pk}"],
                "may": row.withdrawn_at is None and may(actor, "feedback.withdraw_thanks", row),
            }
            for row in rows
        ]
        return {"case": subject, "rows": shown, "may_give": may_give, "office": actor.side is Side.STAFF}


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """The cases behind each figure of a lead department (`all` for the whole), and its rates as texts.

    A rate is None where there was nothing to count.
    """

    key: str
    cases: dict[str, list[int]]
    rates: dict[str, str | None]


def unit_figures(actor: Actor, begin: date, end: date, *, now: datetime) -> list[UnitFigures]:
    """Return the figures of a period as the table shows them: the whole first, units in their order."""
    period = figures.Period(begin, end)
    found = figures.cells(actor, period, "department", now=now, listed=True)
    return [
        UnitFigures(
            line.key,
            {name: list(found[line.key].cases[name]) for name in figures.FIGURES},
            {name: line.rate(name) or None for name in figures.RATES},
        )
        for line in figures.lines(found, period, "department")
    ]
