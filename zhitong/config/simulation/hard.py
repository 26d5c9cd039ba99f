"""What goes no usual way in the demo: units asked first, a protected reporter, a firm let down twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from zhitong.cases import services
from zhitong.cases.models import Case
from zhitong.cases.states import Channel, Visibility, Way
from zhitong.config.simulation.desks import DISPATCHER, HANDLER, by_day
from zhitong.core import data, outbox
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Membership
from zhitong.feedback import services as feedback_services
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department, User
from zhitong.supervision import queries as supervision_queries
from zhitong.supervision import services as supervision_services

if TYPE_CHECKING:
    from zhitong.core.actor import Actor
    from zhitong.supervision.models import Task

SUPERVISOR = "supervisor"  # the demo's sign-in name
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BAD_FIRST, BAD_AGAIN = 2, 1


class Matter:
    """One matter of the table: whoever takes a step does it so many days after the firm told of it."""

    def __init__(self, row: dict[str, Any], now: datetime, days: float, **said: Any) -> None:
        self.row, self.now, self.begin = row, now, now - days * DAY
        self.seat = Membership.objects.select_related("user", "enterprise").get(user__username=row["firm"])
        at = self.at(0)
        draft = services.Draft(text=row["text"], channel=Channel.DEMO, **said)
        self.pk = services.submit(by=self.firm(at), now=at, draft=draft, firm=self.seat.enterprise).pk

    def at(self, days: float) -> datetime:
        """The moment so many days after the beginning, in the hours of an office."""
        return by_day(self.begin + days * DAY, self.now)

    def firm(self, now: datetime) -> Actor:
        """Who speaks for the firm."""
        return enterprise_queries.firm_actor(self.seat.user, now)

    @property
    def case(self) -> Case:
        """The case as it stands."""
        related = ("enterprise", "accountable", "person", "lead", "intake")
        return Case.objects.select_related(*related).get(pk=self.pk)

    def given(self, days: float, username: str = "") -> dict[str, Any]:
        """What a step of staff is given; without a name by the person in charge.

        What came of the step before is told by then: messages carry hours of the matter, not of the filling.
        """
        at, case = self.at(days), self.case
        outbox.drain(now=at, limit=10_000)
        user = User.objects.get(username=username) if username else case.person
        return {"by": org_queries.staff_actor(user, at), "now": at, "case": case}

    def taken_up(self, kind: str) -> None:
        """Accepted, dispatched to the unit of the table, taken up."""
        services.accept(**self.given(0.3, DISPATCHER), kind=kind)
        given = self.given(0.6, DISPATCHER)
        unit = Department.objects.get(local_code=self.row["unit"])
        services.dispatch(**given, lead=unit, person=User.objects.get(username=HANDLER))
        services.start(**self.given(0.7))


def fill(now: datetime) -> None:
    """Fill in matters that were hard for those who had them, all of it before `now`."""
    table = data.read("demo", "hard")
    for row in table["sounding"]:
        _sounding(row, now)
    _protected(table["protected"], now)
    _again(table["again"], now)
    _arrears(table["arrears"], now)


def _sounding(row: dict[str, Any], now: datetime) -> None:
    """Ask units before the dispatch; those that have an answer in the table give it."""
    matter = Matter(row, now, 1)
    services.accept(**matter.given(0.3, DISPATCHER), kind="normal")
    units = [Department.objects.get(local_code=asked["unit"]) for asked in row["asked"]]
    case = services.sound(**matter.given(0.4, DISPATCHER), departments=units, question=row["question"])
    at = matter.at(0.8)
    for unit, asked in zip(units, row["asked"], strict=True):
        if "answer" in asked:
            by = org_queries.staff_actor(org_queries.holders(unit.pk, Role.HANDLER, now=at)[0], at)
            sounding = case.soundings.get(department=unit)
            said = {"answer": asked["answer"], "basis": asked["basis"]}
            services.answer_sounding(by=by, now=at, sounding=sounding, **said)


def _protected(row: dict[str, Any], now: datetime) -> None:
    """A firm that nobody but those who take its matter in learns the name of."""
    matter = Matter(row, now, row["days"], protected=True)
    matter.taken_up("normal")
    services.note(**matter.given(1.5), text=row["note"], visibility=Visibility.FIRM)


def _again(row: dict[str, Any], now: datetime) -> None:
    """A firm that was dissatisfied, and is so with the new answer as well: it lies before the leader."""
    matter = Matter(row, now, row["days"])
    matter.taken_up("normal")
    for first, answer, stars, word in (
        (1, "answer", BAD_FIRST, "word"),
        (9, "answer_again", BAD_AGAIN, "word_again"),
    ):
        services.contact(**matter.given(first), way=Way.CALL, text=row["called"])
        services.answer(**matter.given(first + 4), text=row[answer], outcome="solved")
        head = org_queries.holders(matter.case.lead_id or 0, Role.SECTION_HEAD, now=matter.at(first + 5))[0]
        services.approve(**matter.given(first + 5, head.username))
        at = matter.at(first + 7)
        said = {"stars": stars, "comment": row[word]}
        feedback_services.rate(by=matter.firm(at), now=at, case=matter.case, **said)
    given = matter.given(row["days"] - 1, DISPATCHER)
    unit = supervision_queries.with_leader(given["case"], given["now"])[0]
    brief = supervision_services.Brief(**row["brief"])
    supervision_services.propose(**given, to_department=unit, brief=brief)


def _arrears(row: dict[str, Any], now: datetime) -> None:
    """An order about money owed to a small firm: its reply sent back, then a talk, then a circular."""
    matter = Matter(row, now, row["days"])
    matter.taken_up("arrears")
    services.contact(**matter.given(1), way=Way.CALL, text=row["called"])
    given = matter.given(3, SUPERVISOR)
    case = given.pop("case")
    word = supervision_services.Word(
        departments=(case.lead,), title=row["title"], text=row["order"], days=1, cases=(case,)
    )
    task = supervision_services.order(**given, word=word).tasks.get()
    task = supervision_services.sign(**_step(matter, 3.5), task=task)
    task = supervision_services.close_report(**_step(matter, 5), task=task, text=row["closing"])
    task = supervision_services.send_back(**_step(matter, 6, SUPERVISOR), task=task, reason=row["sent_back"])
    _measures(matter, task)


def _measures(matter: Matter, task: Task) -> None:
    row = matter.row
    given = _step(matter, 8, SUPERVISOR)
    day, words = local_date(given["now"]), {name: row[name] for name in ("people", "place", "result")}
    talk = supervision_services.Talk(day=day, text=row["talk"], **words)
    task = supervision_services.talk(**given, task=task, given=talk)
    given = _step(matter, 11, SUPERVISOR)
    circular = supervision_services.Circular(
        day=local_date(given["now"]), text=row["circular"], number=row["number"]
    )
    supervision_services.circular(**given, task=task, given=circular)


def _step(matter: Matter, days: float, username: str = "") -> dict[str, Any]:
    given = matter.given(days, username)
    return {"by": given["by"], "now": given["now"]}
