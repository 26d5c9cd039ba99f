"""What should happen to a case, worked out a second time and as plainly as possible.

Nothing here asks the product: the flow, the deadlines, the holidays and who may do what are written down again, so
that a fault in a table of the product shows as well as one in its code.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import NamedTuple

from tests.cases.days import CITY, DAY, Calendar
from tests.cases.posts import People
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError


class Row(NamedTuple):
    """One action: from where, to where, what the clock does, whose it is, what must be said."""

    sources: str
    target: str
    clock: str
    group: str
    needs: tuple[str, ...] = ()


ALIVE = "submitted returned accepted dispatched objected handling suspended planned merged"
# A case that others can be handled in.
MAIN_STATES = ["accepted", "dispatched", "objected", "handling", "suspended", "planned"]
FLOW = {
    "supplement": Row("returned", "submitted", "start", "firm", ("text",)),
    "withdraw": Row(ALIVE, "withdrawn", "stop", "firm", ("reason",)),
    "rate": Row("reviewed", "rated", "start", "firm", ("stars",)),
    "urge": Row(f"{ALIVE.replace('returned ', '')} answered", "", "keep", "firm"),
    "append": Row("closed", "", "keep", "firm", ("text",)),
    "accept": Row("submitted returned", "accepted", "start", "intake", ("kind",)),
    "return": Row("submitted", "returned", "start", "intake", ("reason",)),
    "refuse": Row("submitted returned", "refused", "stop", "intake", ("route", "text")),
    "dispatch": Row("accepted", "dispatched", "start", "intake", ("lead",)),
    "take_back_dispatch": Row("dispatched", "accepted", "resume", "intake"),
    "merge": Row("submitted accepted", "merged", "start", "intake", ("main", "reason")),
    "separate": Row("merged", "accepted", "start", "intake", ("reason",)),
    "split": Row("submitted accepted", "", "keep", "intake", ("text",)),
    "pass_up": Row("submitted accepted", "submitted", "start", "intake", ("reason",)),
    "overrule": Row("objected", "dispatched", "resume", "intake", ("reason",)),
    "uphold": Row("objected", "accepted", "start", "intake", ("reason",)),
    "grant_extension": Row("handling", "", "extend", "intake", ("message",)),
    "grant_suspension": Row("handling", "suspended", "start", "intake", ("message",)),
    "grant_plan": Row("handling", "planned", "start", "intake", ("message",)),
    "decline": Row("handling", "", "keep", "intake", ("reason",)),
    "redispatch": Row("dispatched handling", "dispatched", "keep", "intake", ("lead", "reason")),
    "reclassify": Row("accepted dispatched handling", "", "recount", "intake", ("kind", "reason")),
    "remind": Row(
        "submitted accepted dispatched objected handling suspended planned answered rated",
        "",
        "keep",
        "urging",
        ("reason",),
    ),
    "close": Row("rated", "closed", "stop", "intake", ("outcome",)),
    "reopen": Row("closed", "handling", "start", "intake", ("reason",)),
    "start": Row("dispatched", "handling", "keep", "starting"),
    "object": Row("dispatched", "objected", "start", "disputing", ("reason",)),
    "assign": Row("dispatched handling suspended planned", "", "keep", "assigning", ("person",)),
    "transfer": Row("dispatched handling", "dispatched", "keep", "reviewer", ("lead", "reason")),
    "answer": Row("handling", "answered", "start", "person", ("text", "outcome")),
    "take_back_answer": Row("answered", "handling", "resume", "author"),
    "answer_for": Row("dispatched handling", "reviewed", "start", "intake", ("text", "outcome")),
    "ask_help": Row("dispatched handling suspended planned", "", "keep", "noting", ("department", "text")),
    "contact": Row("dispatched handling suspended planned", "", "keep", "disputing", ("way", "text")),
    "note": Row(f"{ALIVE} answered reviewed rated", "", "keep", "noting", ("text", "visibility")),
    "ask_extension": Row("handling", "", "keep", "person", ("days", "reason")),
    "ask_suspension": Row("handling", "", "keep", "person", ("until", "reason")),
    "ask_plan": Row("handling", "", "keep", "person", ("grade", "stages", "reason")),
    "resume": Row("suspended", "handling", "resume", "resuming", ("reason",)),
    "stage": Row("planned", "", "start", "person", ("text",)),
    "take_up": Row("planned", "handling", "start", "person", ("reason",)),
    "review": Row("answered", "", "keep", "first signature"),
    "approve": Row("answered", "reviewed", "start", "last signature"),
    "reject": Row("answered", "handling", "resume", "other reviewer", ("reason",)),
    "reopen_rated": Row("reviewed rated", "handling", "start", "system"),
    "remind_silent": Row("returned", "", "keep", "system"),
    "remind_rating": Row("reviewed", "", "keep", "system"),
    "reopen_visited": Row("closed", "handling", "start", "system"),
    "close_unrated": Row("reviewed", "closed", "stop", "system"),
    "close_silent": Row("returned", "lapsed", "stop", "system"),
    "end_suspension": Row("suspended", "handling", "resume", "system"),
}
# Steps that move a case's day, of which the firms of its group are told.
MOVING = frozenset(
    ["grant_extension", "grant_suspension", "grant_plan", "resume", "end_suspension", "reclassify", "take_up"]
)
# What a main case brings its members; nobody can do it.
BROUGHT = {"answer_merged": Row("merged", "reviewed", "start", "nobody")}
ABOVE = {"district": "city", "other": "city", "city": None}  # the next unit that takes cases in
REQUESTS = frozenset({"ask_extension", "ask_suspension", "ask_plan"})
# What follows by itself when a time is over: from which state.
RUN_OUT = {"close_unrated": "reviewed", "close_silent": "returned", "end_suspension": "suspended"}
# The way of a case that goes well, and the turns that often come before it does.
MAIN_WAY = ("accept", "dispatch", "answer_for", "start", "answer", "review", "approve", "rate", "close")
TURNS = (
    "return", "supplement", "reject", "object", "overrule", "uphold",
    "ask_extension", "ask_suspension", "ask_plan", "grant_extension", "grant_suspension", "grant_plan",
    "resume", "stage", "take_up", "reopen", "merge", "separate", "split", "pass_up",
)  # fmt: skip
OWNED_BY_LEAD = frozenset(
    {"dispatched", "handling", "suspended", "planned", "answered", "reviewed", "closed"}
)
ENDED = frozenset({"closed", "withdrawn", "refused", "lapsed"})
CLOCKS = {
    "submitted": "accept",
    "returned": "supplement",
    "accepted": "dispatch",
    "dispatched": "handle",
    "objected": "decide",
    "handling": "handle",
    "suspended": "suspension",
    "planned": "stage",
    "answered": "review",
    "merged": "follow",
    "reviewed": "rate",
    "rated": "close",
}
WORKDAYS = {"accept": 1, "supplement": 5, "dispatch": 1, "review": 1, "close": 2, "decide": 0}
HANDLING_DAYS = {"consult": 3, "normal": 7, "complex": 15}
RATING_DAYS = 7
LAST_YEAR = {"A": 0, "B": 1}  # how many years after this one the stages of a class may reach
STAYING = frozenset({"keep", "extend", "recount"})  # the clock that runs goes on
NATURAL = frozenset({"rate", "suspension", "stage"})
# Chains of signatures: the industry bureau signs twice, the others once.
SILENT = frozenset({"bureau"})  # units in which nobody can sign in: others enter their answers
ONCE = (frozenset({"section_head", "leader_in_charge"}),)
TWICE = (frozenset({"section_head"}), frozenset({"leader_in_charge"}))


@dataclass(repr=False)
class Expected:
    """A case as it should stand; units and people by their short names."""

    pk: int
    firm: str
    intake: str
    created: datetime
    state: str = "submitted"
    lead: str | None = None
    person: str | None = None
    author: str | None = None
    kind: str = ""
    began: datetime | None = None
    since: datetime | None = None
    version: int = 1
    entries: int = 1
    ended: datetime | None = None
    stretches: list[tuple] = field(default_factory=list)
    runs: dict[str, tuple] = field(default_factory=dict)
    extra: int = 0  # days that an extension gave the running clock
    pauses: tuple[tuple[date, date], ...] = ()  # days that do not count for it
    recounted: tuple[datetime, int] | None = None  # from when, how many days, where the kind has changed
    until: date | None = None  # the day that was given with it
    asking: str = ""
    wanted: dict = field(default_factory=dict)
    extended: bool = False
    objected: bool = False
    on_plan: bool = False  # it has or had stages, so it can end as put on the plan
    sour: bool = False  # the firm is dissatisfied with the answer after a reopening: a leader decides first
    charged: datetime | None = None
    begun: bool = False  # somebody has gone on from the dispatch
    urged: date | None = None
    stages: list[date] = field(default_factory=list)
    parts: frozenset[str] = frozenset()  # departments that were asked to help and have not answered
    signed: int = 0
    chain: tuple[frozenset[str], ...] = ONCE
    main: Expected | None = None  # the case that this one is handled in
    members: list[Expected] = field(default_factory=list)
    held: datetime | None = None  # until when a member runs at the moment in which its main case ends
    reminded: bool = False
    reopened: int = 0
    reopenings: dict[int, datetime] = field(default_factory=dict)  # place of the stretch: when it had ended

    def __post_init__(self) -> None:
        self.began = self.since = self.created

    def __repr__(self) -> str:
        return f"<case {self.pk} of firm {self.firm}: {self.state}>"

    @property
    def owner(self) -> str | None:
        """The accountable department."""
        return self.lead if self.state in OWNED_BY_LEAD else self.intake

    @property
    def clock(self) -> str:
        """The running clock, empty where the case has ended."""
        return CLOCKS.get(self.state, "")

    @property
    def days(self) -> int:
        """How many days the running clock has."""
        if self.recounted is not None:
            return self.recounted[1] + self.extra
        if self.clock == "handle":
            return HANDLING_DAYS[self.kind] + self.extra
        return RATING_DAYS if self.clock == "rate" else WORKDAYS[self.clock]

    def due(self, calendar: Calendar) -> datetime | None:
        """When the running clock runs out."""
        if not self.clock:
            return None
        if self.clock == "follow":
            return self.held or self.main.due(calendar)
        if self.clock in {"suspension", "stage"}:
            return calendar.end(self.until)
        began = self.recounted[0] if self.recounted else self.began
        return calendar.due(began, self.days, working=self.clock != "rate", pauses=self.pauses)

    def provisional(self, calendar: Calendar) -> bool:
        """Whether that moment may still move when a year is loaded."""
        due = self.due(calendar)
        if self.clock == "follow":
            return self.main.provisional(calendar)
        if due is None or self.clock in NATURAL:
            return False
        return calendar.provisional(self.recounted[0] if self.recounted else self.began, due, self.days)

    def become(self, action: str, given: dict, by: str, now: datetime, calendar: Calendar) -> None:
        """Do a legal action."""
        row = FLOW.get(action) or BROUGHT[action]
        changes = {"state": row.target or self.state, **_effects(self, action, given, by, now)}
        before = self.due(calendar)
        self.change(changes, clock=row.clock, now=now, calendar=calendar)
        if row.clock == "start":
            self.reminded = False
        if action == "merge":
            self.main.members.append(self)
        self._lead_members(before, now, calendar)
        if action == "rate":
            self.sour = given["stars"] <= 2
        if self.sour and not self.reopened:
            self.become("reopen_rated", {}, "system", now, calendar)

    def would_be_due(self, action: str, given: dict, now: datetime, calendar: Calendar) -> datetime | None:
        """Until when the case would run after an action that nobody has done yet."""
        twin = copy(self)
        twin.stretches, twin.runs, twin.members = list(self.stretches), dict(self.runs), []
        twin.reopenings = dict(self.reopenings)
        twin.become(action, given, "", now, calendar)
        return twin.due(calendar)

    def _lead_members(self, before: datetime | None, now: datetime, calendar: Calendar) -> None:
        """An answer goes to all who wait for it; a case that ends without one leaves them to themselves."""
        brought = "answer_merged" if self.state == "reviewed" else "separate" if self.ended else ""
        for member in self.following if brought else []:
            member.held = before
            member.become(brought, {"main": None}, "system", now, calendar)
            member.held = None

    @property
    def following(self) -> list[Expected]:
        """The cases that wait for this one's answer."""
        return [one for one in self.members if one.main is self and one.state == "merged"]

    def change(self, changes: dict, *, clock: str, now: datetime, calendar: Calendar) -> None:
        """End the running stretch if anything about it changes, and begin the next one."""
        due = self.due(calendar)
        length = (
            (self.recounted or (self.began, self.days))
            if due and self.clock in {"handle", "dispatch"}
            else None
        )
        before = SimpleNamespace(
            owner=self.owner, state=self.state, person=self.person, clock=self.clock, began=self.began,
            due=due, length=length,
        )  # fmt: skip
        was = (self.began, self.extra, self.pauses, self.recounted)
        ended = self.ended
        for name, value in changes.items():
            setattr(self, name, value)
        if self.asking and self.state != before.state:
            self.asking = ""
        moved = (before.owner, before.state, before.person) != (self.owner, self.state, self.person)
        if ended is not None and self.state not in ENDED:
            self.reopenings[len(self.stretches)] = ended
            self.since = now
        elif ended is None and (moved or clock not in STAYING):
            late = clock not in STAYING and now > due
            self.stretches.append(
                (before.state, before.owner, before.person, self.since, now, before.clock, was[0], due, late)
            )
            self.runs[before.clock] = was
            self.since = now
        self._wind(clock, before, now, calendar)
        self.ended = (ended or now) if self.state in ENDED else None
        self.parts = frozenset() if self.ended else self.parts
        self.version += 1
        self.entries += 1

    def _wind(self, clock: str, before: SimpleNamespace, now: datetime, calendar: Calendar) -> None:
        """Set the clock: a new one has no extension and no pause, a resumed one has those of before."""
        if clock == "start":
            self.began, self.extra, self.pauses, self.recounted = now, 0, (), None
        elif clock == "recount":
            self._recount(before.due, before.length, now, calendar)
        elif clock == "stop":
            self.began = None
        elif clock == "resume":
            self.began, self.extra, self.pauses, self.recounted = self.runs[self.clock]
            if before.state != "suspended":
                return
            first, last = _day(before.began) + DAY, _day(now)
            if first <= last:
                self.pauses = (*self.pauses, (first, last))

    def _recount(
        self, due: datetime, length: tuple[datetime, int], now: datetime, calendar: Calendar
    ) -> None:
        """Another kind: more time from where the clock began, less from now and never later than before."""
        days = HANDLING_DAYS[self.kind] if self.clock == "handle" else WORKDAYS[self.clock]
        self.recounted = length
        if now > due:
            return
        if calendar.due(self.began, days, working=True, pauses=self.pauses) >= due:
            self.recounted = (self.began, days)
        elif calendar.due(now, days, working=True) < due:
            self.recounted, self.pauses = (now, days), ()


def _day(moment: datetime) -> date:
    return moment.astimezone(CITY).date()


def _effects(case: Expected, action: str, given: dict, by: str, now: datetime) -> dict:
    """The columns an action sets besides the state."""
    if action in {"dispatch", "redispatch"}:
        begun = action == "redispatch"
        return {"lead": given["lead"], "person": given["person"], "charged": now, "begun": begun}
    more = {
        "merge": lambda: {"main": given["main"], "kind": case.kind or given["main"].kind},
        "separate": lambda: {"main": None},
        "pass_up": lambda: {"intake": ABOVE[case.intake]},
        "remind_silent": lambda: {"reminded": True},
        "remind_rating": lambda: {"reminded": True},
        "reopen_visited": lambda: {"reopened": case.reopened + 1, "extended": False, "sour": False},
        "answer_merged": lambda: {
            name: getattr(case.main, name) for name in ("lead", "person", "author", "chain")
        },
        "start": lambda: {"person": case.person or by},
        "answer": lambda: {"author": by, "signed": 0, "chain": TWICE if case.lead == "industry" else ONCE},
        "answer_for": lambda: {"author": by, "signed": 0, "chain": ONCE},
        "review": lambda: {"signed": case.signed + 1},
        "ask_help": lambda: {"parts": case.parts | {given["department"]}, "begun": True},
        "object": lambda: {"objected": True, "begun": True},
        "contact": lambda: {"begun": True},
        "assign": lambda: {"person": given["person"], "begun": True},
        "take_back_dispatch": lambda: {"lead": None, "person": None},
        "uphold": lambda: {"lead": None, "person": None},
        "urge": lambda: {"urged": _day(now)},
        "decline": lambda: {"asking": ""},
        "grant_extension": lambda: {
            "asking": "", "extended": True, "extra": case.extra + case.wanted["days"],
        },
        "grant_suspension": lambda: {"asking": "", "until": max(case.wanted["until"], _day(now) + DAY)},
        "grant_plan": lambda: {
            "asking": "", "on_plan": True, "stages": case.wanted["stages"], "until": max(case.wanted["stages"][0], _day(now)),
        },
        "stage": lambda: {"stages": case.stages[1:], "until": max(case.stages[1], _day(now))},
        "take_up": lambda: {"stages": []},
        "reopen": lambda: {"reopened": case.reopened + 1, "extended": False, "sour": False},
        "reopen_rated": lambda: {"reopened": case.reopened + 1, "extended": False, "sour": False},
    }  # fmt: skip
    if action in more:
        return more[action]()
    if action in REQUESTS:
        return {"asking": action.removeprefix("ask_"), "wanted": _wanted(given, now)}
    return {name: given[name] for name in ("kind", "person") if name in given and action != "transfer"}


def _wanted(given: dict, now: datetime) -> dict:
    """A request with its days; in the inputs they are counted from now."""
    today = _day(now)
    found: dict = {"days": given.get("days")}
    if "until" in given:
        found["until"] = today + DAY * given["until"]
    found["stages"] = [today + DAY * ahead for ahead in given.get("stages") or ()]
    return found


def faults(
    case: Expected, action: str, given: dict, by: str, now: datetime, people: People, calendar: Calendar
) -> set[type[RefusedError]]:
    """Why an action must be refused; empty where it is legal."""
    row, found = FLOW[action], set()
    if case.state not in row.sources.split():
        found.add(FasterError)
    if not people.may(by, row.group, case, now):
        found.add(NotPermittedError)
    if any(not given.get(name) for name in row.needs) or given.get("visibility") == "nobody":
        found.add(FieldError)
    if action == "merge" and given["main"] and not is_main(case, given["main"]):
        found.add(FieldError)
    if action == "reclassify" and given["kind"] == case.kind:
        found.add(FieldError)
    promised = given.get("outcome") == "planned" and not case.on_plan
    if promised or _wrong_people(case, action, given, people) or _wrong_days(action, given, _day(now)):
        found.add(FieldError)
    waits = action in {"answer", "answer_for"} and bool(case.parts)
    speaks = action == "answer_for" and case.lead not in SILENT
    if _too_late(case, action, now, calendar) or waits or speaks:
        found.add(RefusedError)
    if action.startswith("grant_") and case.asking != action.removeprefix("grant_"):
        found.add(FasterError)
    if action == "decline" and not case.asking:
        found.add(FasterError)
    return found


def is_main(case: Expected, main: Expected) -> bool:
    """Whether a case can be handled in another one."""
    return main is not case and main.intake == case.intake and main.state in MAIN_STATES


def _too_late(case: Expected, action: str, now: datetime, calendar: Calendar) -> bool:
    """Whether the time for an action is over or has not come, or it was used up before."""
    if action == "merge":
        return bool(case.following)
    if action == "close":
        return case.sour
    if action == "reclassify":
        return bool(case.asking or (case.clock == "handle" and case.extra))
    if action == "pass_up":
        return ABOVE[case.intake] is None
    if action == "take_back_dispatch":
        return case.state == "dispatched" and case.begun
    if action == "take_back_answer":
        return case.state == "answered" and case.signed > 0
    if action in {"remind_silent", "remind_rating"}:
        return case.reminded
    if action in RUN_OUT:
        return case.clock == "" or now <= case.due(calendar)
    return _used_up(case, action, now, calendar)


def _used_up(case: Expected, action: str, now: datetime, calendar: Calendar) -> bool:
    if action == "urge" and case.urged is not None:
        return calendar.due(_noon(case.urged), 1, working=True) > calendar.end(_day(now))
    if action == "object":
        over = case.charged is not None and now > calendar.due(case.charged, 1, working=True)
        return case.objected or over
    if action == "reopen":
        return case.ended is not None and now > case.ended + timedelta(days=90)
    if action in REQUESTS and case.asking:
        return True
    if action == "ask_extension" and case.state == "handling":
        return case.extended or _day(now) > _day_before(_day(case.due(calendar)), calendar)
    return action == "stage" and len(case.stages) < 2


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=CITY)


def _day_before(due: date, calendar: Calendar) -> date:
    """The last working day with a working day after it up to the due one."""
    day, passed = due, 0
    while passed < 1 or not calendar.works(day):
        passed += calendar.works(day)
        day -= DAY
    return day


def _wrong_days(action: str, given: dict, today: date) -> bool:
    if action == "ask_extension":
        return bool(given["days"]) and not 1 <= given["days"] <= 10
    if action == "ask_suspension":
        return bool(given["until"]) and not 1 <= given["until"] <= 60
    if action == "ask_plan":
        ahead = list(given["stages"] or ())
        last = today + DAY * max(ahead, default=0)
        too_far = given["grade"] in LAST_YEAR and last.year > today.year + LAST_YEAR[given["grade"]]
        return ahead != sorted(set(ahead)) or any(days < 1 for days in ahead) or too_far
    return False


def _wrong_people(case: Expected, action: str, given: dict, people: People) -> bool:
    if action == "assign":
        return not people.handles(given["person"], case.lead)
    if action == "ask_help" and given["department"]:
        known = given["department"] == case.lead or given["department"] in case.parts
        anybody = any(people.handles(name, given["department"]) for name in people.posts)
        return known or not (anybody or given["department"] in SILENT)
    if action == "transfer":
        return True  # no unit of this office has others below it
    if action not in {"dispatch", "redispatch"} or given["lead"] is None:
        return False
    anybody = any(people.handles(name, given["lead"]) for name in people.posts) or given["lead"] in SILENT
    return not anybody or (given["person"] is not None and not people.handles(given["person"], given["lead"]))
