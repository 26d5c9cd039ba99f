"""What other programs read of cases, and how they send some: lists, one case, its files, states in bulk."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from zhitong.cases import programs, services
from zhitong.core import clock, permissions
from zhitong.core.api import NO_BLANK, PAGE, PLAIN, Moment, Pages, key_of, of_type, only_reads
from zhitong.core.http import hand_out

router = Router(tags=["cases"])
NUMBER = r"^[A-Za-z0-9]+-[0-9]{4}-[0-9]{6,9}$"
Number = Annotated[
    str,
    Field(max_length=24, pattern=NUMBER, description="The number of a case.", examples=["ZT-2026-000042"]),
]
Original = Annotated[
    str, Field(min_length=1, max_length=60, pattern=PLAIN, description="The other platform's own number.")
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=PLAIN)]
Words = Annotated[str, Field(max_length=200, pattern=PLAIN)]


class CaseLine(Schema):
    """A case in a list. A field that is absent is not known, or not told to programs."""

    number: str = Field(examples=["ZT-2026-000042"])
    original_number: str | None = Field(None, description="The number of the platform that sent it.")
    title: str
    state: str = Field(description="A state of the flow.", examples=["handling"])
    state_label: str = Field(description="Its words in the language of Accept-Language.")
    kind: str | None = Field(None, description="The kind of matter, once it was accepted.")
    category: str | None = Field(
        None, description="What it is about, once somebody of the office determined it.", examples=["power"]
    )
    urgent: bool
    firm: str | None = Field(None, description="The credit code of its firm, once that is known.")
    department: str = Field(description="The code of the department that has it now.")
    lead: str | None = Field(None, description="The code of the lead department, once it was dispatched.")
    created_at: datetime
    due_at: datetime | None = Field(None, description="When its clock runs out; absent once it has ended.")
    ended_at: datetime | None = None
    outcome: str | None = Field(None, description="How it ended, once the firm has been told.")


class CasePage(Schema):
    """A page of cases, oldest first; ask again with `after` = `next` until it is null."""

    items: list[CaseLine]
    next: int | None = None
    among: int | None = Field(
        None,
        description="With `q` of common words only: so many of the newest cases that the other filters leave "
        "were looked through.",
    )


class SteppedOver(Schema):
    """A day that a deadline does not count."""

    day: date
    why: str


class CaseClock(Schema):
    """The running clock of a case, and why it ends when it ends."""

    name: str
    label: str
    due_at: datetime
    left: str = Field(description="How long is left, in words.")
    provisional: bool = Field(description="The holidays of a year that it reaches are not known yet.")
    unit: str = Field(description="workday, day or hour.")
    began_on: date = Field(description="The day on which it started; not counted.")
    given: int
    extended_by: int
    counted: list[date]
    skipped: list[SteppedOver]
    paused: list[date]


class TimelineLine(Schema):
    """A line of the timeline that is meant for the firm."""

    at: datetime
    action: str
    label: str
    state: str = Field(description="The state after it.")
    department: str | None = Field(None, description="The code of the department that did it.")
    text: str | None = None


class CaseWhole(CaseLine):
    """A case with its words, clock, timeline, and its answer once the firm has been told."""

    text: str
    place: str | None = None
    answer: str | None = None
    clock: CaseClock | None = None
    timeline: list[TimelineLine]


class CaseFile(Schema):
    """A file of a case that is meant for the firm."""

    id: uuid.UUID
    name: str
    kind: str = Field(description="photo, audio or document.")
    mime: str
    size: int = Field(description="In bytes.")
    sha256: str
    created_at: datetime


class Submission(Schema):
    """A case that a program sends on behalf of somebody."""

    model_config = ConfigDict(extra="forbid")
    text: Text = Field(description="What the trouble is.", examples=["Trucks cannot pass the north gate."])
    title: Annotated[str, Field(max_length=80, pattern=PLAIN)] = ""
    place: Words = ""
    original_number: Original = Field(examples=["12345-2026-0007"])
    firm: Annotated[str, Field(max_length=40, pattern=NO_BLANK, examples=["91350111MA0DEM03X5"])] | None = (
        Field(None, description="The credit code of the firm, if it is known.")
    )
    reporter: Annotated[str, Field(max_length=80, pattern=PLAIN)] = Field(
        "", description="Who said it; read by the office only."
    )
    region: Annotated[str, Field(max_length=12, pattern=r"^[0-9]*$")] = Field(
        "", description="Where it is (GB/T 2260); needed without a firm.", examples=["350111"]
    )
    urgent: bool = Field(default=False, description="Production stands still, or people are in danger.")


class Received(Schema):
    """That a case was taken in, or that something was added to it."""

    number: str = Field(examples=["ZT-2026-000042"])
    original_number: str | None = None


class More(Schema):
    """What is to be added to a case."""

    model_config = ConfigDict(extra="forbid")
    text: Text = Field(examples=["The gate is free again."])


class Asked(Schema):
    """Numbers of another platform."""

    model_config = ConfigDict(extra="forbid")
    original_numbers: list[Original] = Field(min_length=1, max_length=PAGE)


class CaseState(Schema):
    """Where a case is that has a number of another platform."""

    original_number: str
    number: str
    state: str
    due_at: datetime | None = None
    ended_at: datetime | None = None


class CaseStates(Schema):
    """The states of the cases that were found; numbers of no case in sight are left out."""

    items: list[CaseState]


class Filter(Pages):
    """What narrows a list of cases; filters are joined by and."""

    state: Annotated[str, Field(max_length=20, pattern=r"^[a-z_]+$")] | None = Field(
        None, description="A state of the flow.", examples=["handling"]
    )
    department: Annotated[str, Field(max_length=20, pattern=PLAIN)] | None = Field(
        None, description="The code of the department that has it now."
    )
    category: Annotated[str, Field(max_length=30, pattern=r"^[a-z_]+$")] | None = Field(
        None,
        description="A category, or an upper one for all below it; none: not determined yet.",
        examples=["energy"],
    )
    firm: Annotated[str, Field(max_length=40, pattern=NO_BLANK)] | None = Field(
        None, description="The credit code of the firm."
    )
    original_number: Original | None = None
    q: Annotated[str, Field(min_length=1, max_length=60, pattern=PLAIN)] | None = Field(
        None,
        description="Words of two signs and more, each of which stands in the case: its number, title, text, "
        "place, its firm's name, or its answer once the firm has been told.",
        examples=["north gate"],
    )
    since: Moment | None = Field(None, description="Sent in at this moment or later.")
    until: Moment | None = Field(None, description="Sent in before this moment.")
    changed_since: Moment | None = Field(
        None, description="With a new line in the timeline since this moment."
    )


@router.get("/cases", response=CasePage, exclude_none=True)
def cases(request: HttpRequest, asked: Annotated[Filter, Query()]) -> Any:
    """Cases of the key's regions, oldest first. Confidential ones are never among them."""
    permissions.require(request.actor, "cases.read_api")
    narrow = asked.dict(exclude_none=True, exclude={"after", "limit"})
    narrowed = programs.page(request.actor, narrow, after=asked.after)
    found = list(narrowed.rows[: asked.limit + 1])
    more = len(found) > asked.limit
    items = [programs.brief(case) for case in found[: asked.limit]]
    among = narrowed.found.among if narrowed.found else None
    return {"items": items, "next": found[asked.limit - 1].pk if more else None, "among": among}


# Before the address of one case, which would take "states" for a number.
@router.post("/cases/states", response=CaseStates, exclude_none=True)
def case_states(request: HttpRequest, given: Asked) -> Any:
    """Where the cases are that have these numbers of another platform: up to 500 at a time."""
    permissions.require(request.actor, "cases.read_api")
    only_reads(request)
    return {"items": programs.of_original_numbers(request.actor, given.original_numbers)}


@router.get("/cases/{number}", response=CaseWhole, exclude_none=True)
def case(request: HttpRequest, number: Annotated[Number, Path()]) -> Any:
    """One case by its number, with its timeline, its clock, and its answer once the firm has been told."""
    permissions.require(request.actor, "cases.read_api")
    return programs.whole(request.actor, programs.get_case(request.actor, number), clock.now())


@router.get("/cases/{number}/files", response=list[CaseFile])
def case_files(request: HttpRequest, number: Annotated[Number, Path()]) -> Any:
    """The files of a case that are meant for its firm."""
    permissions.require(request.actor, "cases.read_files_api")
    return programs.files(request.actor, programs.get_case(request.actor, number))


@router.get("/cases/{number}/files/{file}", openapi_extra=of_type("*/*"))
def case_file(
    request: HttpRequest, number: Annotated[Number, Path()], file: Annotated[uuid.UUID, Path()]
) -> HttpResponse:
    """The content of one of these files."""
    permissions.require(request.actor, "cases.read_files_api")
    row = programs.get_file(request.actor, programs.get_case(request.actor, number), file)
    return hand_out(row.path, row.mime, row.name)


@router.post("/cases", response={201: Received}, exclude_none=True)
def submit_case(request: HttpRequest, given: Submission) -> Any:
    """Send a case in. The same original number with the same words is the same case, with others a 409."""
    permissions.require(request.actor, "cases.submit")
    return services.receive(
        by=request.actor, now=clock.now(), key=key_of(request), sent=services.Sent(**given.model_dump())
    )


@router.post("/cases/{number}/words", response={201: Received}, exclude_none=True)
def say_more(request: HttpRequest, number: Annotated[Number, Path()], given: More) -> Any:
    """Add to a case: the supplement it waits for, something after its end, or a word for whoever has it."""
    found = programs.get_case(request.actor, number)
    return services.say_more(
        by=request.actor, now=clock.now(), key=key_of(request), case=found, text=given.text
    )
