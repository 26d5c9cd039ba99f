"""Drafts corrected, dropped, taken back, entered as cases."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.drafts.test_receiving import NOTE, drop, paste
from tests.feedback.test_thanks import jpeg
from tests.support.office import NOW, Office
from zhitong.cases.models import Case
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.models import OutboxMessage, Upload
from zhitong.core.uploads.receive import examine_upload
from zhitong.drafts import batch, reading, services
from zhitong.drafts.models import Draft
from zhitong.drafts.services import Way


def given(draft: Draft, **changes: Any) -> dict[str, Any]:
    names = (
        "text",
        "title",
        "firm",
        "firm_text",
        "contact",
        "place",
        "channel",
        "original_number",
        "said_at",
        "lead",
        "urgent",
    )
    return {name: getattr(draft, name) for name in names} | changes


def test_a_draft_becomes_a_case_with_owner_clock_and_lead(office: Office, unit: Any) -> None:
    draft = paste(office, unit)
    way = Way("normal", office.units["industry"], None, "请今天联系")
    done = services.enter(by=office.actor("district"), now=NOW, draft=draft, way=way)
    case = Case.objects.get()
    assert (done.state, done.case) == ("entered", case)
    assert (case.state, case.lead, case.channel, case.enterprise) == (
        "dispatched", office.units["industry"], "chat", office.firms["a"],
    )  # fmt: skip
    assert case.submitted_by is None
    assert list(case.entries.values_list("action", flat=True)) == ["register", "accept", "dispatch"]
    assert OutboxMessage.objects.filter(topic="cases.submit").count() == 1


def test_what_lies_with_another_unit_is_submitted_only(office: Office) -> None:
    draft = paste(office, office.units["industry"], "企业：示例一号厂\n路灯坏了", by="handler")
    done = services.enter(
        by=office.actor("handler"), now=NOW, draft=draft, way=Way("normal", office.units["works"])
    )
    assert (done.case.state, done.case.intake) == ("submitted", office.units["district"])


def test_an_error_is_mended_first(office: Office, unit: Any) -> None:
    draft = drop(office, unit, [1, "示例一号厂", "", "李先生", *[""] * 6])[0]
    with pytest.raises(RefusedError, match="Mend what is marked first"):
        services.enter(by=office.actor("district"), now=NOW, draft=draft)
    district = office.actor("district")
    draft = services.change(by=district, now=NOW, draft=draft, **given(draft, text="路灯坏了"))
    assert (draft.weight, draft.remarks) == ("", [])
    assert services.enter(by=district, now=NOW, draft=draft).case.text == "路灯坏了"


def test_a_lead_needs_a_kind(office: Office, unit: Any) -> None:
    with pytest.raises(FieldError, match="kind of matter"):
        services.enter(
            by=office.actor("district"),
            now=NOW,
            draft=paste(office, unit),
            way=Way(lead=office.units["works"]),
        )
    assert not Case.objects.exists()


def test_a_refused_dispatch_leaves_no_case(office: Office, unit: Any) -> None:
    draft = paste(office, unit)
    with pytest.raises(FieldError, match="no handler"):
        services.enter(
            by=office.actor("district"), now=NOW, draft=draft, way=Way("normal", office.units["other"])
        )
    draft.refresh_from_db()
    assert (draft.state, Case.objects.count()) == ("open", 0)


def test_who_is_later_changes_nothing(office: Office, unit: Any) -> None:
    draft, district = paste(office, unit), office.actor("district")
    services.enter(by=district, now=NOW, draft=draft, version=draft.version)
    with pytest.raises(FasterError):
        services.enter(by=district, now=NOW, draft=draft, version=draft.version)
    with pytest.raises(FasterError):
        services.drop(by=district, now=NOW, draft=draft, reason="x", version=draft.version)
    assert Case.objects.count() == 1


def test_dropping_has_a_reason_and_can_be_taken_back(office: Office, unit: Any) -> None:
    draft, district = paste(office, unit), office.actor("district")
    with pytest.raises(FieldError):
        services.drop(by=district, now=NOW, draft=draft, reason=" ")
    draft = services.drop(by=district, now=NOW, draft=draft, reason="广告")
    assert (draft.state, draft.reason) == ("dropped", "广告")
    draft = services.restore(by=district, now=NOW, draft=draft)
    assert (draft.state, draft.reason) == ("open", "")


def test_a_firm_out_of_sight_cannot_be_chosen(office: Office, unit: Any) -> None:
    draft = paste(office, unit)
    with pytest.raises(FieldError, match="your territory"):
        services.change(
            by=office.actor("district"), now=NOW, draft=draft, **given(draft, firm=office.firms["b"])
        )


def test_an_empty_number_leaves_the_number(office: Office, unit: Any) -> None:
    draft, district = paste(office, unit), office.actor("district")
    sealed = draft.phone_sealed
    draft = services.change(by=district, now=NOW, draft=draft, **given(draft))
    assert draft.phone_sealed == sealed
    draft = services.change(by=district, now=NOW, draft=draft, phone="13900005678", **given(draft))
    assert draft.phone_mask == "139****5678"
    with pytest.raises(FieldError, match="telephone"):
        services.change(by=district, now=NOW, draft=draft, phone="12", **given(draft))


def test_others_units_drafts_are_not_ones_own(office: Office, unit: Any) -> None:
    draft = paste(office, unit)
    for step in (services.enter, services.restore):
        with pytest.raises(NotPermittedError):
            step(by=office.actor("other"), now=NOW, draft=draft)


def test_a_batch_enters_what_it_can_and_says_why_not(office: Office, unit: Any) -> None:
    rows = drop(
        office,
        unit,
        [1, "示例一号厂", "车间又停电，生产线全停了", *[""] * 7],
        [2, "示例一号厂", "", "李先生", *[""] * 6],
        [3, "示例一号厂", "门口路灯坏了，夜里看不见路面", *[""] * 7],
    )
    district = office.actor("district")
    chosen = batch.chosen(district, "enter", [f"{row.pk}:{row.version}" for row in rows])
    form = {"key": "k", "kind": "normal", "lead": None, "own_lead": True, "message": ""}
    receipt = batch.run(by=district, now=NOW, step="enter", chosen=chosen, given=form)
    assert [row.done for row in receipt] == [True, True, False]
    assert [case.lead.local_code for case in Case.objects.order_by("id")] == ["industry", "works"]
    again = batch.run(by=district, now=NOW, step="enter", chosen=chosen, given=form)
    assert [row.done for row in again] == [True, True, False]
    assert Case.objects.count() == 2


def test_files_go_with_the_case(office: Office, unit: Any) -> None:
    photo = examine_upload(SimpleUploadedFile("a.jpg", jpeg()))
    received = reading.pasted(NOTE, channel="chat", now=NOW, files=(photo,))
    draft = services.receive(by=office.actor("district"), now=NOW, given=received, unit=unit).drafts.get()
    case = services.enter(by=office.actor("district"), now=NOW, draft=draft).case
    assert Upload.objects.get().subject == f"cases.entry:{case.entries.get(action='register').pk}"
