"""What the demo's shown people find on their desks today: `data/demo/today.toml`, led there step by step."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from zhitong.cases import services
from zhitong.cases.models import Case
from zhitong.cases.states import Asking, Channel, Visibility, Way
from zhitong.config.simulation.clockwork import Arrival
from zhitong.core import data
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Membership
from zhitong.feedback import services as feedback_services
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.core.actor import Actor

DISPATCHER, HANDLER, HEAD = "dispatcher", "handler", "head"  # the demo's sign-in names
LED = ("accept", "dispatch", "start", "note", "answer", "approve", "rate")
# The steps after the submission that lead to a state.
WAYS = {
    "submitted": (),
    "returned": ("send_back",),
    "accepted": LED[:1],
    "dispatched": LED[:2],
    "unassigned": ("accept", "dispatch_to_nobody"),
    "handling": LED[:4],
    "objected": ("accept", "dispatch", "object_to"),
    "asking": (*LED[:4], "contact", "ask_extension"),
    "suspended": (*LED[:4], "ask_suspension", "grant"),
    "planned": (*LED[:4], "contact", "ask_plan", "grant"),
    "helping": (*LED[:4], "ask_help"),
    "answered": LED[:5],
    "reviewed": LED[:6],
    "rated": LED[:7],
}
OPENS, OPEN_SHARE = timedelta(hours=9), 8.5 / 24
SOON = timedelta(minutes=40)  # the last step of a case of today lies this long back
STARS = 5
DAYS_MORE, WAITS = 5, 20
HELPER = "works"  # the bureau that others ask to look at roads and pipes


class Desk:
    """One case of the table; a method a step, each with the moment at which it is taken."""

    def __init__(self, row: dict[str, Any], words: Any) -> None:
        self.words = words
        self.text = words.texts[row["trouble"]]
        self.seat = Membership.objects.select_related("user", "enterprise").get(user__username=row["firm"])
        self.number = 0

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return Case.objects.select_related("enterprise", "accountable", "person", "lead", "intake").get(
            pk=self.number
        )

    def _staff(self, username: str, now: datetime) -> dict[str, Any]:
        user = User.objects.get(username=username)
        return {"by": org_queries.staff_actor(user, now), "now": now, "case": self.case}

    def _firm(self, now: datetime) -> Actor:
        return enterprise_queries.firm_actor(self.seat.user, now)

    def submit(self, now: datetime) -> Case:
        draft = services.Draft(text=self.text, channel=Channel.DEMO)
        return services.submit(by=self._firm(now), now=now, draft=draft, firm=self.seat.enterprise)

    def send_back(self, now: datetime) -> None:
        services.return_for_supplement(**self._staff(DISPATCHER, now), reason=self.words.missing)

    def accept(self, now: datetime) -> None:
        given = self._staff(DISPATCHER, now)
        case, words = given["case"], self.words
        services.accept(**given, kind=words.kind(case), category=words.category(case, now))

    def dispatch(self, now: datetime, *, alone: bool = False) -> None:
        given = self._staff(DISPATCHER, now)
        lead = self.words.lead(given["case"])
        handlers = list(org_queries.holders(lead.pk, Role.HANDLER, now=now))
        shown = next((user for user in handlers if user.username == HANDLER), handlers[0])
        services.dispatch(**given, lead=lead, person=None if alone else shown)

    def dispatch_to_nobody(self, now: datetime) -> None:
        self.dispatch(now, alone=True)

    def _in_charge(self, now: datetime) -> dict[str, Any]:
        return self._staff(self.case.person.username, now)

    def start(self, now: datetime) -> None:
        services.start(**self._in_charge(now))

    def note(self, now: datetime) -> None:
        given = self._in_charge(now)
        services.note(**given, text=self.words.note(given["case"]), visibility=Visibility.FIRM)

    def contact(self, now: datetime) -> None:
        services.contact(**self._in_charge(now), way=Way.CALL, text=self.words.aside["contact"])

    def object_to(self, now: datetime) -> None:
        services.object_to(**self._in_charge(now), reason=self.words.aside["object"])

    def ask_extension(self, now: datetime) -> None:
        reason = self.words.aside["extension"]
        services.ask_extension(**self._in_charge(now), days=DAYS_MORE, reason=reason)

    def ask_suspension(self, now: datetime) -> None:
        until = local_date(now) + timedelta(days=WAITS)
        reason = self.words.aside["suspension"]
        services.ask_suspension(**self._in_charge(now), until=until, reason=reason)

    def ask_plan(self, now: datetime) -> None:
        goals, days = self.words.aside["stages"], (WAITS * 2, WAITS * 8)
        stages = [
            services.Goal(goal, local_date(now) + timedelta(days=ahead))
            for goal, ahead in zip(goals, days, strict=True)
        ]
        given = {"grade": "B", "stages": stages, "reason": self.words.aside["plan"]}
        services.ask_plan(**self._in_charge(now), **given)

    def grant(self, now: datetime) -> None:
        given = self._staff(DISPATCHER, now)
        verb = {Asking.SUSPENSION: services.grant_suspension, Asking.PLAN: services.grant_plan}
        verb[Asking(given["case"].asking)](**given, message=self.words.aside["granted"])

    def ask_help(self, now: datetime) -> None:
        given = self._in_charge(now)
        others = org_queries.leads().exclude(pk=given["case"].lead_id)
        unit = others.filter(local_code=HELPER).first() or others[0]
        services.ask_help(**given, department=unit, text=self.words.aside["help"])

    def answer(self, now: datetime) -> None:
        given, case = self._in_charge(now), self.case
        services.answer(**given, text=self.words.answer(case), outcome=self.words.outcome(case))

    def approve(self, now: datetime) -> None:
        heads = org_queries.holders(self.case.lead_id or 0, Role.SECTION_HEAD, now=now)
        services.approve(**self._staff(heads[0].username, now))

    def rate(self, now: datetime) -> None:
        given = {"by": self._firm(now), "now": now, "case": self.case}
        feedback_services.rate(**given, stars=STARS, comment=self.words.comment(given["case"]))


def arrivals(words: Any, now: datetime, apart: set[int]) -> Iterator[Arrival]:
    """Yield the steps of all cases of the table before `now`; the numbers of the cases go into `apart`."""
    for row in data.read("demo", "today")["case"]:
        desk, steps = Desk(row, words), WAYS[row["state"]]
        begin = now - timedelta(days=row["days"]) - SOON * (len(steps) + 1)
        end = now - timedelta(days=row["rest"]) - SOON
        pause = (end - begin) / max(1, len(steps))
        first = by_day(begin, now)
        yield Arrival(first, partial(_submit, desk, first, apart))
        for number, step in enumerate(steps, 1):
            moment = by_day(begin + pause * number, now)
            yield Arrival(moment, partial(getattr(desk, step), moment))


def by_day(moment: datetime, now: datetime) -> datetime:
    """Return a moment of office hours for one of a whole day; order stays, nothing lies after `now`."""
    local = timezone.localtime(moment)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return min(midnight + OPENS + (local - midnight) * OPEN_SHARE, now - timedelta(minutes=1))


def _submit(desk: Desk, moment: datetime, apart: set[int]) -> None:
    desk.number = desk.submit(moment).pk
    apart.add(desk.number)
