"""Changes to departments, people, posts and messages."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from zhitong.core import permissions, slots
from zhitong.core.actor import ADMIN_ROLES, STAFF_ROLES, Role
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.service import Work, emit, service
from zhitong.orgs import queries
from zhitong.orgs.models import Delegation, Department, Duty, Notice, Posting, User
from zhitong.orgs.states import SIGNING, chain_names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.core.actor import Actor


LONGEST_TURN = timedelta(days=7)  # on the duty roster
ERASED = "—"  # what stands in place of a name that was erased


@service("orgs.create_department")
def create_department(  # noqa: PLR0913 - the fields of a department
    work: Work,
    *,
    by: Actor,
    now: datetime,
    name: str,
    name_en: str,
    tier: str,
    local_code: str,
    parent: Department | None = None,
    region: str = "",
    intake: bool = False,
    signing: str = SIGNING,
) -> Department:
    """Add a department below `parent`."""
    del now
    permissions.require(by, "orgs.edit_departments")
    _known_chain(signing)
    if Department.objects.filter(local_code=local_code).exists():
        raise FieldError("local_code", gettext_noop("Another department already has this code."))
    _one_intake(region=region, intake=intake)
    row = Department.objects.create(
        name=name,
        name_en=name_en,
        tier=tier,
        local_code=local_code,
        parent=parent,
        region=region,
        intake=intake,
        signing=signing,
        path=f"new:{local_code}",
    )
    row.path = f"{parent.path if parent else '/'}{row.pk:05d}/"
    row.save(update_fields=["path"])
    work.record(row, name=name, parent=parent.pk if parent else None, intake=intake)
    return row


@service("orgs.change_department")
def change_department(  # noqa: PLR0913 - the fields of a department
    work: Work,
    *,
    by: Actor,
    now: datetime,
    department: Department,
    name: str,
    name_en: str,
    region: str,
    intake: bool,
    active: bool,
    signing: str = SIGNING,
) -> Department:
    """Change a department: name, region, intake mark, signatures; or close it once nobody works there."""
    permissions.require(by, "orgs.edit_departments")
    _known_chain(signing)
    _one_intake(region=region, intake=intake and active, besides=department.pk)
    running = Posting.objects.filter(Q(until__isnull=True) | Q(until__gt=now), department=department)
    if department.active and not active and running.exists():
        raise FieldError("active", gettext_noop("People still hold posts here. End their posts first."))
    before = {"name": department.name, "region": department.region, "intake": department.intake}
    department.name, department.name_en = name, name_en
    department.region, department.intake, department.active = region, intake, active
    department.signing = signing
    department.save(update_fields=["name", "name_en", "region", "intake", "active", "signing"])
    work.record(
        department, before=before, name=name, region=region, intake=intake, active=active, signing=signing
    )
    return department


def _known_chain(name: str) -> None:
    if name not in chain_names():
        raise FieldError("signing", gettext_noop("Choose one of the chains of signatures in the list."))


def _one_intake(*, region: str, intake: bool, besides: int | None = None) -> None:
    if not intake:
        return
    if not region:
        raise FieldError("region", gettext_noop("An intake unit needs the region whose cases it takes in."))
    if Department.objects.filter(region=region, intake=True, active=True).exclude(pk=besides).exists():
        raise FieldError("intake", gettext_noop("Another unit already takes in the cases of this region."))


@service("orgs.create_staff")
def create_staff(
    work: Work, *, by: Actor, now: datetime, username: str, name: str, phone: str = "", password: str = ""
) -> User:
    """Open an account for a staff member; without a password nobody can sign in with it yet."""
    permissions.require(by, "orgs.edit_staff")
    if User.objects.filter(username__iexact=username).exists():
        raise FieldError("username", gettext_noop("This sign-in name is taken."))
    if phone and User.objects.filter(phone=phone).exists():
        raise FieldError("phone", gettext_noop("Another account uses this phone number."))
    user = User(username=username, name=name, phone=phone or None, created_at=now, needs_second_factor=True)
    user.set_password(password or None)
    user.save()
    work.record(user, username=username)
    return user


@service("orgs.open_firm_account")
def firm_account(
    work: Work, *, by: Actor, now: datetime, name: str, phone: str, new_only: bool = False
) -> User:
    """Return the account with a mobile number, opened if there is none; for services that seat people.

    With `new_only` an account that exists is not given out: its owner has to sign in.
    """
    del by  # the services that seat people ask who may
    user = User.objects.filter(phone=phone).first()
    if user is not None and new_only:
        raise RefusedError(
            gettext_noop(
                "There is an account with this number. Sign in first, then use the invitation again."
            )
        )
    if user is not None and user.needs_second_factor:
        raise FieldError("phone", gettext_noop("This number belongs to an officer's account."))
    if user is None:
        name = name.strip()
        if not name:
            raise FieldError("name", gettext_noop("Give the person's name."))
        user = User(username=f"f{secrets.token_hex(8)}", name=name[:40], phone=phone, created_at=now)
        user.set_password(None)
        user.save(force_insert=True)
    work.record(user)
    return user


def own_account(*, by: Actor) -> User:
    """Return the account of the person who acts."""
    return User.objects.get(pk=by.user)


@service("orgs.erase_accounts")
def erase_accounts(work: Work, *, by: Actor, now: datetime, which: Any) -> int:
    """Close accounts of firms' people that a condition names, erase name and number; return how many."""
    permissions.require(by, "orgs.erase_accounts")
    rows = User.objects.filter(which, needs_second_factor=False, postings__isnull=True).exclude(name=ERASED)
    done = 0
    for user in rows.iterator():
        user.name, user.username, user.phone = ERASED, f"erased-{user.pk}", None
        user.phone_verified = user.is_active = False
        user.set_password(None)
        user.save()
        done += 1
    work.record("orgs.user", erased=done, at=now)
    return done


@service("orgs.set_password")
def set_password(work: Work, *, by: Actor, now: datetime, user: User, password: str) -> User:
    """Give somebody who forgot theirs a new first password; their sessions end with it."""
    del now
    permissions.require(by, "orgs.edit_staff")
    user.set_password(password)
    user.save(update_fields=["password"])
    work.record(user)
    return user


@service("orgs.add_post")
def add_post(
    work: Work, *, by: Actor, now: datetime, user: User, department: Department, role: str
) -> Posting:
    """Give a person a role in a department; the three administrators stay three persons."""
    permissions.require(by, "orgs.edit_posts")
    if role not in STAFF_ROLES:
        raise FieldError("role", gettext_noop("Choose one of the staff roles."))
    held = Posting.objects.filter(user=user, until__isnull=True)
    if held.filter(department=department, role=role).exists():
        raise FieldError("role", gettext_noop("This person already holds this post."))
    others = {Role(held_role) for held_role in held.values_list("role", flat=True)}
    if role in ADMIN_ROLES and (others & ADMIN_ROLES) - {Role(role)}:
        raise FieldError(
            "role", gettext_noop("System, security and audit administrator must be different people.")
        )
    row = Posting.objects.create(user=user, department=department, role=role, since=now)
    work.record(row, user=user.pk, department=department.pk, role=role)
    return row


@service("orgs.end_post")
def end_post(
    work: Work, *, by: Actor, now: datetime, posting: Posting, successor: User | None = None
) -> Posting:
    """End a post; when it was the person's last handling post, their open work moves on."""
    permissions.require(by, "orgs.edit_posts")
    Posting.objects.filter(pk=posting.pk, until__isnull=True).update(until=now)
    posting.refresh_from_db()
    moved = _hand_over(user=posting.user_id, to=successor, by=by, now=now)
    work.record(posting, user=posting.user_id, moved=moved)
    return posting


@service("orgs.leave")
def leave(work: Work, *, by: Actor, now: datetime, user: User, successor: User | None = None) -> User:
    """Close a leaver's account, end their posts and hand their open work over; nothing stays orphaned."""
    permissions.require(by, "orgs.edit_staff")
    if user.pk == by.user:
        raise RefusedError(gettext_noop("You cannot close your own account. Ask another administrator."))
    Posting.objects.filter(user=user, until__isnull=True).update(until=now)
    Delegation.objects.filter(Q(absentee=user) | Q(stand_in=user), ended=False).update(ended=True)
    user.is_active = False
    user.save(update_fields=["is_active"])
    moved = _hand_over(user=user.pk, to=successor, by=by, now=now)
    work.record(user, moved=moved, successor=successor.pk if successor else None)
    return user


def _hand_over(*, user: int, to: User | None, by: Actor, now: datetime) -> int:
    return sum(hand(user=user, to=to.pk if to else None, by=by, now=now) for hand in slots.handovers)


@service("orgs.delegate")
def delegate(  # noqa: PLR0913 - the fields of a delegation
    work: Work,
    *,
    by: Actor,
    now: datetime,
    absentee: User,
    stand_in: User,
    since: datetime,
    until: datetime,
    reason: str,
) -> Delegation:
    """Let `stand_in` act in the posts of `absentee` for a time; both must share a department."""
    del now
    permissions.require(by, "orgs.delegate", absentee)
    if absentee.pk == stand_in.pk:
        raise FieldError("stand_in", gettext_noop("Choose somebody else to stand in."))
    if until <= since:
        raise FieldError("until", gettext_noop("The end must be after the beginning."))
    shared = Posting.objects.filter(user=absentee, until__isnull=True).values("department")
    if not Posting.objects.filter(user=stand_in, until__isnull=True, department__in=shared).exists():
        raise FieldError("stand_in", gettext_noop("The stand-in must hold a post in the same department."))
    row = Delegation.objects.create(
        absentee=absentee, stand_in=stand_in, since=since, until=until, reason=reason
    )
    work.record(row, absentee=absentee.pk, stand_in=stand_in.pk, since=since, until=until)
    return row


@service("orgs.end_delegation")
def end_delegation(work: Work, *, by: Actor, now: datetime, delegation: Delegation) -> Delegation:
    """End a delegation before its time."""
    del now
    permissions.require(by, "orgs.delegate", delegation.absentee)
    Delegation.objects.filter(pk=delegation.pk).update(ended=True)
    delegation.refresh_from_db()
    work.record(delegation, ended=True)
    return delegation


@service("orgs.add_duty")
def add_duty(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    department: Department,
    user: User,
    since: datetime,
    until: datetime,
) -> Duty:
    """Put a person of a unit on its duty roster; a turn lasts at most a week."""
    permissions.require(by, "orgs.edit_roster", department)
    if not since < until <= since + LONGEST_TURN:
        raise FieldError("until", gettext_noop("A turn ends after it began, and within a week."))
    if until <= now:
        raise FieldError("until", gettext_noop("This turn is over already."))
    if not queries.reachable_in([department], now).filter(pk=user.pk).exists():
        raise FieldError("user", gettext_noop("Choose somebody who works in this unit."))
    if Duty.objects.filter(department=department, user=user, since__lt=until, until__gt=since).exists():
        raise FieldError("user", gettext_noop("This person stands on the roster at that time already."))
    row = Duty.objects.create(department=department, user=user, since=since, until=until)
    work.record(row, department=department.pk, user=user.pk, since=since, until=until)
    return row


@service("orgs.remove_duty")
def remove_duty(work: Work, *, by: Actor, now: datetime, duty: Duty) -> None:
    """Take a turn off the roster."""
    del now
    permissions.require(by, "orgs.edit_roster", duty.department)
    work.record(duty, department=duty.department_id, user=duty.user_id, since=duty.since, until=duty.until)
    Duty.objects.filter(pk=duty.pk).delete()


@service("orgs.read_notices")
def read_notices(work: Work, *, by: Actor, now: datetime, seen: datetime | None = None) -> None:
    """Mark the actor's messages as read: all, or those that there were when the actor looked (`seen`)."""
    rows = Notice.objects.filter(user=by.user, read_at__isnull=True, created_at__lte=seen or now)
    count = rows.update(read_at=now)
    work.record(f"orgs.user:{by.user}", read=count)


@service("orgs.unread_notices")
def unread_notices(work: Work, *, by: Actor, now: datetime, read_at: datetime) -> int:
    """Take back that the actor's messages were marked as read at a moment; return how many wait again."""
    del now
    count = Notice.objects.filter(user=by.user, read_at=read_at).update(read_at=None)
    work.record(f"orgs.user:{by.user}", unread=count, read_at=read_at)
    return count


def notify(
    *,
    users: Iterable[int],
    msgid: str,
    params: dict[str, Any],
    subject: str,
    source: str,
    now: datetime,
    event: str = "",
) -> None:
    """Give each user one message about `source`; repeats change nothing. For consumers of the outbox.

    `event` names what happened; whether and how a message also leaves the system follows from it.
    """
    told = set(users)
    with transaction.atomic():
        before = set(Notice.objects.filter(source=source, user__in=told).values_list("user", flat=True))
        Notice.objects.bulk_create(
            [
                Notice(
                    user_id=user, msgid=msgid, params=params, subject=subject, source=source,
                    event=event, created_at=now,
                )
                for user in sorted(told - before)
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        # Rows of a conflict have no key; whoever wrote the same message at the same moment may name them too.
        made = Notice.objects.filter(source=source, user__in=told - before).order_by("pk")
        ids = list(made.values_list("pk", flat=True))
        if ids:
            emit("orgs.notice", now=now, notices=ids)
