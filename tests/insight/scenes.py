"""Precedents and canned answers of the small office, made by the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.feedback import services as feedback_services
from zhitong.insight import services
from zhitong.insight.models import CannedAnswer, Precedent

DAY = date(2027, 6, 1)
QUESTION = "厂区外道路破损，大货车无法通行。"
ANSWER = "已协调养护单位修复路面，恢复通行。"


def closed(office: Office, firm: str = "a", text: str = "") -> Case:
    """A case that was solved and closed; with words of its own if some are given."""
    case = office.until("reviewed", firm)
    if text:
        Case.objects.filter(pk=case.pk).update(text=text)
        case.refresh_from_db()
    feedback_services.rate(by=office.actor(f"firm_{firm}"), now=NOW, case=case, stars=4, comment="")
    case.refresh_from_db()
    intake = office.actor({"a": "district", "b": "other"}[firm])
    case_services.close(by=intake, now=NOW, case=case, outcome="solved")
    return Case.objects.select_related("enterprise", "lead", "intake", "person").get(pk=case.pk)


def written(**other: Any) -> services.Written:
    given = {"title": "厂外道路破损怎么办", "question": QUESTION, "answer": ANSWER, "valid_until": DAY}
    return services.Written(**given | other)


def draft(office: Office, case: Case | None = None, **other: Any) -> Precedent:
    case = case or closed(office)
    return services.make(by=office.actor("handler"), now=NOW, case=case, written=written(**other))


def in_review(office: Office, case: Case | None = None, **other: Any) -> Precedent:
    return services.send(by=office.actor("handler"), now=NOW, precedent=draft(office, case, **other))


def published(office: Office, case: Case | None = None, **other: Any) -> Precedent:
    row = in_review(office, case, **other)
    return services.publish(by=office.actor("head"), now=NOW, precedent=row, nobody_named=True)


def canned(office: Office, who: str = "handler", unit: str = "industry", **other: Any) -> CannedAnswer:
    given = {"below": False, "title": "已联系", "text": "{{firm}}{{contact}}：已收悉。"} | other
    text = services.Text(given.pop("title"), given.pop("text"))
    return services.add_canned(
        by=office.actor(who), now=NOW, department=office.units[unit], written=text, **given
    )
