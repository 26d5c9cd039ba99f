"""Random histories of an office: legal and illegal actions, leave, delegation, calendar edits, time going on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.cases import oracle, witness
from tests.cases.inputs import GIVEN, HANDLERS, NOTHING, PERSON
from tests.cases.oracle import FLOW, MAIN_WAY, RUN_OUT, TURNS, Calendar, Expected, People, faults
from tests.support import office as offices
from zhitong.cases import services
from zhitong.cases.models import Assist, Case
from zhitong.cases.tasks import RunOut
from zhitong.core import audit, outbox
from zhitong.core import services as core_services
from zhitong.core.actor import system
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.models import CalendarDay, OutboxMessage
from zhitong.feedback import services as feedback_services
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Posting

BUILT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
SEASONS = {
    "spring festival": datetime(2026, 2, 12, 0, 30, tzinfo=UTC),
    "may day": datetime(2026, 4, 28, 9, 0, tzinfo=UTC),
    "national day": datetime(2026, 9, 23, 3, 0, tzinfo=UTC),
    "end of the year": datetime(2026, 12, 21, 6, 0, tzinfo=UTC),
}
INTAKE = {"a": "district", "b": "other"}
INDUSTRY = ["handler", "colleague", "head", "chief"]
TWO_POSTS = "handler"
FIRM = ["firm_a", "admin_a", "firm_b"]
EVERYBODY = [
    *FIRM,
    *INDUSTRY,
    "worker",
    "workhead",
    "district",
    "other",
    "dispatcher",
    "supervisor",
    "leader",
]
LEAVERS = [TWO_POSTS, TWO_POSTS, "colleague", "head", "chief", "worker"]
ANOTHER = ["", "", "", "auditor", "head"]
PAUSES = [timedelta(0), timedelta(minutes=7), timedelta(hours=5), timedelta(days=1), timedelta(days=3)]
VERBS = {
    "return": services.return_for_supplement,
    "object": services.object_to,
    "rate": feedback_services.rate,
    **{name: getattr(services, name) for name in FLOW if name not in {"return", "object", "rate"}},
}
TO_THE_LEAD = ("supplement", "accept", "dispatch")
DETOURS = [
    ("take_back_dispatch", "dispatch", "take_back_dispatch"),
    ("start", "answer", "take_back_answer", "answer", "review", "take_back_answer"),
    ("assign", "take_back_dispatch", "start", "answer"),
    ("object", "overrule", "object", "start"),
    ("start", "ask_help", "answer"),
    ("start", "redispatch", "answer_for", "rate"),
    ("start", "ask_help", "ask_help", "withdraw"),
    ("object", "uphold", "dispatch", "object"),
    ("start", "ask_suspension", "grant_suspension", 6, "assign", "resume"),
    ("start", "ask_suspension", "grant_suspension", 12, "resume", "answer", "reject"),
    ("start", "ask_suspension", "grant_extension", "redispatch", "start", "ask_plan"),
    ("start", "ask_extension", "grant_extension", "ask_extension", "answer"),
    ("start", "ask_plan", "grant_plan", "stage", "stage", "take_up", "answer"),
    ("start", "reclassify", "answer", "reject", "reclassify"),
    ("start", "ask_suspension", "grant_suspension", 6, "resume", "reclassify", "ask_extension", "reclassify"),
    ("start", "ask_extension", "answer", "reject", "ask_extension", "decline", "decline"),
]


def build() -> offices.Office:
    """The small office, one of whose handlers is a section head, too, and a bureau where nobody signs in."""
    office = offices.build(BUILT)
    office.units["bureau"] = org_services.create_department(
        by=offices.SEEDER, now=BUILT, name="示例税务局", name_en="Tax Bureau", tier="city", local_code="bureau",
        parent=office.units["city"], region="", intake=False,
    )  # fmt: skip
    who, unit = office.users[TWO_POSTS], office.units["industry"]
    org_services.add_post(by=offices.SEEDER, now=BUILT, user=who, department=unit, role="section_head")
    names = {name: getattr(unit, name) for name in ("name", "name_en", "region", "intake", "active")}
    org_services.change_department(
        by=offices.SEEDER, now=BUILT, department=unit, signing="head_leader", **names
    )
    return office


def case_parts(case: int) -> Any:
    """The open parts of other departments in a case."""
    return Assist.objects.filter(case=case, ended_at__isnull=True)


def open_actions(case: Expected) -> list[str]:
    """The actions that the flow knows in the case's state."""
    return [name for name, row in FLOW.items() if case.state in row.sources.split()]


class Histories(RuleBasedStateMachine):
    """One office for a while; `office` and `season` are set by whoever runs it."""

    office: offices.Office
    season = "spring festival"

    def __init__(self) -> None:
        super().__init__()
        self.now = SEASONS[self.season]
        self.calendar = Calendar()
        posts: dict[str, set[tuple[str, str]]] = {TWO_POSTS: {("industry", "section_head")}}
        for name, unit, role in offices.STAFF:
            posts.setdefault(name, set()).add((unit, str(role)))
        self.people = People(posts)
        self.cases: list[Expected] = []
        self.stale: dict[int, Case] = {}
        self.actors: dict[tuple, Any] = {}
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        try:
            report = audit.verify()
            assert report.ok, report.fault
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # ------------------------------------------------------------ what happens

    @initialize(data=st.data(), hours=st.integers(0, 60), depth=st.integers(0, 7))
    def begin(self, data: st.DataObject, hours: int, depth: int) -> None:
        """A case of each firm, the first already some way on."""
        self.now += timedelta(hours=hours)
        self.submit("a", twice=False)
        self.go_on(data, timedelta(minutes=20), depth, turns=False, first=True)
        self.submit("b", twice=False)

    @precondition(lambda self: len(self.cases) < 4)
    @rule(firm=st.sampled_from("ab"), twice=st.booleans())
    def submit(self, firm: str, twice: bool) -> None:
        by = self.actor(f"firm_{firm}")
        number = len(self.cases)
        draft = services.Draft(text=f"厂区北侧道路破损。第{number + 1}次说。")
        content = {"draft": draft, "firm": self.office.firms[firm]}
        key = f"form-{number}"
        row = services.submit(by=by, now=self.now, key=key, **content)
        if twice:
            for again in (key, f"{key}-after-the-back-button"):
                repeated = services.submit(by=by, now=self.now, key=again, **content)
                assert repeated == row, "a repeat made another case"
        self.cases.append(Expected(row.pk, firm, INTAKE[firm], self.now))

    @rule(data=st.data(), pause=st.sampled_from(PAUSES), steps=st.integers(1, 4), turns=st.booleans())
    def go_on(
        self, data: st.DataObject, pause: timedelta, steps: int, turns: bool, *, first: bool = False
    ) -> None:
        """The next steps of the usual way, by somebody who may."""
        case = self.cases[0] if first else self.draw_case(data)
        way = [*MAIN_WAY, *TURNS] if turns else MAIN_WAY
        for _ in range(steps):
            witness.compare(self)
            self.now += pause
            self.legal(data, case, [name for name in way if name in open_actions(case)])

    @rule(data=st.data(), way=st.sampled_from(DETOURS), pause=st.sampled_from(PAUSES))
    def detour(self, data: st.DataObject, way: tuple[str | int, ...], pause: timedelta) -> None:
        """A chain of rare steps (and days) on the case least far gone; the last may be one too many."""
        alone = [one for one in self.cases if one.state != "merged"]
        case = min(alone or self.cases, key=lambda one: len(one.stretches))
        for name in TO_THE_LEAD:
            if name in open_actions(case):
                self.legal(data, case, [name])
        for name in way:
            witness.compare(self)
            self.now += timedelta(days=name) if isinstance(name, int) else pause
            if isinstance(name, str):
                self.fitting(data, case, name)

    @precondition(lambda self: len(self.cases) < 6)
    @rule(data=st.data(), pause=st.sampled_from(PAUSES), on=st.integers(0, 8), turn=st.booleans())
    def gather(self, data: st.DataObject, pause: timedelta, on: int, turn: bool) -> None:
        """One more case of the first firm is handled in one of its others, which goes on some way."""
        self.submit("a", twice=False)
        member = self.cases[-1]
        places = [place for place, one in enumerate(self.cases) if oracle.is_main(member, one)]
        number = places[0] if places else 0
        self.now += pause
        self.act(member, "merge", {"main": number, "reason": "同一事项"}, "district")
        main = self.cases[number]
        more = ("redispatch", "withdraw") if turn else ()
        for _ in range(on):
            witness.compare(self)
            self.now += pause
            self.legal(data, main, [name for name in (*MAIN_WAY, *more) if name in open_actions(main)])

    @rule(data=st.data(), pause=st.sampled_from(PAUSES), withdrawing=st.integers(0, 3))
    def turn_aside(self, data: st.DataObject, pause: timedelta, withdrawing: int) -> None:
        """Any legal step by somebody who may."""
        self.now += pause
        case = self.draw_case(data)
        self.legal(data, case, [name for name in open_actions(case) if name != "withdraw" or not withdrawing])

    @rule(
        data=st.data(),
        action=st.sampled_from(sorted(FLOW)),
        by=st.sampled_from(EVERYBODY),
        fits=st.booleans(),
    )
    def attempt(self, data: st.DataObject, action: str, by: str, fits: bool) -> None:
        """Any action by anybody, or complete and by somebody who may in another state."""
        case = self.draw_case(data)
        if fits:
            self.fitting(data, case, action)
        else:
            self.act(case, action, data.draw(GIVEN.get(action, NOTHING)), by)

    @rule(data=st.data())
    def overstep(self, data: st.DataObject) -> None:
        """Actions that the state allows, with nothing missing, by people who may not."""
        case = self.draw_case(data)
        for action in open_actions(case):
            group = FLOW[action].group
            near = self.people.near(case, self.now)
            wrong = [name for name in near if not self.people.may(name, group, case, self.now)]
            given = data.draw(st.sampled_from(witness.complete(action)))
            self.act(case, action, given, data.draw(st.sampled_from(wrong)))

    @precondition(lambda self: any(case.state == "answered" for case in self.cases))
    @rule(action=st.sampled_from(["review", "approve", "reject"]))
    def review_oneself(self, action: str) -> None:
        """The author of an answer tries to review it, with or without a reviewer's post."""
        case = next(case for case in self.cases if case.state == "answered")
        self.act(case, action, {"reason": "请写明完成时间"} if action == "reject" else {}, case.author)

    @precondition(lambda self: any(case.parts for case in self.cases))
    @rule(by=st.sampled_from(HANDLERS))
    def answer_a_part(self, by: str) -> None:
        """A helping department replies; the case stays where it is."""
        case = next(case for case in self.cases if case.parts)
        unit = min(case.parts)
        part = case_parts(case.pk).get(department=self.office.units[unit])
        right = (unit, "handler") in self.people.held(by, self.now)
        with witness.outcome(self, set() if right else {NotPermittedError}) as done:
            services.answer_assist(by=self.actor(by), now=self.now, assist=part, text="已查看。")
        if done:
            case.parts -= {unit}
            case.entries += 1

    @precondition(lambda self: any("bureau" in case.parts for case in self.cases))
    @rule(by=st.sampled_from(["district", "other", "colleague", "worker", "leader"]))
    def answer_a_silent_part(self, by: str) -> None:
        """Somebody enters the reply of a department without accounts."""
        case = next(case for case in self.cases if "bureau" in case.parts)
        part = case_parts(case.pk).get(department=self.office.units["bureau"])
        right = self.people.may(by, "noting", case, self.now)
        with witness.outcome(self, set() if right else {NotPermittedError}) as done:
            services.answer_assist_for(by=self.actor(by), now=self.now, assist=part, text="来函已答复。")
        if done:
            case.parts -= {"bureau"}
            case.entries += 1

    @precondition(lambda self: self.stale)
    @rule(data=st.data())
    def too_late(self, data: st.DataObject) -> None:
        """Act on what was on the screen before somebody else's step, though the state still allows it."""
        case = next(case for case in self.cases if case.pk in self.stale)
        self.legal(data, case, open_actions(case), seen=self.stale[case.pk])

    @rule(data=st.data(), just_late=st.booleans(), hours=st.sampled_from([0, 9, 24, 72, 24 * 8]))
    def time_passes(self, data: st.DataObject, just_late: bool, hours: int) -> None:
        """To the very last moment of a clock, to the one after it, or for a while; then the ticker comes."""
        due = self.draw_case(data).due(self.calendar)
        if hours or due is None or due < self.now:
            self.now += timedelta(hours=hours)
        else:
            self.now = due + timedelta(microseconds=int(just_late))
        self.tick()

    def tick(self) -> None:
        """What follows by itself when a time is over; workers tell people."""
        for action, state in RUN_OUT.items():
            due = [case for case in self.cases if case.state == state and case.due(self.calendar) < self.now]
            RunOut(state, action).run(self.now)
            for case in due:
                case.become(action, {}, "system", self.now, self.calendar)
        outbox.drain(now=self.now)
        assert not OutboxMessage.objects.filter(attempts__gt=0).exclude(state="done").exists(), (
            "a message failed"
        )

    # ------------------------------------------------------------ people

    @precondition(lambda self: sum(not posts for posts in self.people.posts.values()) < 2)
    @rule(who=st.sampled_from(LEAVERS), to=PERSON, by=st.sampled_from(ANOTHER), account=st.booleans())
    def leave(self, who: str, to: str | None, by: str, account: bool) -> None:
        """Somebody leaves the office (`account`) or only their post."""
        posting = Posting.objects.filter(user=self.office.users[who], until__isnull=True).first()
        if posting is None:
            return
        given: dict[str, Any] = {
            "by": self.actor(by or ("sysadmin" if account else "secadmin")),
            "now": self.now,
        }
        given["successor"] = self.office.users[to] if to else None
        with witness.outcome(self, {NotPermittedError} if by else set()) as done:
            if account:
                org_services.leave(**given, user=self.office.users[who])
            else:
                org_services.end_post(**given, posting=posting)
        if done:
            ended = {(unit, role) for unit, role in self.people.posts[who] if account or role == posting.role}
            self.people.posts[who] -= ended
            self.people.away = [row for row in self.people.away if not account or who not in row[:2]]
            self.hand_over(who, to)

    def hand_over(self, who: str, to: str | None) -> None:
        for case in self.cases:
            if case.person == who and case.ended is None and not self.people.handles(who, case.lead):
                heir = to if self.people.handles(to, case.lead) else None
                case.change({"person": heir}, clock="keep", now=self.now, calendar=self.calendar)

    @rule(
        who=st.sampled_from(INDUSTRY), stand_in=st.sampled_from([*INDUSTRY, "worker"]), days=st.integers(1, 9)
    )
    def delegate(self, who: str, stand_in: str, days: int) -> None:
        units = [{unit for unit, _ in self.people.posts[name]} for name in (who, stand_in)]
        wrong = {FieldError} if who == stand_in or not units[0] & units[1] else set()
        until = self.now + timedelta(days=days)
        with witness.outcome(self, wrong) as done:
            org_services.delegate(
                by=self.actor(who), now=self.now, absentee=self.office.users[who],
                stand_in=self.office.users[stand_in], since=self.now, until=until, reason="年休假",
            )  # fmt: skip
        if done:
            self.people.away.append((who, stand_in, self.now, until))

    # ------------------------------------------------------------ the calendar

    @rule(
        ahead=st.integers(-1, 12),
        works=st.booleans(),
        by=st.sampled_from(["sysadmin", "sysadmin", "handler"]),
    )
    def edit_calendar(self, ahead: int, works: bool, by: str) -> None:
        day = (self.now + timedelta(days=ahead)).astimezone(oracle.CITY).date()
        given: dict[str, Any] = {"by": self.actor(by), "now": self.now}
        with witness.outcome(self, set() if by == "sysadmin" else {NotPermittedError}) as done:
            if day in self.calendar.local:
                row = CalendarDay.objects.get(date=day, local=True)
                core_services.remove_local_day(**given, day=row)
            else:
                core_services.set_local_day(
                    **given, date=day, kind="local_on" if works else "local_off",
                    name_zh="台风", name_en="Typhoon", source="市政府通知",
                )  # fmt: skip
        if done and self.calendar.local.pop(day, None) is None:
            self.calendar.local[day] = works

    @precondition(lambda self: self.season == "end of the year")
    @rule(
        days=st.dictionaries(
            st.dates(datetime(2027, 1, 1).date(), datetime(2027, 1, 15).date()), st.booleans()
        )
    )
    def load_next_year(self, days: dict) -> None:
        rows = [
            {"date": day, "kind": "makeup" if works else "holiday", "name": {"zh": "元旦", "en": "New Year"}}
            for day, works in days.items()
        ]
        document = {"year": 2027, "source": "国务院办公厅通知", "day": rows}
        core_services.load_year(by=self.actor("sysadmin"), now=self.now, document=document)
        self.calendar.loaded.add(2027)
        self.calendar.on = {day for day, works in days.items() if works}
        self.calendar.off = {day for day, works in days.items() if not works}

    # ------------------------------------------------------------ how

    def draw_case(self, data: st.DataObject) -> Expected:
        """Any case, the first most often."""
        return self.cases[data.draw(st.sampled_from([0, 0, *range(len(self.cases))]))]

    def actor(self, name: str) -> Any:
        """The actor of a person, read again whenever their posts may have changed."""
        if name == "system":
            return system("tick")
        posts = frozenset((who, *post) for who, held in self.people.posts.items() for post in held)
        as_of = (name, posts, frozenset(self.people.replaced(name, self.now)))
        if as_of not in self.actors:
            self.actors[as_of] = self.office.actor(name, self.now)
        return self.actors[as_of]

    def options(self, case: Expected, action: str, people: list[str]) -> list[tuple[str, dict, str]]:
        """Every legal combination of inputs and person."""
        return [
            (action, given, by)
            for given in map(self.named, witness.complete(action))
            for by in people
            if not faults(case, action, given, by, self.now, self.people, self.calendar)
        ]

    def legal(self, data: st.DataObject, case: Expected, names: list[str], seen: Case | None = None) -> None:
        """One of the actions, if anybody may do it now."""
        for action in data.draw(st.permutations(names)):
            people = ["system"] if FLOW[action].group == "system" else EVERYBODY
            if options := self.options(case, action, people):
                self.act(case, *data.draw(st.sampled_from(options)), seen=seen)
                return

    def fitting(self, data: st.DataObject, case: Expected, action: str) -> None:
        """An action with nothing missing by somebody of the right group, whatever else stands against it."""
        right = [name for name in EVERYBODY if self.people.may(name, FLOW[action].group, case, self.now)]
        given = data.draw(st.sampled_from(witness.complete(action)))
        self.act(case, action, given, data.draw(st.sampled_from(right or EVERYBODY)))

    def act(self, case: Expected, action: str, given: dict, by: str, seen: Case | None = None) -> None:
        """Do one action and compare what came of it with what should have."""
        row, given = seen or Case.objects.get(pk=case.pk), self.named(given)
        wrong = faults(case, action, given, by, self.now, self.people, self.calendar)
        more = self.follows(case, action, given, legal=not wrong)
        if seen is not None:
            # Leave is asked for what was on the screen, so that may be missing first.
            wrong |= {FasterError, RefusedError}
        target = f"cases.case:{case.pk}"
        with witness.outcome(self, wrong, action=action, target=target, more=more) as done:
            real = witness.real(self.office, given, self.now)
            VERBS[action](by=self.actor(by), now=self.now, case=row, **real)
        if done:
            self.stale[case.pk] = row
            doer = self.people.behind(by, case.lead, self.now) if action == "start" else by
            case.become(action, given, doer, self.now, self.calendar)
            if action == "split":
                other = Case.objects.filter(split_from=case.pk).latest("pk")
                self.cases.append(Expected(other.pk, case.firm, case.intake, self.now, kind=case.kind))

    def named(self, given: dict) -> dict:
        """Inputs with the main case in place of its number."""
        number = given.get("main")
        if not isinstance(number, int):
            return given
        return given | {"main": self.cases[number] if number < len(self.cases) else None}

    def follows(self, case: Expected, action: str, given: dict, *, legal: bool) -> list[str]:
        """What a step brings with it at once."""
        simple = {"ask_help": ["assist"], "split": ["submit"]}
        if action in simple:
            return simple[action]
        answered = FLOW[action].target == "reviewed"
        if case.following and (answered or FLOW[action].target in oracle.ENDED):
            return ["answer_merged" if answered else "separate"] * len(case.following)
        if action in oracle.MOVING and case.following and legal:
            later = case.would_be_due(action, given, self.now, self.calendar)
            return ["follow"] * len(case.following) if later != case.due(self.calendar) else []
        bad = action == "rate" and given["stars"] <= 2
        return ["feedback.bad_again" if case.reopened else "reopen_rated"] if bad else []

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        witness.compare(self)
