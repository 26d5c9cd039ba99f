"""Thanks of firms: by themselves or entered for them, taken back with a reason, never in the rates."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from openpyxl import load_workbook

from tests.core.uploads.samples import jpeg
from tests.support.office import NOW, Office
from zhitong.cases.models import Case
from zhitong.config import views
from zhitong.core import outbox
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.models import Upload
from zhitong.core.uploads.receive import examine_upload
from zhitong.feedback import exports, figures, queries, services
from zhitong.feedback.models import Thanks
from zhitong.feedback.queries import ThanksPanel
from zhitong.orgs.models import Notice

TODAY = local_date(NOW)
DAY = timedelta(days=1)


def thanked(office: Office, case: Case, by: str = "handler", **more: Any) -> Thanks:
    given = {"kind": "banner", "text": "为企解难 高效务实", "received_on": TODAY} | more
    return services.give_thanks(by=office.actor(by), now=NOW, case=case, **given)


def shown(office: Office, who: str, case: Case) -> dict[str, Any] | None:
    return ThanksPanel().context(office.actor(who), case, NOW)


def test_a_firm_thanks_itself_and_an_office_enters_what_it_was_brought(office: Office) -> None:
    case = office.until("reviewed")
    own = thanked(office, case, "firm_a", kind="words", text=" 谢谢你们！ ")
    assert (own.by_unit, own.text) == (False, "谢谢你们！")
    for who, kind in (("handler", "banner"), ("district", "letter")):
        assert thanked(office, case, who, kind=kind).by_unit
    for who in ("firm_b", "other", "supervisor", "worker"):
        with pytest.raises(NotPermittedError):
            thanked(office, case, who)


def test_what_is_refused_says_why(office: Office) -> None:
    with pytest.raises(RefusedError, match="none yet"):
        thanked(office, office.until("answered"))
    case = office.until("reviewed")
    for day in (TODAY + DAY, local_date(case.created_at) - DAY):
        with pytest.raises(FieldError, match="between the submission"):
            thanked(office, case, received_on=day)
    with pytest.raises(FieldError, match="kinds in the list"):
        thanked(office, case, kind="medal")
    for text in ("", "  ", "x" * 301):
        with pytest.raises(FieldError, match="at most 300"):
            thanked(office, case, text=text)
    thanked(office, case)
    with pytest.raises(FasterError, match="kept for this case already"):
        thanked(office, case, "firm_a")


def test_thanks_taken_back_stay_and_can_be_given_again(office: Office) -> None:
    case = office.until("reviewed")
    row = thanked(office, case)
    with pytest.raises(NotPermittedError):
        services.withdraw_thanks(by=office.actor("firm_a"), now=NOW, thanks=row, reason="不是我们的")
    with pytest.raises(FieldError, match="at most 300"):
        services.withdraw_thanks(by=office.actor("handler"), now=NOW, thanks=row, reason=" ")
    services.withdraw_thanks(by=office.actor("district"), now=NOW, thanks=row, reason="送错单位。")
    with pytest.raises(FasterError, match="taken back already"):
        services.withdraw_thanks(by=office.actor("handler"), now=NOW, thanks=row, reason="again")
    again = thanked(office, case, "firm_a")
    rows = shown(office, "handler", case)["rows"]
    assert [(one["row"].pk, one["may"]) for one in rows] == [(again.pk, False), (row.pk, False)]
    assert shown(office, "firm_a", case)["rows"][0]["may"], "its own word"
    services.withdraw_thanks(by=office.actor("firm_a"), now=NOW, thanks=again, reason="写错了")


def test_the_handler_and_the_heads_hear_of_a_firms_word_once(office: Office) -> None:
    case = office.until("reviewed")
    thanked(office, case)
    outbox.drain(now=NOW)
    assert not Notice.objects.filter(msgid__startswith="The firm thanks").exists(), (
        "they entered it themselves"
    )
    thanked(office, case, "firm_a", kind="words")
    outbox.drain(now=NOW)
    told = Notice.objects.filter(msgid__startswith="The firm thanks")
    assert sorted(note.user.username for note in told) == sorted({"handler", "head", *_chiefs(office)})


def _chiefs(office: Office) -> list[str]:
    held = office.actor("chief").departments() if "chief" in office.users else frozenset()
    return ["chief"] if office.units["industry"].pk in held else []


def test_thanks_are_in_no_rate(office: Office) -> None:
    case = office.until("reviewed")
    services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=4)
    period = figures.Period(TODAY - 30 * DAY, TODAY)
    reader = office.actor("district")

    def table() -> list[tuple[Any, ...]]:
        lines = figures.table(reader, period, "department", now=NOW + DAY)
        return [(line.label, line.counts, line.shown()) for line in lines]

    before = table()
    thanked(office, Case.objects.get(pk=case.pk), "firm_a")
    thanked(office, Case.objects.get(pk=case.pk), kind="letter")
    assert before == table()
    assert before


def test_who_must_not_know_of_a_case_sees_no_thanks_for_it(office: Office) -> None:
    case = office.until("reviewed")
    row = thanked(office, case, "firm_a")
    assert list(queries.thanks(office.actor("supervisor"))) == [row]
    Case.objects.filter(pk=case.pk).update(confidential=True)
    for who in ("supervisor", "firm_b", "other", "worker"):
        assert not queries.thanks(office.actor(who)).exists(), who
        with pytest.raises(Http404):
            queries.get_thanks(office.actor(who), row.pk)


def test_a_photo_is_read_by_both_sides_and_nobody_else(office: Office, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = office.until("reviewed")
    row = thanked(office, case, files=[examine_upload(SimpleUploadedFile("锦旗.jpg", jpeg()))])
    file = Upload.objects.get(subject=f"feedback.thanks:{row.pk}")
    read = views.READABLE["feedback.thanks"]
    assert file.visible_to_firm
    for who in ("firm_a", "handler", "district"):
        assert read(office.actor(who), row.pk) == row
        assert shown(office, who, case)["rows"][0]["files"] == [file]
    for who in ("firm_b", "other"):
        with pytest.raises(Http404):
            read(office.actor(who), row.pk)


def test_the_list_is_sifted_and_taken_along(office: Office) -> None:
    case = office.until("reviewed")
    own, entered = thanked(office, case, "firm_a", kind="words", text="=1+1"), thanked(office, case)
    back = thanked(office, case, kind="letter")
    services.withdraw_thanks(by=office.actor("handler"), now=NOW, thanks=back, reason="重复")
    every = queries.thanks(office.actor("handler"))
    for filters, wanted in (
        ({}, {own, entered}),
        ({"by": "firm"}, {own}),
        ({"by": "unit"}, {entered}),
        ({"withdrawn": True}, {back}),
        ({"kind": "banner"}, {entered}),
        ({"department": office.units["industry"].pk}, {own, entered}),
        ({"department": office.units["works"].pk}, set()),
        ({"since": TODAY + DAY}, set()),
        ({"until": TODAY}, {own, entered}),
    ):
        assert set(queries.sifted(every, filters)) == wanted, filters
    found = exports.thanks(queries.sifted(every, {"by": "firm"}), TODAY, actor=office.actor("dispatcher"))
    book = load_workbook(io.BytesIO(found.content))
    heads, line = [[cell.value for cell in one] for one in book.active]
    assert len(heads) == len(line)
    assert line[5] == "'=1+1"


def test_a_case_without_an_answer_offers_nothing(office: Office) -> None:
    assert shown(office, "firm_a", office.until("handling")) is None
    assert shown(office, "supervisor", office.until("reviewed")) is None
    assert shown(office, "firm_a", office.until("reviewed"))["may_give"]
