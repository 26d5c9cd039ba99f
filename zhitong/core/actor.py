"""Who acts: one value that permissions, queries and the audit log read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Side(StrEnum):
    """The side of the counter an actor stands on."""

    STAFF = "staff"
    FIRM = "firm"
    SYSTEM = "system"
    MACHINE = "machine"
    OUTSIDE = "outside"  # a unit without accounts that answers by a link
    ANONYMOUS = "anonymous"


class Role(StrEnum):
    """What a person may be in a department or a firm."""

    FIRM_MEMBER = "firm_member"
    FIRM_ADMIN = "firm_admin"
    HANDLER = "handler"
    SECTION_HEAD = "section_head"
    LEADER_IN_CHARGE = "leader_in_charge"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


FIRM_ROLES = frozenset({Role.FIRM_MEMBER, Role.FIRM_ADMIN})
STAFF_ROLES = frozenset(Role) - FIRM_ROLES
ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
WORKING_ROLES = STAFF_ROLES - ADMIN_ROLES
# Those who handle and sign what their department leads; the others dispatch or look on.
DEPARTMENT_ROLES = (Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)


@dataclass(frozen=True, slots=True)
class Post:
    """A role in a department; `path` is its place in the tree, `for_user` whom a delegate replaces."""

    role: Role
    department: int
    path: str
    for_user: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A role in a firm."""

    role: Role
    enterprise: int


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or process behind a request, with everything that decides what it may do."""

    side: Side
    user: int | None = None
    label: str = ""
    posts: tuple[Post, ...] = ()
    seats: tuple[Seat, ...] = ()
    scopes: frozenset[str] = frozenset()  # what a program's key is good for
    regions: tuple[str, ...] = ()  # whose firms that program may see
    token: int | None = None  # the row of that key
    request_id: str = field(default="", compare=False)

    @property
    def principal(self) -> str:
        """Name the owner of idempotency keys: one a person, one a system process."""
        return f"user:{self.user}" if self.user is not None else f"{self.side}:{self.label}"

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held anywhere."""
        return frozenset(post.role for post in self.posts) | frozenset(seat.role for seat in self.seats)

    @property
    def enterprises(self) -> frozenset[int]:
        """The firms the actor belongs to."""
        return frozenset(seat.enterprise for seat in self.seats)

    @property
    def persons(self) -> frozenset[int]:
        """The actor and those the actor stands in for."""
        own = {self.user} if self.user is not None else set()
        return frozenset(own | {post.for_user for post in self.posts if post.for_user is not None})

    def departments(self, *roles: Role) -> frozenset[int]:
        """The departments in which the actor holds one of the roles (any role if none is named)."""
        return frozenset(post.department for post in self.posts if not roles or post.role in roles)

    def paths(self, *roles: Role) -> tuple[str, ...]:
        """The tree paths of those departments; a path is a prefix of everything below it."""
        return tuple(sorted({post.path for post in self.posts if not roles or post.role in roles}))


ANONYMOUS = Actor(side=Side.ANONYMOUS, label="anonymous")


def system(label: str) -> Actor:
    """Return the actor for work that a clock or a command does, named after it."""
    return Actor(side=Side.SYSTEM, label=label)


def is_system(label: str) -> bool:
    """Whether a kept name is one of `system`: small plain letters, as no unit's name is written."""
    return re.fullmatch(r"[a-z]+(-[a-z]+)*", label) is not None


def outside(unit: str, scope: str) -> Actor:
    """Return the actor for a unit without accounts: it may what its link is good for and nothing else."""
    return Actor(side=Side.OUTSIDE, label=unit, scopes=frozenset({scope}))
