"""The API against its own description: what it allows is answered as described, what it forbids is refused."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as effort_of
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.cases.conftest import office, quick_passwords
from tests.support.office import NOW, Office
from tests.support.programs import issue
from zhitong.config.api import api
from zhitong.core import api as core_api
from zhitong.core import clock
from zhitong.webhooks import addresses, services

__all__ = ["office", "quick_passwords"]
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
EXAMPLES = {GenerationMode.POSITIVE: 12, GenerationMode.NEGATIVE: 12}
OPERATIONS = [
    (method.upper(), path) for path, row in api.get_openapi_schema()["paths"].items() for method in row
]
MOMENTS = (signals.request_started, signals.request_finished)


@pytest.fixture
def program(office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program with a case and a subscription in it, and two keys: one for everything, one for little."""
    settings.API_PER_MINUTE = 10**6
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr("zhitong.webhooks.services.subscriptions.check", addresses.parse)  # asks for no name
    everything = issue(office, regions=("",))
    services.subscribe(
        by=office.actor("sysadmin"),
        now=NOW,
        token=everything.row,
        address="https://8.8.8.8/",
        names=["case.rated"],
    )
    office.until("reviewed")
    for moment in MOMENTS:
        moment.disconnect(close_old_connections)  # they would end the transaction of the test
    yield {"all": everything.secret, "little": issue(office, "firms.read").secret}
    for moment in MOMENTS:
        moment.connect(close_old_connections)


def served(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer as a server does: send all of it, then close what it was read from."""
    answer = WSGIHandler()(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def complaints(method: str, path: str, headers: dict[str, str], mode: GenerationMode, examples: int) -> int:
    """Ask an operation many things and compare each answer with the description; return how many."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served)
    asked = 0
    headers = headers | {"Accept-Encoding": "identity"}

    @effort_of(
        max_examples=examples, derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS, headers=headers)

    ask()
    return asked


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_answers_are_as_described(program: Any, method: str, path: str, effort: int) -> None:
    for mode, examples in EXAMPLES.items():
        headers = {"Authorization": f"Bearer {program['all']}"}
        assert complaints(method, path, headers, mode, examples * effort)
    for headers in ({"Authorization": f"Bearer {program['little']}"}, {"Authorization": "Bearer no"}, {}):
        complaints(method, path, headers, GenerationMode.POSITIVE, 2 * effort)


def test_a_status_that_is_not_described_is_found(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_api.TooLargeError, "status", 418)
    monkeypatch.setattr(core_api, "BODY", -1)
    with pytest.raises(FailureGroup, match="418"):
        complaints(
            "GET", "/api/v1/cases", {"Authorization": f"Bearer {program['all']}"}, GenerationMode.POSITIVE, 2
        )
