"""What the town has learnt from its cases: precedents, canned answers, common problems; with long words."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.browser.town_words import LONG, ODD, Town, rated
from tests.support import office as offices
from zhitong.cases import services as case_services
from zhitong.commons import services as commons_services
from zhitong.commons.models import CommonProblem
from zhitong.core.actor import system
from zhitong.core.clock import local_date
from zhitong.insight import services as insight_services
from zhitong.kernel.text import Entity


def build(office: offices.Office, town: Town, now: datetime) -> None:
    """Add everything."""
    _commons(office, town, now)
    _learnt(office, town, now)


def _learnt(office: offices.Office, town: Town, now: datetime) -> None:
    """A precedent in each state with long words, and a canned answer with a field that has no value."""
    handler, head = office.actor("handler", now), office.actor("head", now)
    day = local_date(now) + timedelta(days=200)
    written = insight_services.Written(LONG[:80], LONG + ODD, ODD, day, basis=ODD[:200])
    for key in ("precedent_draft", "precedent_review", "precedent"):
        case = case_services.close(
            by=office.actor("district", now), now=now, outcome="solved", case=rated(office, now)
        )
        row = insight_services.make(by=handler, now=now, case=case, written=written)
        if key != "precedent_draft":
            row = insight_services.send(by=handler, now=now, precedent=row)
        if key == "precedent":
            insight_services.publish(by=head, now=now, precedent=row, nobody_named=True)
        town.keys[key] = row.pk
    free = case_services.close(
        by=office.actor("district", now), now=now, outcome="solved", case=rated(office, now)
    )
    text = insight_services.Text(ODD[:80], "{{firm}}{{contact}} " + LONG)
    canned = insight_services.add_canned(
        by=handler, now=now, department=office.units["industry"], below=False, written=text
    )
    town.keys |= {"precedent_source": free.pk, "canned": canned.pk}


def _commons(office: offices.Office, town: Town, now: datetime) -> None:
    """A proposal with long words, and a confirmed problem with a newcomer."""
    made = {}
    for name in ("common", "common_running"):
        cases = [office.until("accepted", now=now) for _ in range(3)]
        made[name] = cases
        town.keys[name] = commons_services.propose(
            by=system("tick"), now=now, department=office.units["district"], entity=Entity("park", ODD[:40]),
            leading=cases[0], members={case.pk: 0.4 for case in cases[:2]}, shared=(ODD[:12], "停产"),
        ).pk  # fmt: skip
    problem, cases = CommonProblem.objects.get(pk=town.keys["common_running"]), made["common_running"]
    decided = commons_services.Decided(
        LONG[:80], office.units["industry"], cases[0], [case.pk for case in cases[:2]], plan=LONG + ODD
    )
    by = office.actor("district", now)
    problem = commons_services.confirm(by=by, now=now, problem=problem, decided=decided)
    commons_services.add(by=system("tick"), now=now, problem=problem, members={cases[2].pk: 0.3})
