"""Reading cases. Fetching is the permission check: what an actor may not see is not found."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from zhitong.cases import categories, finding, reporters, sight
from zhitong.cases.duties import units_for
from zhitong.cases.models import (
    Alarm,
    Ask,
    Assist,
    Call,
    Case,
    CategoryChoice,
    Entry,
    Presence,
    Stage,
    Stretch,
)
from zhitong.cases.reporters import known_to
from zhitong.cases.states import (
    Asking,
    Visibility,
    extended_by_lead,
    flows_with,
    kinds,
    profile,
    profiles,
    urgent_kinds,
)
from zhitong.core.actor import DEPARTMENT_ROLES, Actor, Role, Side
from zhitong.core.hanging import hangs
from zhitong.core.prepared import prepared
from zhitong.enterprises import queries as enterprise_queries
from zhitong.orgs.states import SIGNING, chain_names, chain_steps

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.cases.states import Rung
    from zhitong.enterprises.models import Enterprise
    from zhitong.orgs.models import Department

suggested_units = units_for  # by the words of a text, before there is a case
# Who is behind a case, for this room and those above: never asked of the row itself.
firm_of, reporter_of = reporters.firm_of, reporters.reporter_of
said, whose = reporters.said, reporters.whose
# What rooms above ask of the tree of categories.
category_label, category_labels = categories.label_of, categories.labels
suggested_category = categories.suggestion_for
category_filters, category_root = categories.filter_choices, categories.root_of
category_leaves, offered_categories, is_offered = categories.under, categories.choices, categories.is_offered
by_words = finding.by_words
# Who sees which cases.
visible, in_sight, listed = sight.visible, sight.in_sight, sight.listed
counted, had_a_hand = sight.counted, sight.had_a_hand

UNCONTACTED = timedelta(days=14)  # so long a missing first contact is looked for: longer than any holiday
HERE = timedelta(minutes=2)  # not heard of for so long: no longer here
SHOWN_HERE = 5
INBOX = 15  # lines beside a case: what fits on a high screen
SOON = timedelta(days=7)  # so long before its day a stage of a plan asks for its person
# The office's clocks in a profile that is older than the ladder and does not name them.
OFFICE = ("accept", "dispatch", "handle", "review", "close")
FROM_OUTSIDE = frozenset({Side.FIRM, Side.MACHINE})  # they read what is meant for the firm


def get_case(actor: Actor, pk: int) -> Case:
    """Return a case the actor may see; 404 for every other."""
    # Who answers for a department mostly opens what it leads, and that is the cheaper question.
    case = _at_hand(actor, pk) if actor.departments(*DEPARTMENT_ROLES) else []
    if not (case := case or _visible(actor, pk)):
        raise Http404
    return case[0]


@prepared
def _at_hand(actor: Actor, pk: int) -> QuerySet[Case]:
    return sight.at_hand(actor).filter(pk=pk).order_by()


@prepared
def _visible(actor: Actor, pk: int) -> QuerySet[Case]:
    return visible(actor).filter(pk=pk).order_by()


def sees(actor: Actor, case: Case) -> bool:
    """Whether a case lies in the actor's sight."""
    return visible(actor).filter(pk=case.pk).exists()


def of_firm(actor: Actor, firm: Enterprise) -> QuerySet[Case]:
    """The cases of one firm, under any of its entries, that the actor may see and know to be of a firm."""
    return visible(actor).filter(known_to(actor), enterprise__in=enterprise_queries.same_firm(firm))


def in_hand(*, actor: Actor, enterprises: frozenset[int]) -> bool:
    """Whether the actor is in charge of a running case of one of these firms, or takes it in."""
    mine = Q(person__in=sight.hands(actor)) | Q(intake__in=actor.departments(Role.DISPATCHER))
    return Case.objects.filter(
        mine, known_to(actor), enterprise__in=enterprises, ended_at__isnull=True
    ).exists()


def with_protected(enterprises: frozenset[int]) -> frozenset[int]:
    """Return those of some firms that are the protected reporter of a case."""
    rows = Case.objects.filter(protected=True, enterprise__in=enterprises)
    return frozenset(rows.values_list("enterprise_id", flat=True).order_by())


def is_of_firm(*, number: str, enterprises: frozenset[int]) -> bool:
    """Whether a number is that of a case of one of these firms; of a protected reporter's case it never is.

    The number would tie the case to the firm on the firm's page, and guessing would tell whose case it is.
    """
    return Case.objects.filter(known_to(None), number=number, enterprise__in=enterprises).exists()


def called_in(*, actor: Actor, enterprises: frozenset[int]) -> bool:
    """Whether a running case brings one of these firms to the actor's desk, wherever the firm lies."""
    return visible(actor).filter(known_to(actor), enterprise__in=enterprises, ended_at__isnull=True).exists()


def entries(actor: Actor, case: Case) -> QuerySet[Entry]:
    """The timeline as this actor may read it, oldest first."""
    return _lines.build(case.pk, actor.side)


def lines(actor: Actor, case: Case) -> list[Entry]:
    """Return the timeline as `entries` has it."""
    return _lines(case.pk, actor.side)


@prepared
def _lines(case: int, side: Side) -> QuerySet[Entry]:
    rows = Entry.objects.filter(case=case).select_related("department", "by_user").order_by("id")
    return rows.filter(visibility=Visibility.FIRM) if side in FROM_OUTSIDE else rows


def stretches(case: Case) -> list[Stretch]:
    """Return the stretches a case has been through, oldest first."""
    return _stretches(case.pk)


@prepared
def _stretches(case: int) -> QuerySet[Stretch]:
    return Stretch.objects.filter(case=case).select_related("accountable", "person").order_by("seq")


def to_do(actor: Actor, now: datetime) -> QuerySet[Case]:
    """The running cases on which this actor has the next step, most urgent first.

    A case that waits for its firm's supplement comes back to the dispatcher when that time is over.
    """
    return _to_do(actor, now, now + SOON)


def first_to_do(actor: Actor, now: datetime) -> list[Case]:
    """Return the first of them as a list shows them, and one more where there are more."""
    return _first_to_do(actor, now, now + SOON)


@prepared
def _first_to_do(actor: Actor, now: datetime, soon: datetime) -> QuerySet[Case]:
    return listed(_to_do(actor, now, soon))[: INBOX + 1]


def _to_do(actor: Actor, now: datetime, soon: datetime) -> QuerySet[Case]:
    next_step = Q(pk__in=())
    dispatching = actor.departments(Role.DISPATCHER)
    reviewing = actor.departments(Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
    handling = actor.departments(Role.HANDLER)
    if dispatching:
        next_step |= Q(intake__in=dispatching, state__in=["submitted", "accepted", "objected", "rated"])
        next_step |= Q(intake__in=dispatching, state="returned", due_at__lt=now)
        next_step |= Q(intake__in=dispatching) & ~Q(asking="") & ~_asks_its_head()
    if reviewing:
        next_step |= to_sign(actor) & ~Q(answered_by__in=actor.persons)
        next_step |= Q(lead__in=reviewing, state="dispatched", person__isnull=True)
        next_step |= Q(lead__in=reviewing) & _asks_its_head()
    if handling:
        mine = Q(person__in=actor.persons) | Q(person__isnull=True)
        next_step |= Q(lead__in=handling, state__in=["dispatched", "handling"]) & mine
        next_step |= Q(lead__in=handling, state="planned", due_at__lt=soon) & mine
    return sight.at_hand(actor).filter(next_step, ended_at__isnull=True).order_by("due_at", "id")


def _asks_its_head() -> Q:
    """Return the condition that a request is the lead's head's to decide, not the intake unit's."""
    found = Q(pk__in=())
    for version in profiles():
        own = [kind for kind in kinds(version) if extended_by_lead(version, kind)]
        found |= Q(sla_version=version, kind__in=own, asking=Asking.EXTENSION)
    return found


def to_sign(actor: Actor) -> Q:
    """Return the condition that the next signature under a case's answer is the actor's."""
    found = Q(pk__in=())
    for name in chain_names():
        for number, roles in enumerate(chain_steps(name)):
            units = actor.departments(*roles)
            chains = [name, ""] if name == SIGNING else [name]  # older cases name no chain
            if units:
                found |= Q(state="answered", chain__in=chains, chain_step=number, lead__in=units)
    return found


def running(actor: Actor) -> QuerySet[Case]:
    """All running cases in sight, most urgent first."""
    return visible(actor).filter(ended_at__isnull=True).order_by("due_at", "id")


def ended(actor: Actor) -> QuerySet[Case]:
    """Cases in sight that have ended, newest first."""
    return visible(actor).filter(ended_at__isnull=False).order_by("-ended_at", "-id")


def search(rows: QuerySet[Case], filters: dict[str, Any], now: datetime) -> QuerySet[Case]:
    """Narrow a list of cases by state, category, department and lateness; words come last, by `by_words`."""
    if filters.get("state"):
        rows = rows.filter(state=filters["state"])
    if filters.get("category"):
        rows = rows.filter(category__in=categories.under(filters["category"]))
    if filters.get("department"):
        rows = rows.filter(accountable=filters["department"])
    if filters.get("late"):
        # Only a running case has a due time; said so, the index of running clocks is used.
        rows = rows.filter(due_at__lt=now, ended_at__isnull=True)
    return rows


def labelled() -> QuerySet[Case]:
    """The cases from which a model may learn: people said what they are about, and none is confidential."""
    return Case.objects.exclude(category="").filter(confidential=False).order_by("id")


def category_choices(cases: QuerySet[Case], begin: datetime, after: datetime) -> QuerySet[CategoryChoice]:
    """What people said first of cases between two moments, where words had suggested something.

    What was taken back was a slip and is not counted.
    """
    first = CategoryChoice.objects.filter(case__in=cases, before="", at__gte=begin, at__lt=after)
    back = CategoryChoice.objects.filter(case=OuterRef("case"), category="", id__gt=OuterRef("id"))
    return first.exclude(suggested="").exclude(Exists(back)).order_by("id")


def run_out(state: str, action: str, now: datetime) -> QuerySet[Case]:
    """The cases in a state whose time is over and whose flow knows what follows then."""
    return Case.objects.filter(
        state=state, due_at__lt=now, ended_at__isnull=True, flow_version__in=flows_with(action)
    ).order_by("id")


def climbing(version: int, kind: str, rung: Rung, before: datetime) -> QuerySet[Case]:
    """The cases under a profile whose clock ran out before a moment and has not climbed a step.

    `kind` names those of an urgent kind; empty, it stands for all kinds that count days.
    """
    which = Q(kind=kind) if kind else ~Q(kind__in=urgent_kinds(version))
    told = Alarm.objects.filter(
        case=OuterRef("pk"),
        clock=OuterRef("clock"),
        clock_started_at=OuterRef("clock_started_at"),
        overdue=rung.overdue,
        assist__isnull=True,
    )
    return (
        Case.objects.filter(
            ~Exists(told),
            which,
            sla_version=version,
            clock__in=profile(version)["climbing"],
            due_at__lt=before,
            ended_at__isnull=True,
        )
        .select_related("accountable")
        .order_by("id")
    )


def climbing_parts(
    version: int, kind: str, rung: Rung, before: datetime, *, clock: str = "assist"
) -> QuerySet[Assist]:
    """The open parts under a profile whose clock ran out before a moment and has not climbed a step.

    `clock` is the helping department's own, or `decide`: of those objected to, on which nobody has decided.
    """
    which = Q(case__kind=kind) if kind else ~Q(case__kind__in=urgent_kinds(version))
    own = Q(decide_due_at__lt=before) if clock == "decide" else Q(due_at__lt=before) & ~Q(state="returned")
    told = Alarm.objects.filter(assist=OuterRef("pk"), clock=clock, overdue=rung.overdue)
    return (
        Assist.objects.filter(~Exists(told), which, own, case__sla_version=version, ended_at__isnull=True)
        .select_related("case", "case__accountable", "department")
        .order_by("id")
    )


def unmade_calls(now: datetime) -> QuerySet[Call]:
    """The open calls whose time is over and of which nobody above was told since it was set."""
    told = Q(alarm_at__isnull=True) | Q(alarm_at__lt=F("due_at"))
    rows = Call.objects.filter(told, state="open", due_at__lt=now)
    return rows.select_related("case", "caller").order_by("due_at", "id")


def uncontacted(now: datetime) -> QuerySet[Case]:
    """The cases in a department's hands whose firm is to be contacted by the end of today, or was to be."""
    today = timezone.localtime(now).replace(hour=23, minute=59, second=59, microsecond=999999)
    return (
        Case.objects.filter(
            state__in=("dispatched", "handling", "suspended", "planned"),
            contacted_at__isnull=True,
            contact_due_at__range=(now - UNCONTACTED, today),
            ended_at__isnull=True,
        )
        .select_related("lead", "intake")
        .order_by("id")
    )


def taken_in() -> QuerySet[Case]:
    """All running cases, for what looks after units and shows nobody a case."""
    return Case.objects.filter(ended_at__isnull=True)


def to_clear(
    *, unit: Department, before: datetime, others: Iterable[int], now: datetime
) -> list[tuple[int, datetime]]:
    """The running cases of an intake unit whose office time ends before a moment, and `others`: (id, due).

    Only clocks that climb are the office's; the time for a supplement or a rating is the firm's.
    """
    which = Q(pk__in=list(others))
    for version in profiles():
        which |= Q(sla_version=version, clock__in=profile(version).get("climbing", OFFICE), due_at__lt=before)
    rows = Case.objects.filter(which, intake=unit, ended_at__isnull=True, created_at__lte=now)
    return list(rows.order_by("due_at", "id").values_list("pk", "due_at"))


def open_ask(case: Case) -> Ask | None:
    """The request of a case that waits for its decision."""
    return case.asks.filter(decision="").select_related("asked_by").first() if case.asking else None


def assists(case: Case) -> QuerySet[Assist]:
    """What other departments were asked to do for a case, oldest first."""
    return Assist.objects.filter(case=case).select_related("department", "person", "case", "replied_by")


def get_assist(actor: Actor, pk: int) -> Assist:
    """Return another department's part in a case the actor may see; 404 for every other."""
    row = Assist.objects.filter(in_sight(actor), pk=pk).select_related(
        "department", "person", "case", "case__lead", "case__intake", "case__accountable"
    )
    assist = row.first() if actor.side is Side.STAFF else None
    if assist is None:
        raise Http404
    return assist


def helping(actor: Actor) -> QuerySet[Assist]:
    """The open parts on which the actor has the next step, most urgent first."""
    mine = Q(person__in=actor.persons) | Q(person__isnull=True)
    scope = Q(department__in=actor.departments(Role.HANDLER)) & mine & ~Q(state="returned")
    heads = actor.departments(Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
    scope |= Q(department__in=heads, state="sent", person__isnull=True)
    steering = Q(case__intake__in=actor.departments(Role.DISPATCHER)) | Q(case__person__in=sight.hands(actor))
    steering |= Q(case__person__isnull=True, case__lead__in=heads)
    scope |= steering & Q(state="returned")
    return (
        Assist.objects.filter(scope, ended_at__isnull=True)
        .select_related("case", "case__enterprise", "department", "person")
        .order_by(Coalesce("decide_due_at", "due_at"), "id")
    )


# A case that others can be handled in: taken up by somebody, with no answer yet.
MAIN_STATES = ("accepted", "dispatched", "objected", "handling", "suspended", "planned")


def mergeable(case: Case) -> QuerySet[Case]:
    """The cases that a case can be handled in: of the same intake unit, running, with no answer yet."""
    return (
        Case.objects.filter(intake=case.intake_id, state__in=MAIN_STATES, confidential=False)
        .exclude(pk=case.pk)
        .select_related("enterprise")
        .order_by("-id")
    )


def earlier_of(case: Case) -> QuerySet[Case]:
    """The cases of a case's own firm that its intake unit took in before it; the newest first."""
    mine = Case.objects.filter(enterprise=case.enterprise_id, intake=case.intake_id, pk__lt=case.pk)
    return (mine if case.enterprise_id else mine.none()).order_by("-id")


def members(actor: Actor, case: Case) -> QuerySet[Case]:
    """The cases that are handled in a case, as far as the actor sees them; a firm sees none."""
    if actor.side is not Side.STAFF or not hangs(Case, case, "merged_into"):
        return Case.objects.none()
    return visible(actor).filter(merged_into=case).order_by("id")


def main_of(actor: Actor, case: Case) -> Case | None:
    """The case that a case is handled in, if the actor sees it."""
    if case.merged_into_id is None:
        return None
    return visible(actor).filter(pk=case.merged_into_id).first()


def get_call(actor: Actor, pk: int) -> Call:
    """Return a call that somebody of the actor's unit has to make; 404 for every other."""
    call = calls(actor).filter(pk=pk).first()
    if call is None:
        raise Http404
    return call


def calls(actor: Actor) -> QuerySet[Call]:
    """The calls that units have to make for which the actor dispatches, the most urgent first."""
    return (
        Call.objects.filter(in_sight(actor), caller__in=actor.departments(Role.DISPATCHER))
        .select_related("case", "case__enterprise", "caller", "callee")
        .order_by("due_at", "id")
    )


def silent(state: str, action: str, now: datetime) -> QuerySet[Case]:
    """The cases that wait for their firm in a state, and whose firm no `action` of this run has reminded."""
    reminded = Entry.objects.filter(case=OuterRef("pk"), action=action, at__gte=OuterRef("clock_started_at"))
    return Case.objects.filter(
        ~Exists(reminded),
        state=state,
        due_at__gt=now,
        ended_at__isnull=True,
        flow_version__in=flows_with(action),
    ).order_by("id")


def stages(case: Case) -> QuerySet[Stage]:
    """The stages of a case's plans, in order."""
    return Stage.objects.filter(case=case).order_by("ask", "seq")


def planned(actor: Actor, filters: dict[str, Any]) -> QuerySet[Case]:
    """The cases in sight that are on the plan, narrowed by class and unit, the next stage first."""
    rows = visible(actor).filter(state="planned")
    if filters.get("grade"):
        rows = rows.filter(grade=filters["grade"])
    if filters.get("department"):
        rows = rows.filter(accountable=filters["department"])
    return rows.prefetch_related("stages").order_by("due_at", "id")


def get_entry(actor: Actor, pk: int) -> Entry:
    """Return a line of a timeline the actor may read; 404 for every other."""
    entry = Entry.objects.filter(in_sight(actor), pk=pk).first()
    if entry is None or (actor.side in FROM_OUTSIDE and entry.visibility != Visibility.FIRM):
        raise Http404
    return entry


def here(actor: Actor, case: Case, now: datetime) -> list[Presence]:
    """Who else of the office has a case open that the actor sees; the longest there first."""
    rows = Presence.objects.filter(case=case, seen_at__gte=now - HERE).exclude(user=actor.user)
    return list(rows.select_related("user").order_by("since", "id")[:SHOWN_HERE])
