"""Lines of lists that are written by code: each part is escaped, and stands where a reader looks for it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import translation
from django.utils.safestring import SafeString

from tests.support.office import NOW, Office
from zhitong.cases import pages, queries, services
from zhitong.cases.models import Case
from zhitong.cases.templatetags import lines
from zhitong.core.actor import system

NASTY = "<b onload=x>'\"&amp;</b>"
TAGS = re.compile(r"<[^>]*>")


def cells(line: str) -> list[str]:
    """The words of each cell of a line of the table."""
    return [" ".join(unescape(TAGS.sub(" ", cell)).split()) for cell in line.split("<td")[1:]]


def row_of(case: Case, words: tuple[str, ...] = (), office: Office | None = None) -> pages.Row:
    fresh = Case.objects.get(pk=case.pk)
    if words:
        return pages.found_rows(office.actor("district"), [fresh], words, NOW)[0]
    return pages.rows([fresh], NOW)[0]


def test_a_line_of_the_table_says_what_its_heads_promise(office: Office) -> None:
    case = office.until("handling")
    with translation.override("en"):
        found = cells(lines.table_line(row_of(case), office.actor("district"), ticks=False))
    fresh = Case.objects.get(pk=case.pk)
    assert [cell.split(">", 1)[-1].strip() for cell in found][:5] == [
        fresh.number,
        fresh.title,
        fresh.enterprise.name,
        "In handling",
        f"{fresh.accountable.name_en} · {fresh.person.name}",
    ]
    assert "left" in found[5]


def test_an_ended_case_shows_its_outcome_and_a_category_its_name(office: Office) -> None:
    case = office.until("reviewed")
    services.close_unrated(by=system("tick"), now=NOW + timedelta(days=8), case=case)
    Case.objects.filter(pk=case.pk).update(category="power")
    with translation.override("en"):
        row = row_of(case)
        found = cells(lines.table_line(row, office.actor("district"), ticks=False))
        assert row.clock is None
        assert found[5] == f">{row.case.get_outcome_display()}"
        assert found[1].endswith(f"{row.case.title} {queries.category_label('power')}")


@pytest.mark.parametrize("ticks", [True, False])
def test_nothing_of_a_case_is_taken_as_html(office: Office, ticks: bool) -> None:
    case = office.until("handling")
    case.enterprise.__class__.objects.filter(pk=case.enterprise_id).update(name=NASTY)
    case.person.__class__.objects.filter(pk=case.person_id).update(name=NASTY)
    case.accountable.__class__.objects.filter(pk=case.accountable_id).update(name=NASTY, name_en=NASTY)
    Case.objects.filter(pk=case.pk).update(title=NASTY)
    written = lines.table_line(row_of(case), office.actor("district"), ticks=ticks)
    narrow = lines.inbox_line(row_of(case), office.actor("district"), case.pk)
    for line, times in ((written, 4), (narrow, 2)):
        assert isinstance(line, SafeString)
        assert "<b " not in line
        assert line.count("&lt;b onload=x&gt;&#x27;&quot;&amp;amp;&lt;/b&gt;") == times


def test_a_protected_reporter_stands_in_no_line(office: Office) -> None:
    draft = services.Draft(text="噪声扰民，请查", protected=True)
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    name = office.firms["a"].name
    for line in (lines.table_line, lines.inbox_line):
        given = {"ticks": False} if line is lines.table_line else {}
        assert name not in line(row_of(case), office.actor("handler"), **given)
        assert name in line(row_of(case), office.actor("district"), **given)


def test_found_words_are_marked_and_shown_where_they_stand(office: Office) -> None:
    case = office.case()
    word = case.text[-4:-2]
    line = lines.table_line(row_of(case, (word,), office), office.actor("district"), ticks=False)
    assert f"<mark>{word}</mark>" in line


def test_only_the_case_beside_a_list_is_current(office: Office) -> None:
    case = office.case()
    row, actor = row_of(case), office.actor("district")
    assert 'aria-current="page"' in lines.inbox_line(row, actor, case.pk)
    assert "current" not in lines.inbox_line(row, actor, case.pk + 1)
    assert "current" not in lines.inbox_line(row, actor)
