"""Reading departments, people and posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404

from zhitong.core import slots
from zhitong.core.actor import DEPARTMENT_ROLES, WORKING_ROLES, Actor, Post, Role, Side
from zhitong.core.permissions import may
from zhitong.core.prepared import prepared
from zhitong.orgs.models import Delegation, Department, Duty, Notice, Posting, SavedView, User
from zhitong.orgs.states import ROSTER_ROLES, Tier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.core.models import AuditEvent

UNREAD = 100  # as many messages are counted
PERSON = "user:"  # how the audit log writes a person


def actor_posts(user: User, now: datetime) -> dict[str, Any]:
    """Return the posts a user holds at `now`, those of absentees included; fields for an Actor."""
    posts = [Post(Role(role), *rest) for role, *rest in _held(user.pk, now)]
    if posts:
        # Only staff can stand in, and only for posts in departments where they hold one themselves.
        own = {post.department for post in posts}
        away = _away(user.pk, now)
        if away:
            lent = current_postings(now).filter(user__in=away, department__in=own)
            posts += [Post(Role(role), *rest) for role, *rest in _as_posts(lent, "user")]
    return {"posts": tuple(posts)}


@prepared
def _held(user: int, now: datetime) -> QuerySet[Posting, tuple[Any, ...]]:
    return _as_posts(current_postings(now).filter(user=user))


@prepared
def _away(user: int, now: datetime) -> QuerySet[Delegation, int]:
    return active_delegations(now).filter(stand_in=user).values_list("absentee", flat=True)


def territory(actor: Actor) -> tuple[str, ...]:
    """Return the region codes that the actor's working posts stand for; one that is empty stands for all.

    A post reaches as far as its department or the nearest one above that has a region, and everything below
    that: a bureau of the city the whole city, a bureau of a district the district.
    """
    paths = actor.paths(*WORKING_ROLES)
    above = {row.path: row for row in Department.objects.filter(path__in=with_those_above(paths))}
    found: set[str] = set()
    for path in paths:
        reach = [above[path[:end]] for end in reversed(_ends(path)) if path[:end] in above]
        unit = next((row for row in reach if row.region), None)
        if unit is not None:
            below = Department.objects.filter(path__startswith=unit.path).exclude(region="")
            found.update(below.values_list("region", flat=True))
        elif reach and reach[0].tier == Tier.PROVINCE:
            return ("",)
    return tuple(sorted(found))


def with_those_above(paths: Iterable[str]) -> set[str]:
    """Return tree paths with the paths of all units above them."""
    return {path[:end] for path in paths for end in _ends(path)}


def below(path: str) -> QuerySet[Any]:
    """Return the keys of the unit with a tree path and of all units below it, for a condition on rows."""
    return Department.objects.filter(path__startswith=path).values("pk")


def with_paths(paths: Iterable[str]) -> QuerySet[Any]:
    """Return the keys of the units with these tree paths, for a condition on rows."""
    return Department.objects.filter(path__in=sorted(paths)).values("pk")


def _ends(path: str) -> list[int]:
    return [at + 1 for at, sign in enumerate(path) if sign == "/" and at]


def _as_posts(rows: QuerySet[Posting], *more: str) -> QuerySet[Posting, tuple[Any, ...]]:
    """What makes a post of each row; every request asks for it, so nothing else is read."""
    return rows.select_related(None).values_list("role", "department", "department__path", *more)


def current_postings(now: datetime) -> QuerySet[Posting]:
    """Posts held at `now` by active people in active departments."""
    running = Q(until__isnull=True) | Q(until__gt=now)
    return Posting.objects.filter(
        running, since__lte=now, user__is_active=True, department__active=True
    ).select_related("department", "user")


def active_delegations(now: datetime) -> QuerySet[Delegation]:
    """Delegations running at `now`."""
    return Delegation.objects.filter(since__lte=now, until__gt=now, ended=False)


def staff_actor(user: User, now: datetime) -> Actor:
    """Return the actor for a staff member outside a request (commands, simulations, tests)."""
    return Actor(side=Side.STAFF, user=user.pk, label=user.name, **actor_posts(user, now))


def departments(*, active: bool = True) -> QuerySet[Department]:
    """All departments in tree order."""
    rows = Department.objects.select_related("parent")
    return rows.filter(active=True) if active else rows


def choosable() -> QuerySet[Department]:
    """Active departments in tree order with nothing but what a choice shows."""
    return Department.objects.filter(active=True).only("name", "name_en")


def leads() -> QuerySet[Department]:
    """Departments that can be charged with an answer: active ones with at least one handler."""
    return departments().filter(postings__role=Role.HANDLER, postings__until__isnull=True).distinct()


def without_accounts() -> QuerySet[Department]:
    """Active departments in which nobody could sign in to answer; a link, a sheet or paper reaches them.

    Units that take cases in are none of them: who dispatches signs in.
    """
    return departments().filter(intake=False).exclude(pk__in=_answering_posts().values("department"))


def _answering_posts() -> QuerySet[Posting]:
    return Posting.objects.filter(role__in=DEPARTMENT_ROLES, until__isnull=True, user__is_active=True)


@prepared
def _answers(department: int) -> QuerySet[Posting, int]:
    return _answering_posts().filter(department=department).values_list("pk", flat=True)[:1]


def is_without_accounts(department: int | None) -> bool:
    """Whether nobody of a department could sign in to answer."""
    # Most have somebody, which is the cheaper question.
    if department is None or _answers(department):
        return False
    return without_accounts().filter(pk=department).exists()


def chargeable() -> QuerySet[Department]:
    """Departments that can be charged with an answer or a part, with accounts or without."""
    return departments().filter(Q(pk__in=leads().values("pk")) | Q(pk__in=without_accounts().values("pk")))


def get_department(actor: Actor, pk: int) -> Department:
    """Return a department to staff; 404 for others."""
    return _found(departments(active=False).filter(pk=pk) if may(actor, "orgs.see_departments") else None)


def get_staff(actor: Actor, pk: int) -> User:
    """Return a staff member to administrators, or to themselves; 404 for others."""
    allowed = may(actor, "orgs.edit_staff") or may(actor, "orgs.edit_posts") or actor.user == pk
    return _found(staff().filter(pk=pk) if allowed else None)


def _found(rows: QuerySet[Any] | None) -> Any:
    row = rows.first() if rows is not None else None
    if row is None:
        raise Http404
    return row


def unnamed(events: Iterable[AuditEvent]) -> frozenset[int]:
    """Return the numbers of the audit events that name nobody: of firms with a protected reporter.

    All that their people did about the firm's matters is meant: one name would stand for the hidden one.
    """
    about = {event.tenant for event in events if event.tenant is not None}
    hidden = {tenant for room in slots.hidden_tenants for tenant in room(frozenset(about))}
    doubtful = [event for event in events if event.tenant in hidden and event.actor.startswith(PERSON)]
    people = {int(event.actor.removeprefix(PERSON)) for event in doubtful}
    office = {f"{PERSON}{pk}" for pk in staff().filter(pk__in=people).values_list("pk", flat=True)}
    return frozenset(event.pk for event in doubtful if event.actor not in office)


def staff() -> QuerySet[User]:
    """People who hold or held a post, or must sign in with a second factor."""
    return (
        User.objects.filter(Q(needs_second_factor=True) | Q(postings__isnull=False))
        .distinct()
        .order_by("name")
    )


def holders(department: int, *roles: Role, now: datetime) -> QuerySet[User]:
    """People who hold one of the roles in a department at `now`."""
    posts = current_postings(now).filter(department_id=department, role__in=roles)
    return User.objects.filter(pk__in=posts.values("user")).order_by("name", "pk")


def nearest(role: Role, department: int, *, now: datetime) -> QuerySet[User]:
    """People who hold a role in the department, or else in the nearest one above it that has any."""
    path = Department.objects.values_list("path", flat=True).get(pk=department)
    posts = current_postings(now).filter(role=role)
    for end in reversed(_ends(path)):
        found = posts.filter(department__path=path[:end])
        if found.exists():
            return User.objects.filter(pk__in=found.values("user")).order_by("name", "pk")
    return User.objects.none()


def everyone_with(role: Role, *, now: datetime) -> QuerySet[User]:
    """People who hold the role anywhere at `now`."""
    return User.objects.filter(pk__in=current_postings(now).filter(role=role).values("user"))


@prepared
def _taking_in(region: str) -> QuerySet[Department]:
    return Department.objects.filter(intake=True, active=True, region=region)[:1]


def intake_department(*places: str) -> Department:
    """Return the unit that takes in cases of a place: the nearest one by code, the city's last.

    Places are GB/T 2260 codes or local unit codes, the narrowest first: a park or a street whose unit is
    marked as taking in sees its firms' cases before the district. `350102` falls back to `3501`, then to any.
    """
    widest = places[-1]
    for code in dict.fromkeys((*places, widest[:6], widest[:4] + "00")):
        unit = _taking_in.first(code) if code else None
        if unit is not None:
            return unit
    unit = Department.objects.filter(intake=True, active=True).order_by("path").first()
    if unit is None:
        message = "No department takes cases in. Mark one as an intake unit."
        raise LookupError(message)
    return unit


def standing_for(place: str) -> list[Department]:
    """Return the active units that stand for a place below the city by its code; none for an empty one."""
    local = (Tier.COUNTY, Tier.TOWN, Tier.PARK)
    return list(Department.objects.filter(region=place, active=True, tier__in=local)) if place else []


def intake_outside(unit: Department) -> Department | None:
    """Return the unit that takes cases in nearest above a unit, or else any that does not belong to it."""
    others = Department.objects.filter(intake=True, active=True).exclude(path__startswith=unit.path)
    above = others.filter(path__in=with_those_above([unit.path]))
    return above.order_by("-path").first() or others.order_by("path").first()


def intake_above(unit: Department) -> Department | None:
    """Return the next unit above one that takes cases in; None at the top."""
    above = with_those_above([unit.path]) - {unit.path}
    return Department.objects.filter(intake=True, active=True, path__in=above).order_by("-path").first()


def on_duty(department: int, now: datetime) -> QuerySet[User]:
    """People whose turn on a unit's duty roster runs at `now`."""
    turns = Duty.objects.filter(department_id=department, since__lte=now, until__gt=now)
    return User.objects.filter(pk__in=turns.values("user"), is_active=True).order_by("name", "pk")


def duty_of_many(departments: Iterable[int], now: datetime) -> dict[int, list[User]]:
    """Return for each of several units the people whose turn runs at `now`."""
    turns = Duty.objects.filter(
        department__in=departments, since__lte=now, until__gt=now, user__is_active=True
    ).select_related("user")
    return _by_unit((turn.department_id, turn.user) for turn in turns)


def heads_of_many(departments: Iterable[int], now: datetime) -> dict[int, list[User]]:
    """Return for each of several units its section heads and leaders in charge."""
    posts = current_postings(now).filter(
        department__in=departments, role__in=(Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
    )
    return _by_unit((post.department_id, post.user) for post in posts.select_related("user"))


def _by_unit(pairs: Iterable[tuple[int, User]]) -> dict[int, list[User]]:
    found: dict[int, list[User]] = {}
    for unit, user in pairs:
        found.setdefault(unit, []).append(user)
    return found


def roster(*, since: datetime, department: Department | None = None) -> QuerySet[Duty]:
    """The turns that end after a moment, in order; of one unit if it is named."""
    rows = Duty.objects.filter(until__gt=since).select_related("department", "user")
    return rows.filter(department=department) if department is not None else rows


def rostered_units(actor: Actor) -> QuerySet[Department]:
    """The units whose duty roster the actor may change."""
    units = Department.objects.filter(active=True).order_by("path")
    if may(actor, "orgs.edit_posts"):
        return units
    return units.filter(pk__in=actor.departments(*ROSTER_ROLES))


def get_duty(actor: Actor, pk: int) -> Duty:
    """Return a turn of a roster that the actor may change; 404 for others."""
    rows = Duty.objects.filter(pk=pk, department__in=rostered_units(actor))
    return _found(rows.select_related("department", "user"))


def reachable_in(departments: Iterable[Department], now: datetime) -> QuerySet[User]:
    """People who can stand on the roster of units: those who dispatch, handle or head there now."""
    posts = current_postings(now).filter(department__in=departments, role__in=(*ROSTER_ROLES, Role.HANDLER))
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("name", "pk")


def notices(actor: Actor) -> QuerySet[Notice]:
    """The actor's own messages, newest first."""
    return Notice.objects.filter(user=actor.user) if actor.user is not None else Notice.objects.none()


def unread_count(actor: Actor) -> int:
    """How many messages are unread, counted up to a hundred only."""
    return len(_unread(actor.user)) if actor.user is not None else 0


@prepared
def _unread(user: int) -> QuerySet[Notice, int]:
    rows = Notice.objects.filter(user=user, read_at__isnull=True)
    return rows.values_list("pk", flat=True)[:UNREAD]


def colleagues(user: User, now: datetime) -> QuerySet[User]:
    """People who hold a post in one of the user's departments at `now`."""
    shared = current_postings(now).filter(user=user).values("department")
    posts = current_postings(now).filter(department__in=shared)
    return User.objects.filter(pk__in=posts.values("user")).exclude(pk=user.pk).order_by("name")


def get_posting(actor: Actor, pk: int) -> Posting:
    """Return a running post to security administrators; 404 for others."""
    rows = Posting.objects.filter(pk=pk, until__isnull=True).select_related("user", "department")
    return _found(rows if may(actor, "orgs.edit_posts") else None)


def get_delegation(actor: Actor, pk: int) -> Delegation:
    """Return a delegation to the absentee or a security administrator; 404 for others."""
    row = Delegation.objects.filter(pk=pk).select_related("absentee").first()
    if row is None or not may(actor, "orgs.delegate", row.absentee):
        raise Http404
    return row


def absent(users: Iterable[int], now: datetime) -> set[int]:
    """Which of several people are away now, with somebody standing in for them."""
    rows = Delegation.objects.filter(absentee__in=users, since__lte=now, until__gt=now, ended=False)
    return set(rows.values_list("absentee", flat=True))


def delegations_of(user: User) -> QuerySet[Delegation]:
    """A person's delegations, newest first."""
    return Delegation.objects.filter(absentee=user).select_related("stand_in")


def posts_of(user: User) -> QuerySet[Posting]:
    """A person's running posts."""
    return Posting.objects.filter(user=user, until__isnull=True).select_related("department")


def saved_views(actor: Actor) -> QuerySet[SavedView]:
    """The actor's own views, of all lists."""
    return SavedView.objects.filter(user=actor.user)


def get_view(actor: Actor, pk: int) -> SavedView:
    """Return one of the actor's views; 404 for every other."""
    row = saved_views(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
