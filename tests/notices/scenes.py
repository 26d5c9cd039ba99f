"""Small scenes: people with ways to reach them, and messages to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet
from django.utils import timezone

from tests.support.office import NOW, Office
from zhitong.core import outbox, sealing
from zhitong.core.models import OutboxMessage
from zhitong.notices import queries
from zhitong.notices.models import Delivery, Preference
from zhitong.notices.tasks import SendDue
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice, User

PHONE = "13800138000"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def at(text: str) -> datetime:
    """A moment in the city's time, such as `2026-06-05 21:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.get_default_timezone())


def phone(office: Office, name: str, number: str = PHONE) -> User:
    User.objects.filter(pk=office.users[name].pk).update(phone=number)
    office.users[name].refresh_from_db()
    return office.users[name]


def weixin(office: Office, name: str, openid: str = "o-1") -> User:
    row = SocialAccount.objects.create(user=office.users[name], provider="weixin", uid=openid)
    SocialAccount.objects.filter(pk=row.pk).update(date_joined=NOW - DAY)
    return office.users[name]


def mail(office: Office, name: str, address: str = "someone@example.org") -> User:
    sealed = sealing.seal(address, place=queries.ADDRESS)
    Preference.objects.update_or_create(user=office.users[name], defaults={"address": sealed})
    return office.users[name]


def tell(
    user: User,
    event: str,
    *,
    subject: str = "",
    title: str = "厂区道路破损",
    now: datetime = NOW,
    source: str = "",
) -> Notice:
    """Tell somebody something, as a consumer does, and plan how it leaves."""
    source = source or f"test:{OutboxMessage.objects.count()}:{event}"
    org_services.notify(
        users={user.pk},
        msgid="Your case “%(title)s” was accepted by %(unit)s.",
        params={"title": title, "unit": "示例市工信局"},
        subject=subject,
        source=source,
        event=event,
        now=now,
    )
    outbox.drain(now=now)
    return Notice.objects.get(user=user, source=source)


def told(
    office: Office, event: str, *, name: str = "firm_a", confidential: bool = False, now: datetime = NOW
) -> Any:
    """A message about a case of A; returns the case and the deliveries."""
    case = office.case("a", now=now)
    if confidential:
        type(case).objects.filter(pk=case.pk).update(confidential=True)
    notice = tell(office.users[name], event, subject=f"case:{case.pk}", title=case.title, now=now)
    return case, list(notice.deliveries.order_by("pk"))


def send(now: datetime = NOW) -> None:
    SendDue().run(now)


def states() -> list[tuple[str, str, str]]:
    return list(deliveries().values_list("channel", "state", "reason"))


def deliveries() -> QuerySet[Delivery]:
    """The ways of the messages that a test made, not of those that its cases made beside."""
    return Delivery.objects.filter(notice__source__startswith="test:").order_by("pk")
