"""From the calendar screen to the deadline: what an administrator declares, everybody reads on the case."""

from __future__ import annotations

from django.urls import reverse

from tests.support.browsing import signed_in
from tests.support.office import Office
from zhitong.core.clock import local_date


def test_a_day_off_from_the_screen_moves_a_deadline_and_says_why(office: Office, settings) -> None:
    case = office.until("handling")
    reader, admin = signed_in(office, "handler"), signed_in(office, "sysadmin")
    page = reverse("cases:detail", args=[case.pk])
    assert local_date(case.due_at).isoformat() == "2026-06-16"
    assert "2026-06-16" in reader.get(page).content.decode()
    given = {"date": "2026-06-11", "kind": "local_off", "name_zh": "示例台风停工", "source": "示例令1号"}
    assert admin.post(reverse("orgs:new_day"), given).status_code == 302
    case.refresh_from_db()
    assert local_date(case.due_at).isoformat() == "2026-06-17"
    shown = reader.get(page).content.decode()
    assert "2026-06-17" in shown
    assert "示例台风停工" in shown, "the deadline says which day it steps over"


def test_a_day_taken_back_on_the_screen_moves_it_back(office: Office) -> None:
    case = office.until("handling")
    admin = signed_in(office, "sysadmin")
    given = {"date": "2026-06-13", "kind": "local_on", "name_zh": "示例补班", "source": "示例令2号"}
    assert admin.post(reverse("orgs:new_day"), given).status_code == 302
    case.refresh_from_db()
    assert local_date(case.due_at).isoformat() == "2026-06-15", "a working Saturday ends it a day earlier"
    from zhitong.core.models import CalendarDay

    day = CalendarDay.objects.get(date="2026-06-13")
    assert admin.post(reverse("orgs:remove_day", args=[day.pk])).status_code == 302
    case.refresh_from_db()
    assert local_date(case.due_at).isoformat() == "2026-06-16"
