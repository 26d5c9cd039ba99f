"""Who says what a case is about, what is kept beside it, and where it is read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from tests.support.programs import ask, key
from zhitong.cases import queries, services
from zhitong.cases.forms import ACTION_FORMS, CategoriseForm
from zhitong.cases.models import Case, CategoryChoice, Entry
from zhitong.core import clock
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.core.models import AuditEvent

POWER = "车间变压器频繁跳闸，停电三次。"


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Requests happen at the office's moment, and the language that they ask for ends with the test."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with override("zh-hans"):
        yield


def say(office: Office, case: Case, category: str = "power", who: str = "district", **given: object) -> Case:
    return services.categorise(by=office.actor(who), now=NOW, case=case, category=category, **given)


def test_a_case_begins_without_a_category_whatever_its_words_say(office: Office) -> None:
    assert office.case(text=POWER).category == ""


def test_a_taken_suggestion_is_kept_with_its_words(office: Office) -> None:
    case = say(office, office.case(text=POWER))
    assert case.category == "power"
    choice = CategoryChoice.objects.get()
    assert (choice.before, choice.category, choice.suggested, choice.taken) == ("", "power", "power", True)
    assert choice.words == ["变压器", "跳闸", "停电"]
    entry = Entry.objects.filter(case=case).order_by("id").last()
    assert (entry.action, entry.text, entry.visibility) == ("categorise", "水电气能源 · 用电", "internal")
    event = AuditEvent.objects.filter(action="cases.categorise").get()
    facts = json.loads(event.payload)
    assert (facts["before"], facts["after"], facts["suggested"]) == ("", "power", "power")
    assert (facts["taken"], facts["words"]) == (True, choice.words)


def test_another_choice_and_one_without_suggestion_are_told_apart(office: Office) -> None:
    changed = say(office, office.case(text=POWER), "roads")
    alone = say(office, office.case(text="请与我联系。"), "other_matters")
    rows = {row.case_id: row for row in CategoryChoice.objects.all()}
    assert (rows[changed.pk].suggested, rows[changed.pk].taken) == ("power", False)
    assert (rows[alone.pk].suggested, rows[alone.pk].taken, rows[alone.pk].words) == ("", False, [])
    counted = queries.category_choices(Case.objects.all(), NOW, NOW + timedelta(seconds=1))
    assert [row.case_id for row in counted] == [changed.pk], (
        "where nothing was suggested, nothing was declined"
    )


def test_a_category_can_change_and_the_first_word_counts_for_the_suggestion(office: Office) -> None:
    case = say(office, say(office, office.case(text=POWER)), "roads")
    assert case.category == "roads"
    [first] = queries.category_choices(Case.objects.all(), NOW, NOW + timedelta(seconds=1))
    assert first.taken
    with pytest.raises(FieldError, match="already"):
        say(office, case, "roads")


@pytest.mark.parametrize("category", ["", "unknown", "energy", "none"])
def test_only_a_leaf_of_the_tree_is_a_category(office: Office, category: str) -> None:
    case = office.case()
    with pytest.raises(FieldError):
        say(office, case, category)
    assert Case.objects.get().category == ""
    assert not CategoryChoice.objects.exists()


def test_the_slower_of_two_is_told(office: Office) -> None:
    case = office.case()
    say(office, case, "roads")
    with pytest.raises(FasterError):
        say(office, case, "power")
    assert Case.objects.get().category == "roads"


def test_the_same_form_twice_has_one_effect(office: Office) -> None:
    case = office.case()
    for _ in range(2):
        say(office, case, "roads", key="once")
    assert CategoryChoice.objects.count() == 1


def test_whoever_works_on_a_case_may_say_it_and_nobody_else(office: Office) -> None:
    case = office.until("handling")
    choices = iter(("power", "roads", "gas", "water"))
    for who in ("district", "handler", "head", "chief"):
        say(office, Case.objects.get(pk=case.pk), next(choices), who)
    for who in ("dispatcher", "colleague", "worker", "workhead", "other", "supervisor", "leader", "firm_a"):
        with pytest.raises(NotPermittedError):
            say(office, Case.objects.get(pk=case.pk), "customs", who)


def test_a_case_that_has_ended_can_still_be_put_in_order(office: Office) -> None:
    case = services.withdraw(by=office.actor("firm_a"), now=NOW, case=office.case(), reason="已解决")
    assert say(office, case, "roads").category == "roads"


def test_the_acceptance_carries_it(office: Office) -> None:
    case = office.case(text=POWER)
    form = ACTION_FORMS["accept"](case=case, now=NOW)
    assert form["category"].initial == "power"
    assert "变压器、跳闸、停电" in str(form["category"].help_text)
    given = {"kind": "normal", "version": case.version, "category": "power"}
    form = ACTION_FORMS["accept"](given, case=case, now=NOW)
    assert form.is_valid(), form.errors
    accepted = form.perform(by=office.actor("district"), now=NOW)
    assert (accepted.state, accepted.category, accepted.version) == ("accepted", "power", case.version + 1)
    assert [row.action for row in accepted.entries.all()] == ["submit", "accept", "categorise"]
    other = office.until("accepted")
    assert other.category == "", "an acceptance without one leaves it open"


def test_a_wrong_category_undoes_the_whole_acceptance(office: Office) -> None:
    case = office.case()
    with pytest.raises(FieldError):
        services.accept(by=office.actor("district"), now=NOW, case=case, kind="normal", category="nothing")
    assert Case.objects.get().state == "submitted"


def test_a_case_that_has_one_shows_it_without_a_suggestion(office: Office) -> None:
    case = say(office, office.case(text=POWER), "roads")
    field = CategoriseForm(case=case, now=NOW)["category"]
    assert (field.initial, str(field.help_text)) == ("roads", "")


def test_what_people_chose_is_only_added_to(office: Office) -> None:
    say(office, office.case())
    for change in (
        lambda: CategoryChoice.objects.update(suggested="roads"),
        lambda: CategoryChoice.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    row = CategoryChoice.objects.get()
    for wrong in ({"category": ""}, {"category": "power", "before": "power"}):
        given = {"case": row.case, "at": NOW, "tree": 1, **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            CategoryChoice.objects.create(**given)


@pytest.fixture
def mixed(office: Office) -> dict[str, Case]:
    """One about power, one about gas, one that nobody has looked at."""
    found = {"power": say(office, office.case(text=POWER)), "gas": say(office, office.case(), "gas")}
    return {**found, "open": office.case()}


def test_lists_are_narrowed_by_both_levels_and_by_none(office: Office, mixed: dict[str, Case]) -> None:
    def found(category: str) -> set[int]:
        rows = queries.search(Case.objects.all(), {"category": category}, NOW)
        return set(rows.values_list("pk", flat=True))

    assert found("power") == {mixed["power"].pk}
    assert found("energy") == {mixed["power"].pk, mixed["gas"].pk}
    assert found("none") == {mixed["open"].pk}
    assert found("loans") == set()
    assert len(found("")) == 3


def test_the_list_and_its_export_keep_the_filter(office: Office, mixed: dict[str, Case]) -> None:
    client = signed_in(office, "district")
    page = client.get(reverse("cases:list"), {"category": "energy"}).content.decode()
    assert mixed["power"].number in page
    assert mixed["open"].number not in page
    assert "export/?category=energy" in page
    book = client.get(reverse("cases:export"), {"category": "none"})
    rows = list(load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [mixed["open"].number]
    assert rows[0][3] == "主题分类"
    book = client.get(reverse("cases:export"), {"category": "gas"})
    assert [row[3] for row in load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True)][
        1:
    ] == ["水电气能源 · 用气与供热"]


def test_more_cases_ask_the_list_no_more_queries(office: Office) -> None:
    client = signed_in(office, "district")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("cases:list"), {"category": "energy"})
        return len(captured)

    say(office, office.case(text=POWER))
    asked()
    before = asked()
    for number in range(5):
        say(office, office.case(text=f"{POWER}第{number}次。"))
    assert asked() == before


def test_one_press_on_the_page_confirms_the_suggestion(office: Office) -> None:
    case = office.until("accepted")
    Case.objects.filter(pk=case.pk).update(text=POWER)
    client = signed_in(office, "district")
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert reverse("cases:categorise", args=[case.pk]) in page
    assert '<option value="power" selected>' in page
    given = {"category": "power", "before": "", "key": "press"}
    answer = client.post(reverse("cases:categorise", args=[case.pk]), given)
    assert answer.status_code == 302
    assert Case.objects.get(pk=case.pk).category == "power"
    late = client.post(
        reverse("cases:categorise", args=[case.pk]), given | {"category": "gas", "key": "late"}
    )
    assert late.status_code == 409


def test_a_firm_does_not_meet_it(office: Office) -> None:
    case = say(office, office.case(text=POWER))
    client = signed_in(office, "firm_a")
    for name in ("cases:detail", "cases:print"):
        assert "主题分类" not in client.get(reverse(name, args=[case.pk])).content.decode()


def test_programs_read_it_once_it_is_determined(office: Office, mixed: dict[str, Case]) -> None:
    secret = key(office, "cases.read")

    def numbers(category: str) -> list[str]:
        return [row["number"] for row in ask(secret, f"/cases?category={category}").json()["items"]]

    assert ask(secret, f"/cases/{mixed['power'].number}").json()["category"] == "power"
    assert "category" not in ask(secret, f"/cases/{mixed['open'].number}").json()
    assert numbers("energy") == [mixed["power"].number, mixed["gas"].number]
    assert numbers("none") == [mixed["open"].number]
