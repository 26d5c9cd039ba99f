"""What the API for other programs is made of: keys, limits, one shape of errors, a whole description.

Rooms offer routers in their api.py; `zhitong.config.api` puts them together.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from django.http import Http404
from django.utils.translation import gettext, gettext_noop
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import AwareDatetime, Field

from zhitong.core import clock
from zhitong.core.errors import FieldError, KeyReusedError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest, HttpResponse
    from ninja import Router

    from zhitong.core.actor import Actor

PAGE = 500  # most rows of a page, and of a list sent
BODY = 1024 * 1024  # bytes of a request
IDEMPOTENCY = "Idempotency-Key"
GOOD_KEY = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
LARGEST = 2**62  # a number that a column of keys can hold
# Text that both databases can hold: without signs that nobody can see, but for tabs and ends of lines.
PLAIN = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*$"
NO_BLANK = r"^[^\x00-\x20\x7F]+$"

Moment = Annotated[
    AwareDatetime,
    Field(
        ge=datetime(2000, 1, 1, tzinfo=UTC),
        lt=datetime(2100, 1, 1, tzinfo=UTC),
        description="A moment with its offset, from 2000 to 2099.",
        examples=["2026-06-05T09:00:00+08:00"],
    ),
]


class Pages(Schema):
    """Which part of a list is asked for."""

    after: int = Field(
        0, ge=0, le=LARGEST, description="Rows behind this one: the `next` of the page before."
    )
    limit: int = Field(100, ge=1, le=PAGE, description="Most rows of the page.")


class Problem(Schema):
    """Why a request was not done: a sentence for people, the field it is about, a word for programs."""

    detail: str = Field(examples=["The text is missing."])
    field: str | None = Field(None, examples=["text"])
    code: str = Field(examples=["wrong_input"])


# What each status of a refusal means; every operation may answer with those that fit it.
MEANINGS = {
    401: "No key, a wrong one, or one that has ended or was withdrawn.",
    403: "The key is not good for this, or not for this region.",
    404: "There is nothing here, or the key may not see it.",
    409: "Something else happened meanwhile, or the Idempotency-Key stands for another request.",
    413: "The request is too large.",
    422: "Something in the request is missing, wrong or unknown; `field` names it.",
    429: "Too many requests; `Retry-After` says in how many seconds to ask again.",
}


def of_type(mime: str) -> dict[str, Any]:
    """Return the description of an answer that is a file, for `openapi_extra`."""
    return {"responses": {200: {"content": {mime: {"schema": {"type": "string", "format": "binary"}}}}}}


class BusyError(RefusedError):
    """A program asked too often; `wait` says for how many seconds it is not heard."""

    status = 429
    code = "too_many"
    msgid = gettext_noop("Too many requests with this key. Please ask again in %(wait)d seconds.")

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(wait=wait)


class TooLargeError(RefusedError):
    """A body that nobody wants to read."""

    status = 413
    code = "too_large"
    msgid = gettext_noop("The request is too large. Send less at a time.")


class KeyTakenError(RefusedError):
    """An Idempotency-Key that stands for another request."""

    status = 409
    code = "key_reused"
    msgid = gettext_noop(
        "This Idempotency-Key was already used for another request. Send this one with a new key."
    )


class Door(Protocol):
    """Who knows the keys of programs."""

    def find(self, secret: str, now: datetime) -> Actor | None:
        """Return the program that shows a key; None for a key that opens nothing."""

    def wait(self, actor: Actor, now: datetime) -> int:
        """Count a request; return for how many seconds the program has to wait, 0 if it may go on."""


class Key(HttpBearer):
    """A key of a program in the Authorization header; what it may do stands beside it."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door
        self.fields: Callable[[HttpRequest], frozenset[str]] = lambda _: frozenset()

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the program as the actor of the request; None for a key that opens nothing."""
        now = clock.now()
        actor = self.door.find(token, now)
        if actor is None:
            return None
        request.actor = replace(actor, request_id=getattr(request, "request_id", ""))
        wait = self.door.wait(actor, now)
        if wait:
            raise BusyError(wait)
        self.check(request)
        return request.actor

    def check(self, request: HttpRequest) -> None:
        """Refuse what no operation would look at: too much, unknown fields, a key that cannot be one."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > BODY:
            raise TooLargeError
        given = request.headers.get(IDEMPOTENCY)
        if given is not None and not GOOD_KEY.fullmatch(given):
            raise FieldError(
                IDEMPOTENCY,
                gettext_noop("An Idempotency-Key has 1 to 64 letters, digits, and . _ : - among them."),
            )
        known = self.fields(request)
        for name in request.GET:
            if name not in known:
                raise FieldError(
                    name, gettext_noop("Nothing is known here of “%(name)s”. Leave it out."), name=name[:60]
                )


class Api(NinjaAPI):
    """The composed API: its description also says what every operation has in common."""

    def get_openapi_schema(self, **given: Any) -> Any:
        """Return the description, with refusals, limits and the Idempotency-Key at each operation."""
        schema = super().get_openapi_schema(**given)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                _complete(path, method, operation)
        return schema

    @cached_property
    def _fields(self) -> dict[tuple[str, str], frozenset[str]]:
        return {
            (path, method.upper()): frozenset(
                row["name"] for row in operation["parameters"] if row["in"] == "query"
            )
            for path, methods in self.get_openapi_schema()["paths"].items()
            for method, operation in methods.items()
        }

    def known_fields(self, request: HttpRequest) -> frozenset[str]:
        """The names that may stand behind the question mark of an address: those of the description."""
        path = "/" + CONVERTER.sub(r"{\1}", request.resolver_match.route)
        return self._fields.get((path, request.method), frozenset())


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add to an operation's description what it shares with all others."""
    statuses = {401, 403, 413, 422, 429}
    statuses |= {404} if "{" in path else set()
    if method == "post":
        statuses |= {404, 409}
        operation["parameters"].append(
            {
                "in": "header",
                "name": IDEMPOTENCY,
                "required": False,
                "description": "Your own mark of this request: sent again with it, it has no second effect.",
                "schema": {"type": "string", "pattern": f"^{GOOD_KEY.pattern}$"},
            }
        )
    for status in sorted(statuses):
        answer: dict[str, Any] = {
            "description": MEANINGS[status],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        if status == BusyError.status:
            answer["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}}
        operation["responses"].setdefault(status, answer)


def compose(*, door: Door, routers: Iterable[tuple[str, Router]], **about: Any) -> Api:
    """Put the routers of the rooms together to one API behind keys."""
    key = Key(door)
    api = Api(auth=key, urls_namespace="api", docs_url=None, openapi_url="openapi.json", **about)
    key.fields = api.known_fields
    for prefix, router in routers:
        api.add_router(prefix, router)
    api.add_exception_handler(RefusedError, _handler(api, _of_refusal))
    api.add_exception_handler(Http404, _handler(api, of_missing))
    api.add_exception_handler(AuthenticationError, _handler(api, _of_stranger))
    api.add_exception_handler(ValidationError, _handler(api, _of_input))
    api.add_exception_handler(HttpError, _handler(api, _of_unreadable))
    return api


def _handler(api: Api, words: Any) -> Any:
    def handle(request: HttpRequest, error: Exception) -> HttpResponse:
        status, problem, headers = words(error)
        answer = api.create_response(request, problem, status=status)
        for name, value in headers.items():
            answer.headers[name] = value
        return answer

    return handle


Words = tuple[int, dict[str, Any], dict[str, str]]


def _of_refusal(error: RefusedError) -> Words:
    if isinstance(error, KeyReusedError):
        error = KeyTakenError()  # the same refusal; what it says of forms helps no program
    headers = {"Retry-After": str(error.wait)} if isinstance(error, BusyError) else {}
    problem = {"detail": error.message, "field": getattr(error, "field", None), "code": error.code}
    return error.status, problem, headers


def of_missing(_: Exception) -> Words:
    """Say in the one shape of errors that there is nothing."""
    text = gettext("There is nothing here, or the key may not see it.")
    return 404, {"detail": text, "field": None, "code": "not_found"}, {}


def _of_stranger(_: Exception) -> Words:
    text = gettext("Show a key that is good: Authorization: Bearer and the key.")
    return 401, {"detail": text, "field": None, "code": "no_key"}, {"WWW-Authenticate": "Bearer"}


def _of_input(error: ValidationError) -> Words:
    """The first thing that is wrong; what exactly is asked for stands in the description."""
    first = error.errors[0]
    field = ".".join(str(part) for part in first["loc"][1:])[:120]
    text = gettext("“%(field)s” is missing or not what the description of the interface asks for.")
    return 422, {"detail": text % {"field": field}, "field": field, "code": str(first["type"])}, {}


def _of_unreadable(_: HttpError) -> Words:
    text = gettext("The body of the request cannot be read as JSON.")
    return 422, {"detail": text, "field": None, "code": "unreadable"}, {}


def only_reads(request: HttpRequest) -> None:
    """Say that a POST changes nothing: like a GET it leaves no event in the audit log."""
    request.only_reads = True


def key_of(request: HttpRequest) -> str:
    """Return the Idempotency-Key of a request, for the service that carries it out; empty without one."""
    return request.headers.get(IDEMPOTENCY, "")
