"""What hangs on a case is said the same by one question for all tables as by a question to each."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhitong.cases.models import Assist, Case
from zhitong.core import hanging
from zhitong.core.models import CalendarDay

pytest_plugins = ["tests.access.fixtures"]

REFERRING = [
    (model, field.name)
    for model in apps.get_models()
    for field in model._meta.concrete_fields
    if field.related_model is Case
]
MOST = 26  # questions for the page of a case on which little hangs; it was 37 with one for each table


def test_one_question_says_the_same_as_one_to_each_table(world) -> None:
    assert len(REFERRING) > 20
    seen = set()
    for case in world.cases.values():
        fresh = Case.objects.get(pk=case.pk)
        with CaptureQueriesContext(connection) as asked:
            hanging.look(fresh)
            found = {(model, field) for model, field in REFERRING if hanging.hangs(model, fresh, field)}
        assert len(asked) == 1
        assert found == {pair for pair in REFERRING if hanging.hangs(pair[0], case, pair[1])}
        assert found == {(m, f) for m, f in REFERRING if m.objects.filter(**{f: case.pk}).exists()}
        seen |= found
    assert len(seen) > 10, "too little hangs on these cases to tell"


def test_a_table_that_does_not_refer_to_the_row_is_refused(world) -> None:
    case = Case.objects.first()
    hanging.look(case)
    with pytest.raises(ValueError, match=r"core.CalendarDay.case does not refer to Case"):
        hanging.hangs(CalendarDay, case)


def test_a_row_that_nobody_looked_at_is_asked_for_anew(world) -> None:
    part = Assist.objects.select_related("case").first()
    assert hanging.hangs(Assist, part.case)
    empty = Case.objects.exclude(pk__in=Assist.objects.values("case")).first()
    assert not hanging.hangs(Assist, empty)
    Assist.objects.filter(pk=part.pk).update(case=empty)
    assert hanging.hangs(Assist, empty)


@pytest.mark.parametrize("who", ["dispatcher:own", "handler:own", "supervisor:above"])
def test_the_page_of_a_case_asks_for_what_hangs_on_it_only(world, who: str) -> None:
    address = f"/cases/{world.cases['signed'].pk}/"
    world.doors.ask(who, "GET", address)
    with CaptureQueriesContext(connection) as asked:
        answer = world.doors.ask(who, "GET", address)
    assert answer.status == 200
    assert len(asked) <= MOST, "\n".join(row["sql"][:120] for row in asked)
