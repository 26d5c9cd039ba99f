"""Cases of several firms about one matter; sound rows of the tables of commons, and what breaks their constraints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import models

from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.commons import services
from zhitong.commons.models import CommonMember, CommonProblem
from zhitong.core.actor import system
from zhitong.enterprises import services as enterprise_services
from zhitong.kernel.codes.uscc import check_sign
from zhitong.kernel.text import Entity
from zhitong.orgs.models import Department

Make = Callable[[Office], dict[str, Any]]
CUTS = [
    "云塘园区又停电，注塑车间整条生产线停产。",
    "本周云塘园区停电三次，车间生产线停产，损失很大。",
    "云塘园区供电不稳，停电后生产线停产，请尽快解决。",
    "我司在云塘园区，昨夜停电，生产线停产半天。",
]
ELSE = [
    "云塘园区食堂太小，职工用餐排队，希望扩建。",
    "出口退税还没有到账，请帮助查询。",
    "门口公交车班次太少，职工上下班不方便。",
    "想了解技术改造补助怎么申请。",
]


def firm(number: int, *, region: str = "350111") -> Any:
    """Another firm of the register."""
    stem = f"91{region}MA0T{number:05d}"
    code = stem + check_sign(stem)
    return enterprise_services.register(
        by=SEEDER, now=NOW, code=code, name=f"示例第{number}厂", region=region
    )


def told(text: str, by: Any, *, now: datetime = NOW, **more: Any) -> Case:
    """A case that the office takes down for a firm."""
    draft = case_services.Draft(text=text, channel="import", **more)
    return case_services.submit(by=SEEDER, now=now, draft=draft, firm=by)


def cuts(now: datetime = NOW) -> list[Case]:
    """One matter of four firms of a district."""
    return [told(text, firm(number), now=now) for number, text in enumerate(CUTS)]


def accepted(office: Office, case: Case, who: str = "district") -> Case:
    """A case that its dispatcher has accepted."""
    return case_services.accept(by=office.actor(who), now=NOW, case=case, kind="normal")


def proposed(
    cases: list[Case], unit: Department, *, now: datetime = NOW, entity: str = "云塘园区"
) -> CommonProblem:
    """A proposal with some cases, the first in the middle."""
    return services.propose(
        by=system("tick"), now=now, department=unit, entity=Entity("park", entity), leading=cases[0],
        members={case.pk: 0.5 for case in cases}, shared=("停电", "生产线停产"),
    )  # fmt: skip


def rows(office: Office, running: Case) -> list[models.Model]:
    """A proposal and the case in it."""
    problem = proposed([running], office.units["district"])
    return [problem, problem.members.get()]


def _confirmed(office: Office) -> dict[str, Any]:
    return {
        "state": "confirmed", "lead": office.units["industry"], "decided_by": office.users["district"],
        "decided_at": NOW,
    }  # fmt: skip


def _month(office: Office) -> dict[str, Any]:
    return {
        **_confirmed(office), "month": date(2026, 6, 1), "owner": office.users["head"], "plan": "整改",
        "due": date(2026, 6, 30),
    }  # fmt: skip


def _taken(office: Office) -> dict[str, Any]:
    """A month that has its matter."""
    CommonProblem.objects.create(
        department=office.units["district"], title="x", kind="park", entity="x", proposed_at=NOW,
        leading=Case.objects.first(), **_month(office),
    )  # fmt: skip
    return _month(office)


def _another(office: Office) -> dict[str, Any]:
    problem = proposed([office.case("b")], office.units["city"])
    return {"problem": problem}


SOUND: dict[str, Make] = {
    "commons.commonproblem": lambda _: {},
    "commons.commonmember": lambda office: {"case": office.case("b")},
}
BROKEN: dict[str, list[Make]] = {
    "commons.commonproblem.problem_state_known": [lambda office: _confirmed(office) | {"state": "lost"}],
    "commons.commonproblem.a_problem_says_what_it_is_about": [
        lambda _: {"title": ""},
        lambda _: {"kind": ""},
        lambda _: {"entity": ""},
    ],
    "commons.commonproblem.a_problem_is_proposed_until_decided": [
        lambda _: {"decided_at": NOW},
        lambda office: {"decided_by": office.users["district"]},
        lambda office: _confirmed(office) | {"decided_at": None},
    ],
    "commons.commonproblem.a_confirmed_problem_has_one_lead": [
        lambda office: _confirmed(office) | {"lead": None}
    ],
    "commons.commonproblem.a_dismissed_problem_has_its_reason": [
        lambda office: _confirmed(office) | {"state": "dismissed"}
    ],
    "commons.commonproblem.a_matter_of_the_month_has_owner_plan_day": [
        lambda office: _month(office) | {"owner": None},
        lambda office: _month(office) | {"month": None},
        lambda office: _month(office) | {"due": None},
        lambda office: _month(office) | {"plan": ""},
        lambda office: _month(office) | {"state": "dismissed", "reason": "x"},
    ],
    "commons.commonproblem.one_matter_a_month_and_unit": [_taken],
    "commons.commonmember.a_case_stands_once_in_a_problem": [lambda _: {"open": False}],
    "commons.commonmember.a_case_is_in_one_open_problem": [_another],
    "commons.commonmember.member_standing_known": [lambda _: {"standing": "lie", "decided_at": NOW}],
    "commons.commonmember.a_member_is_new_until_decided": [
        lambda _: {"decided_at": NOW},
        lambda _: {"standing": "in"},
    ],
    "commons.commonmember.who_was_left_out_is_in_no_open_problem": [
        lambda _: {"standing": "out", "decided_at": NOW}
    ],
    "commons.commonmember.a_likeness_is_a_share": [lambda _: {"likeness": 1.2}, lambda _: {"likeness": -0.1}],
}


def all_members(problem: CommonProblem) -> dict[int, CommonMember]:
    """The members of a problem by case."""
    return {row.case_id: row for row in CommonMember.objects.filter(problem=problem)}
