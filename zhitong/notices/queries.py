"""Reading how people are told, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount
from django.db.models import Count

from zhitong.core import sealing
from zhitong.core.permissions import may
from zhitong.notices.models import Choice, Delivery, Preference
from zhitong.notices.states import Channel
from zhitong.orgs import queries as org_queries

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from zhitong.core.actor import Actor
    from zhitong.notices.states import Group
    from zhitong.orgs.models import Notice, User

ADDRESS = "notices.address"
WEIXIN = "weixin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be told: what they chose, and where they can be reached."""

    user: User
    preference: Preference
    choices: dict[tuple[str, str], bool] = field(default_factory=dict)
    openid: str = ""

    @property
    def side(self) -> str:
        """Whose messages they get: the office's or a firm's."""
        return "staff" if self.user.needs_second_factor else "firm"

    @property
    def digest(self) -> bool:
        """Whether e-mails come together; usual for the office."""
        chosen = self.preference.digest
        return self.side == "staff" if chosen is None else chosen

    def wants(self, group: Group, channel: str) -> bool:
        """Whether a way is switched on for a group."""
        if self.preference.off:
            return False
        return self.choices.get((group.name, channel), channel in group.on)

    def reach(self, channel: str) -> str:
        """Return the number, account or address of a way; empty for none."""
        if channel == Channel.SMS:
            return self.user.phone or ""
        if channel == Channel.WEIXIN:
            return self.openid
        return address_of(self.preference)


def address_of(preference: Preference) -> str:
    """Return the verified e-mail address of a person; empty for none."""
    return sealing.unseal(preference.address, place=ADDRESS) if preference.address else ""


def people(users: Iterable[User]) -> dict[int, Person]:
    """Return people with what they chose and where they can be reached, by a fixed number of queries."""
    found = {user.pk: user for user in users}
    chosen = {row.user_id: row for row in Preference.objects.filter(user__in=found)}
    choices: dict[int, dict[tuple[str, str], bool]] = {}
    for row in Choice.objects.filter(user__in=found):
        choices.setdefault(row.user_id, {})[row.group, row.channel] = row.on
    openids = _openids(chosen, SocialAccount.objects.filter(user__in=found, provider=WEIXIN))
    return {
        pk: Person(
            user=user,
            preference=chosen.get(pk) or Preference(user=user),
            choices=choices.get(pk, {}),
            openid=openids.get(pk, ""),
        )
        for pk, user in found.items()
    }


def _openids(chosen: dict[int, Preference], accounts: Iterable[SocialAccount]) -> dict[int, str]:
    """Who follows the account by which number; nobody who left it and has not come back since."""
    left = {pk: kept.unbound_at for pk, kept in chosen.items() if kept.unbound_at is not None}
    return {
        row.user_id: row.uid
        for row in accounts
        if row.user_id not in left or row.date_joined > left[row.user_id]
    }


def person(user: User) -> Person:
    """Return one person with what they chose."""
    return people([user])[user.pk]


def own_notices(actor: Actor) -> QuerySet[Notice]:
    """The actor's own messages, newest first, with the ways by which they went."""
    return org_queries.notices(actor).prefetch_related("deliveries")


def deliveries(actor: Actor) -> QuerySet[Delivery]:
    """All messages on their way out, for those who look after the gateways; nothing for others."""
    rows = Delivery.objects.select_related("notice__user__preference").order_by("-pk")
    return rows if may(actor, "notices.see_deliveries") else rows.none()


def narrowed(rows: QuerySet[Delivery], channel: str, state: str) -> QuerySet[Delivery]:
    """Leave those of a way and a state; empty for all."""
    given = {name: value for name, value in (("channel", channel), ("state", state)) if value}
    return rows.filter(**given)


def counts(actor: Actor) -> dict[tuple[str, str], int]:
    """How many messages there are of each way and state."""
    grouped = deliveries(actor).order_by().values_list("channel", "state").annotate(number=Count("pk"))
    return {(channel, state): number for channel, state, number in grouped}


def holders(address: str) -> frozenset[int]:
    """The people who proved that an e-mail address is theirs; addresses are sealed, so each is opened."""
    kept = Preference.objects.exclude(address="").values_list("user", "address")
    wanted = address.strip().lower()
    return frozenset(user for user, box in kept if sealing.unseal(box, place=ADDRESS).lower() == wanted)
