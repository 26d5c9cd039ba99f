"""Permissions as a table a person can read: name -> predicate over (actor, object)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhitong.core.actor import FIRM_ROLES, STAFF_ROLES, Role, Side
from zhitong.core.errors import NotPermittedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhitong.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Predicate:
    """A named condition on an actor and an object; `&` and `|` join two of them."""

    text: str
    test: Callable[[Actor, Any], bool]
    roles: frozenset[Role] = frozenset()

    def __call__(self, actor: Actor, subject: Any = None) -> bool:
        """Whether the actor fulfils the condition for the object."""
        return self.test(actor, subject)

    def __and__(self, other: Predicate) -> Predicate:
        def both(actor: Actor, subject: Any) -> bool:
            return self(actor, subject) and other(actor, subject)

        return Predicate(f"{self.text}, {other.text}", both, self.roles | other.roles)

    def __or__(self, other: Predicate) -> Predicate:
        def either(actor: Actor, subject: Any) -> bool:
            return self(actor, subject) or other(actor, subject)

        return Predicate(f"{self.text}; or {other.text}", either, self.roles | other.roles)


def holds(*roles: Role) -> Predicate:
    """The actor holds one of the roles somewhere."""
    wanted = frozenset(roles)
    return Predicate(" or ".join(sorted(roles)), lambda actor, _: bool(actor.roles & wanted), wanted)


def is_side(side: Side) -> Predicate:
    """The actor stands on this side of the counter."""
    roles = {Side.STAFF: STAFF_ROLES, Side.FIRM: FIRM_ROLES}.get(side, frozenset())
    return Predicate(f"anyone of the {side} side", lambda actor, _: actor.side == side, roles)


def has_scope(scope: str) -> Predicate:
    """The actor is a program whose key is good for this."""
    return Predicate(f"a key with the scope {scope}", lambda actor, _: scope in actor.scopes)


signed_in = Predicate("anyone signed in", lambda actor, _: actor.user is not None, frozenset(Role))
system_only = Predicate("the system itself", lambda actor, _: actor.side is Side.SYSTEM)
anyone = Predicate("anyone", lambda _actor, _subject: True)

_table: dict[str, Predicate] = {}


def register(table: dict[str, Predicate]) -> None:
    """Add an app's table; called from `config` when the program starts."""
    doubled = _table.keys() & table.keys()
    if doubled:
        message = f"Permissions registered twice: {sorted(doubled)}."
        raise ValueError(message)
    _table.update(table)


def table() -> dict[str, Predicate]:
    """Return the whole table, sorted by name."""
    return dict(sorted(_table.items()))


def may(actor: Actor, permission: str, subject: Any = None) -> bool:
    """Whether the actor may; KeyError for a permission that no table has.

    The system's own actor (commands, schedules) never comes from a request and may do everything.
    """
    predicate = _table[permission]
    return actor.side is Side.SYSTEM or predicate(actor, subject)


def require(actor: Actor, permission: str, subject: Any = None) -> None:
    """Raise NotPermittedError unless the actor may."""
    if not may(actor, permission, subject):
        raise NotPermittedError
