"""Hostile values in every input of every page: never an error of ours, never text that became code.

The inputs are read off the pages themselves, so a new form is attacked without being listed anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.access import corpus, table
from tests.access.corpus import MARK, MISSING, SUM, Raw
from tests.access.doors import Answer, outcome, read, untouched
from tests.access.forms import EVERYWHERE, Found, walk
from tests.access.inputs import INPUTS, valid

pytest_plugins = ["tests.access.fixtures"]

ANSWERS = frozenset({"page", "done", "again", "forbidden", "missing", "faster", "refused"})
FORM = "application/x-www-form-urlencoded"
PARTS = 4  # tests of the normal run, so that processes can share them


# ---------------------------------------------------------------- sending


def encoded(data: dict[str, Any]) -> bytes:
    """Encode a form; raw bytes travel as they are, missing fields not at all."""
    pairs = []
    for name, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not MISSING:
                text = bytes(one) if isinstance(one, Raw) else urlencode({"": one})[1:].encode()
                pairs.append(urlencode({name: ""}).encode() + text)
    return b"&".join(pairs)


def send(world: Any, found: Found, data: dict[str, Any]) -> Answer:
    """Send a form as the person on whose page it stands."""
    client, form = world.doors.client(found.person), found.form
    if form.method == "GET":
        return read(client.get(form.action, query_string=None, QUERY_STRING=encoded(data).decode("ascii")))
    return read(client.post(form.action, encoded(data), content_type=FORM))


def base(world: Any, found: Found) -> dict[str, Any]:
    """What the form would carry if everything was right."""
    row = found.row if found.form.name == found.row.name else table.Row(found.form.name, "", {})
    if found.row.subject and found.form.name.startswith("cases:") and found.form.name != "cases:list":
        row = table.Row(found.form.name, found.row.subject, {})
    given_ = {} if found.form.method == "GET" else valid(world, row)
    sent = {
        name: value for name, value in {**found.form.sent(), **given_}.items() if not hasattr(value, "read")
    }
    return {name: value for name, value in sent.items() if name in found.form.fields}


# ---------------------------------------------------------------- judging


def faults(answer: Answer) -> list[str]:
    """What must never happen, whatever was sent."""
    found = []
    if outcome(answer) not in ANSWERS:
        found.append(f"answered {answer.status} {answer.location}")
    if MARK in answer.text:
        found.append("shows the value as code")
    if SUM in answer.text:
        found.append("calculated the value")
    if "zz9" in answer.response.cookies or any("\n" in value for value in answer.headers.values()):
        found.append("let the value into the headers")
    if "evil.example" in answer.location:
        found.append(f"leads to {answer.location}")
    return found


def attacked(world: Any, found: Found, name: str, label: str, value: Any) -> list[str]:
    """Send one hostile value in one field; if it was taken, look at the page that follows, too."""
    with untouched():
        try:
            answer = send(world, found, {**base(world, found), name: value})
            wrong = faults(answer)
            if answer.status == 302 and answer.location.startswith("/"):
                wrong += faults(read(world.doors.client(found.person).get(answer.location)))
        except Exception as error:  # noqa: BLE001 - whatever it is, a visitor would have seen our error page
            wrong = [f"raised {type(error).__name__}: {error}"[:200]]
    return [f"{found}, {name} = {label}: {what}" for what in wrong]


def attacks(world: Any, *, everything: bool) -> Iterator[tuple[Found, str, str, Any]]:
    """All (form, field, name of the value, value); a share of the values in the normal run."""
    number = 0
    for found in walk(world):
        for name in found.form.hostile_fields():
            values = corpus.VALUES if everything else corpus.share(number)
            number += 1
            yield from ((found, name, label, value) for label, value in values.items())


def fail_for(found: list[str]) -> None:
    if found:
        pytest.fail(f"{len(found)} faults\n" + "\n".join(found[:60]), pytrace=False)


# ---------------------------------------------------------------- every field


def test_the_walk_finds_every_input_that_a_form_needs(world) -> None:
    """What the access test sends must stand on a page; otherwise the walk below misses it."""
    seen: dict[str, set[str]] = {}
    for found in walk(world):
        seen.setdefault(found.form.name, set()).update(found.form.fields)
    missing = []
    for row in table.rows():
        if row.name not in INPUTS or not row.people("GET", "page") or not row.people("POST", "done"):
            continue
        lost = set(valid(world, row)) - seen.get(row.name, set())
        missing += [f"{row.key} has no input {name}" for name in sorted(lost)]
    fail_for(missing)
    assert seen.keys() >= EVERYWHERE
    assert {"q", "state", "category", "department", "late"} <= seen["cases:list"]


def attacked_in_part(world, part: int, *, everything: bool) -> list[str]:
    found: list[str] = []
    for number, attack in enumerate(attacks(world, everything=everything)):
        if number % PARTS == part:
            found += attacked(world, *attack)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_values_get_no_further(world, part: int) -> None:
    fail_for(attacked_in_part(world, part, everything=False))


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(PARTS))
def test_all_hostile_values_in_all_fields(world, part: int) -> None:
    fail_for(attacked_in_part(world, part, everything=True))


# ---------------------------------------------------------------- addresses and their parameters

PARAMETERS = (
    "page",
    "year",
    "next",
    "as",
    "q",
    "state",
    "category",
    "department",
    "late",
    "process",
    "language",
)
NUMBERS = (0, 2**63, 10**40)


def pages() -> list[table.Row]:
    return [row for row in table.rows() if not row.subject and row.people("GET", "page")]


@pytest.mark.parametrize("row", pages(), ids=lambda row: row.key)
def test_hostile_parameters_of_an_address(world, row: table.Row) -> None:
    found: list[str] = []
    person = row.people("GET", "page")[0]
    for label, value in corpus.share(len(row.key)).items():
        query = encoded(dict.fromkeys(PARAMETERS, value)).decode("ascii")
        with untouched():
            answer = read(world.doors.client(person).get(row.path(world), QUERY_STRING=query))
        found += [f"{row.key} with {label}: {what}" for what in faults(answer)]
    fail_for(found)


def test_numbers_that_no_row_can_have_are_not_found(world) -> None:
    found = []
    for name in {row.name for row in table.rows() if row.subject and not row.subject.startswith("file:")}:
        row = next(row for row in table.rows() if row.name == name)
        method = "GET" if "page" in row.outcomes("GET") else "POST"
        person = next(person for let_in in ("page", "done") for person in row.people(method, let_in))
        for number in NUMBERS:
            with untouched():
                answer = world.doors.ask(person, method, reverse(name, args=[number, *row.args]), {})
            if outcome(answer) != "missing":
                found.append(f"{name} with number {number}: {answer.status}")
    fail_for(found)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
    ],
)
@pytest.mark.parametrize(
    ("name", "person"), [("account_login", "anonymous:none"), ("set_language", "handler:own")]
)
def test_nobody_is_sent_elsewhere(world, name: str, person: str, target: str) -> None:
    row = table.Row(name, "", {})
    with untouched():
        answer = world.doors.ask(person, "POST", reverse(name), {**valid(world, row), "next": target})
    assert outcome(answer) == "done"
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))


BODIES = {
    "json": ("application/json", b'{"text": "x"}'),
    "no boundary": ("multipart/form-data", b"text=x"),
    "broken parts": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name="),
    "unknown charset": ("application/x-www-form-urlencoded; charset=utf-99", b"text=x"),
    "utf-7": ("application/x-www-form-urlencoded; charset=utf-7", b"text=+ADw-zz9+AD4-"),
    "nothing": ("", b""),
    "xml": ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    "many fields": (FORM, b"&".join(b"a%d=1" % number for number in range(401))),
    "five megabytes": (FORM, b"text=" + b"a" * 5 * 1024 * 1024),
}


@pytest.mark.parametrize("label", BODIES)
@pytest.mark.parametrize(
    ("name", "person"), [("account_login", "anonymous:none"), ("cases:submit", "firm_member:own")]
)
def test_bodies_that_are_no_forms(world, name: str, person: str, label: str) -> None:
    kind, body = BODIES[label]
    with untouched():
        client = world.doors.client(person)
        client.raise_request_exception = False
        answer = read(client.generic("POST", reverse(name), body, content_type=kind))
    assert answer.status in {200, 400, 413, 415}, answer.text[:300]
    assert MARK not in answer.text


# ---------------------------------------------------------------- what was stored

# (address, field, subject): where a text is kept; and the pages on which it is read again.
KEPT = [
    ("cases:submit", "text", "", "firm_member:own", ["cases:list", "cases:export"]),
    ("cases:submit", "place", "", "firm_member:own", []),
    ("drafts:paste", "text", "", "dispatcher:own", ["drafts:list", "drafts:lots"]),
    ("cases:supplement", "text", "case:returned", "firm_member:own", []),
    ("cases:withdraw", "reason", "case:handling", "firm_member:own", []),
    ("cases:note", "text", "case:handling", "handler:own", []),
    ("cases:answer", "text", "case:handling", "handler:own", []),
    ("cases:reject", "reason", "case:answered", "section_head:own", []),
    ("feedback:rate", "comment", "case:reviewed", "firm_member:own", []),
    ("orgs:new_department", "name", "", "system_admin:own", ["orgs:departments"]),
    ("orgs:new_staff", "name", "", "system_admin:own", ["orgs:staff"]),
    ("orgs:delegate", "reason", "user:handler:own", "handler:own", ["orgs:index"]),
    ("orgs:new_day", "name_zh", "", "system_admin:own", ["orgs:calendar"]),
    ("orgs:new_day", "source", "", "system_admin:own", ["orgs:calendar"]),
]
TAG = f"{MARK} id=x>"


@pytest.mark.parametrize(("name", "field", "subject", "person", "more"), KEPT)
def test_stored_text_comes_back_whole_and_as_text(world, name, field, subject, person, more) -> None:
    row = table.Row(name, subject, {})
    with untouched():
        sent = world.doors.ask(person, "POST", row.path(world), {**valid(world, row), field: TAG})
        assert outcome(sent) == "done", sent.text
        places = [sent.location, *(reverse(address) for address in more)]
        if "/cases/" in sent.location:
            places.append(sent.location + "print/")
        answers = {place: world.doors.ask(person, "GET", place) for place in places}
    fail_for([f"{place}: {what}" for place, answer in answers.items() for what in faults(answer)])
    escaped = TAG.replace("<", "&lt;").replace(">", "&gt;")
    assert any(escaped in answer.text for answer in answers.values()), "the text was lost"


def test_a_formula_stays_a_text_in_a_workbook(world) -> None:
    row = table.Row("cases:submit", "", {})
    with untouched():
        for formula in ("=1+1", "+1", "-1", "@A1", "＝1", "\t=1"):
            data = {**valid(world, row, key=formula), "text": formula + " zzformula"}
            assert outcome(world.doors.ask("firm_member:own", "POST", row.path(world), data)) == "done"
        sheet = world.doors.ask("dispatcher:own", "GET", reverse("cases:export")).text
    assert "<f>" not in sheet
    texts = [cell.split("<")[0] for cell in sheet.split(">") if "zzformula" in cell]
    assert len(texts) == 6
    assert all(text.startswith(("'", "&apos;", "&#39;")) for text in texts), texts


# ---------------------------------------------------------------- names of files

NAMES = [
    "../../../etc/cron.d/x.jpg",
    "..\\..\\x.jpg",
    f"{MARK} onerror=x>.jpg",
    "x.jpg\x00.php",
    "x.php.jpg",
    "con.jpg",
    "\u202egpj.exe.jpg",
    "字" * 300 + ".jpg",
    "=cmd|' /C calc'!A0.jpg",
]


def test_hostile_names_of_files(world) -> None:
    from tests.core.uploads.samples import jpeg
    from zhitong.core.models import Upload

    row = table.Row("cases:submit", "", {})
    content = jpeg()
    before = set(project.MEDIA_ROOT.iterdir())
    with untouched():
        data = {**valid(world, row), "files": [SimpleUploadedFile("x.jpg", content) for _ in NAMES]}
        for file, name in zip(data["files"], NAMES, strict=True):
            file._name = name  # as if no browser and no Django had cleaned it
        sent = world.doors.ask("firm_member:own", "POST", row.path(world), data)
        assert outcome(sent) == "done", sent.text
        page = world.doors.ask("firm_member:own", "GET", sent.location)
        kept = list(Upload.objects.order_by("-created_at", "id").filter(subject__startswith="cases.entry:"))
        kept = [file for file in kept if not file.name.startswith("Kr")]
        downloads = [
            world.doors.ask("firm_member:own", "GET", reverse("download", args=[file.pk])) for file in kept
        ]
    assert len(kept) == len(NAMES)
    fail_for([what for answer in (page, *downloads) for what in faults(answer)])
    for file, answer in zip(kept, downloads, strict=True):
        assert not {"/", "\\", "\x00", "\n", "\u202e", "<"} & set(file.name), file.name
        assert answer.status == 200
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    written = {place.name for place in set(project.MEDIA_ROOT.iterdir()) - before}
    assert written == {name for file in kept for name in (file.path, file.thumbnail)}


# ---------------------------------------------------------------- tables of working days

HEAD = 'year = 2026\nsource = "x"\n'
DAY = "[[day]]\ndate = {date}\nkind = {kind}\nname = {name}\n"
GOOD = {"date": "2026-10-01", "kind": '"holiday"', "name": '{zh = "x", en = "x"}'}
YEARS = {
    "nothing": "",
    "no toml": "<xml>",
    "null": HEAD + 'x = "a\\u0000b"',
    "year that is a text": 'year = "2026"\nsource = "x"',
    "year that is a truth": 'year = true\nsource = "x"\nday = []',
    "year that nobody lives in": 'year = 99999999999999999999\nsource = "x"\nday = []',
    "year zero": 'year = 0\nsource = "x"\nday = []',
    "year before": 'year = -1\nsource = "x"\nday = []',
    "days that are a number": HEAD + "day = 5",
    "days that are texts": HEAD + 'day = ["x"]',
    "source that is a list": 'year = 2026\nsource = ["x"]\nday = []',
    "source without end": f'year = 2026\nsource = "{"x" * 5000}"\nday = []',
    "day of another year": HEAD + DAY.format(**GOOD | {"date": "2027-01-01"}),
    "day twice": HEAD + DAY.format(**GOOD) * 2,
    "day that is a moment": HEAD + DAY.format(**GOOD | {"date": "2026-10-01T00:00:00Z"}),
    "day that is a text": HEAD + DAY.format(**GOOD | {"date": '"2026-10-01"'}),
    "kind that is none": HEAD + DAY.format(**GOOD | {"kind": '"feast"'}),
    "kind that is a list": HEAD + DAY.format(**GOOD | {"kind": "[1]"}),
    "name that is a text": HEAD + DAY.format(**GOOD | {"name": '"x"'}),
    "name that is a number": HEAD + DAY.format(**GOOD | {"name": "{zh = 1, en = 2}"}),
    "name without end": HEAD + DAY.format(**GOOD | {"name": f'{{zh = "{"x" * 500}", en = "x"}}'}),
    "name with a null": HEAD + DAY.format(**GOOD | {"name": '{zh = "a\\u0000", en = "x"}'}),
    "name that is a tag": HEAD + DAY.format(**GOOD | {"name": '{zh = "<zz9>", en = "<zz9>"}'}),
    "deep": HEAD + "x = " + "[" * 2000 + "]" * 2000,
    "large": HEAD + "# " + "x" * 300_000,
}


@pytest.mark.parametrize("label", YEARS)
def test_a_table_of_working_days_is_read_or_refused(world, label: str) -> None:
    row = table.Row("orgs:load_year", "", {})
    with untouched():
        file = SimpleUploadedFile("year.toml", YEARS[label].encode())
        answer = world.doors.ask("system_admin:own", "POST", row.path(world), {"file": file})
        assert outcome(answer) in {"page", "done"}
        calendar = world.doors.ask("system_admin:own", "GET", reverse("orgs:calendar"))
    fail_for(faults(answer) + faults(calendar))


# ---------------------------------------------------------------- whatever else there is

ANY_TEXT = st.text(max_size=300)


@pytest.mark.parametrize(("name", "field", "subject", "person"), [kept[:4] for kept in KEPT[:4]])
def test_any_text_is_taken_or_refused_with_a_reason(world, effort, name, field, subject, person) -> None:
    row = table.Row(name, subject, {})

    @settings(max_examples=12 * effort, suppress_health_check=list(HealthCheck))
    @given(ANY_TEXT)
    def holds(text: str) -> None:
        with untouched():
            sent = world.doors.ask(person, "POST", row.path(world), {**valid(world, row), field: text})
            assert outcome(sent) in {"page", "done"}
            if outcome(sent) == "done":
                page = world.doors.ask(person, "GET", sent.location)
                assert page.status == 200

    holds()
