"""What docs/api.md says: its Python runs against the program, its tables name what there is."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

import pytest

from tests.cases.conftest import office, quick_passwords
from tests.support import source
from tests.support.office import NOW, Office
from tests.support.programs import issue
from zhitong.config.api import api
from zhitong.core import clock, slots
from zhitong.core.api import MEANINGS
from zhitong.webhooks import states, wire

__all__ = ["office", "quick_passwords"]
TEXT = (source.ROOT / "docs/api.md").read_text(encoding="utf-8")


def programs() -> dict[str, Any]:
    """The functions of all Python examples."""
    found: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL):
        exec(block, found)  # noqa: S102 - our own document
    return found


class Opened:
    """What urlopen returns, asked of the program without a network."""

    def __init__(self, request: urllib.request.Request) -> None:
        from django.test import Client

        client = Client(headers=dict(request.header_items()))
        path = request.full_url.removeprefix("https://zhitong.example.org")
        kind = "application/json"
        self.answer = (
            client.get(path) if request.data is None else client.post(path, request.data, content_type=kind)
        )
        assert self.answer.status_code in {200, 201}, self.answer.content

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self) -> bytes:
        return bytes(self.answer.content)


def test_the_examples_work(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(urllib.request, "urlopen", Opened)
    told, site = programs(), "https://zhitong.example.org"
    key = issue(office, regions=("",)).secret
    first, again = told["send"](site, key), told["send"](site, key)
    assert first == again
    office.case()
    numbers = [case["number"] for case in told["all_cases"](site, key)]
    assert (len(numbers), numbers[0]) == (2, first["number"])


def test_the_example_tells_what_is_genuine() -> None:
    is_genuine = programs()["is_genuine"]
    header = wire.signature(1000, b"{}", ["new", "old"])
    assert is_genuine("new", header, b"{}", 1000)
    assert is_genuine("old", header, b"{}", 1300)
    for secret, body, now in (("other", b"{}", 1000), ("new", b"{ }", 1000), ("new", b"{}", 1301)):
        assert not is_genuine(secret, header, body, now)


def test_the_tables_name_what_there_is() -> None:
    code = set(re.findall(r"`([^`\n]+)`", TEXT))
    assert set(slots.key_scopes.names()) <= code
    assert {f"{status}" for status in MEANINGS} == set(re.findall(r"^\| (\d{3}) \|", TEXT, re.MULTILINE))
    paths = api.get_openapi_schema()["paths"]
    for method, path in re.findall(r"^\| `(GET|POST) (/[^`]+)`", TEXT, re.MULTILINE):
        assert method.lower() in paths[f"/api/v1{path}"], path
    example = json.loads(re.search(r"^```json\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[1])
    assert example["topic"] in states.topics()
    minutes = [seconds // 60 for seconds in states.pauses()]
    assert minutes == [1, 5, 30, 120, 360, 720], "docs/api.md names these pauses"


def test_every_operation_is_explained() -> None:
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], f"{method} {path}"
            assert operation["tags"], f"{method} {path}"
            assert operation["security"], f"{method} {path}"
            assert {401, 403, 422, 429} <= set(operation["responses"]), f"{method} {path}"
