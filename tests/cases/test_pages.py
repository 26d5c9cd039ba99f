from __future__ import annotations

from tests.support.office import NOW, Office
from zhitong.cases import pages, services


def asked(office: Office, name: str, case: object) -> str:
    line = pages.asked(pages.timeline(office.actor(name), case))
    return line.entry.text if line else ""


def test_what_is_asked_stands_before_whoever_is_next(office: Office) -> None:
    case = services.return_for_supplement(
        by=office.actor("district"), now=NOW, case=office.case(), reason="哪个门？"
    )
    assert asked(office, "firm_a", case) == "哪个门？"
    case = services.supplement(by=office.actor("firm_a"), now=NOW, case=case, text="东门")
    assert asked(office, "firm_a", case) == asked(office, "district", case) == ""


def test_what_a_reviewer_asks_is_not_for_the_firm(office: Office) -> None:
    case = services.reject(
        by=office.actor("head"), now=NOW, case=office.until("answered"), reason="请写明日期"
    )
    assert asked(office, "handler", case) == "请写明日期"
    services.note(by=office.actor("handler"), now=NOW, case=case, text="在问施工队")
    assert asked(office, "handler", case) == "请写明日期"
    assert asked(office, "firm_a", case) == ""
