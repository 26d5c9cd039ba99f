"""The flow and the deadlines of cases, by version, and the fixed words beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data
from zhitong.core.actor import Role
from zhitong.kernel.workflow import Flow, parse_flow

if TYPE_CHECKING:
    from datetime import date

FLOW = "case"
PROFILE = "default"
DEFAULT_KIND = "normal"


class Outcome(models.TextChoices):
    """How a case ended; a plain "closed" would hide whether the trouble is gone."""

    SOLVED = "solved", _("Solved")
    PARTLY = "partly", _("Partly solved")
    PLANNED = "planned", _("Put on the plan")
    EXPLAINED = "explained", _("Explained")
    NOT_OURS = "not_ours", _("Not a duty of this office")
    UNREACHABLE = "unreachable", _("Firm not reached")
    ROUTED = "routed", _("Sent to its legal channel")


def outcomes_for(case: Any) -> list[tuple[str, Any]]:
    """Return the outcomes that a case can have; only one with stages can end as put on the plan."""
    return [row for row in Outcome.choices if case.grade or row[0] != Outcome.PLANNED]


# States in which the firm has been told answer and outcome; before, both are a draft of the department.
TOLD = frozenset({"reviewed", "rated", "closed", "refused", "lapsed"})
ANSWERLESS = ("withdrawn",)  # ended states in which nobody owes the firm an answer


class Asking(models.TextChoices):
    """What a department may ask of the intake unit while it handles a case."""

    EXTENSION = "extension", _("Extension")
    SUSPENSION = "suspension", _("Suspension")
    PLAN = "plan", _("Place on the plan")


class Decision(models.TextChoices):
    """What became of a request."""

    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Overtaken")


class AssistState(models.TextChoices):
    """Where another department's part in a case is."""

    SENT = "sent", _("Sent")
    TAKEN = "taken", _("In hand")
    RETURNED = "returned", _("Objected to")
    ANSWERED = "answered", _("Answered")
    CANCELLED = "cancelled", _("Called off")


# The columns of a part to which nobody objects, or no more.
UNDECIDED: dict[str, Any] = {"decide_due_at": None, "decide_deadline": {}, "decide_provisional": False}
OPEN_ASSISTS = (AssistState.SENT, AssistState.TAKEN, AssistState.RETURNED)


class DutyAnswer(models.TextChoices):
    """What a unit says that is asked before the dispatch whether a matter is its own."""

    OURS = "ours", _("It is our duty")
    JOINTLY = "jointly", _("We can help with it")
    NOT_OURS = "not_ours", _("It is not our duty")


class Whom(models.TextChoices):
    """Whom an urgent case makes somebody call."""

    FIRM = "firm", _("Firm")
    UNIT = "unit", _("The department")


class CallState(models.TextChoices):
    """What became of a call."""

    OPEN = "open", _("To be made")
    REACHED = "reached", _("Reached")
    MISSED = "missed", _("Nobody answered")
    NEEDLESS = "needless", _("Not needed any more")


class Grade(models.TextChoices):
    """Classes of what is put on the plan; what each means stands with the deadlines."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"


class Channel(models.TextChoices):
    """By which way a case came in."""

    PORTAL = "portal", _("Portal")
    PHONE = "phone", _("Telephone")
    CHAT = "chat", _("WeChat")
    HOTLINE = "hotline", _("12345 hotline")
    DIRECT = "direct", _("Province's direct line")
    MAIL = "mail", _("E-mail")
    VISIT = "visit", _("Visit")
    LETTER = "letter", _("Letter or paper")
    IMPORT = "import", _("Import")
    DEMO = "demo", _("Example")


# Ways by which somebody of the office hears of a trouble and enters it for the firm.
TAKEN_DOWN = (
    Channel.PHONE,
    Channel.CHAT,
    Channel.HOTLINE,
    Channel.DIRECT,
    Channel.MAIL,
    Channel.VISIT,
    Channel.LETTER,
)


class Way(models.TextChoices):
    """How a department reached the firm about its case."""

    CALL = "call", _("Phone call")
    VISIT = "visit", _("Visit")


WAYS = frozenset(Way.values)


class Visibility(models.TextChoices):
    """Who reads an entry of the timeline."""

    FIRM = "firm", _("Visible to the firm")
    INTERNAL = "internal", _("Internal")


class Owner(models.TextChoices):
    """The two parties that can be accountable, as the flow names them."""

    INTAKE = "intake", _("Intake unit")
    LEAD = "lead", _("Lead department")


@cache
def flow(version: int) -> Flow:
    """Return the case flow at a version."""
    return parse_flow(data.read("flows", f"{FLOW}-{version}"))


def state_label(case: Any) -> str:
    """Return the state of a case in the reader's language, by the flow it began with."""
    return data.label(flow(case.flow_version).state(case.state).label)


@cache
def profile(version: int) -> dict[str, Any]:
    """Return the deadlines at a version."""
    return data.read("sla", f"{PROFILE}-{version}")


def versions_on(day: date) -> tuple[int, int]:
    """Return the versions of flow and deadlines with which a case begins on `day`."""
    return data.version_on("flows", FLOW, day), data.version_on("sla", PROFILE, day)


def newest_flow() -> Flow:
    """Return the newest flow, for pages and documents about the flow itself."""
    numbers = [int(stem.rsplit("-", 1)[1]) for stem in data.stems("flows") if stem.startswith(f"{FLOW}-")]
    return flow(max(numbers))


def clock_row(version: int, clock: str) -> dict[str, Any]:
    """Return how a profile lays a clock down; the newest one where an older profile knew no such clock."""
    own = profile(version)["clock"]
    found: dict[str, Any] = own[clock] if clock in own else profile(max(profiles()))["clock"][clock]
    return found


def rule(version: int, name: str, kind: str = "") -> int:
    """Return a number that a profile, or the kind of matter in it, sets for what goes on within a clock."""
    own = profile(version)["kind"].get(kind, {}).get("rule", {})
    return int(own[name] if name in own else _laid_down(version, "rule")[name])


def rules_of(version: int, kind: str) -> dict[str, Any]:
    """Return what a profile itself sets, with what the kind of matter sets in its place."""
    return {**profile(version).get("rule", {}), **profile(version)["kind"].get(kind, {}).get("rule", {})}


def extended_by_lead(version: int, kind: str) -> bool:
    """Whether the lead's head decides on an extension of a kind of matter, and not the intake unit."""
    return rules_of(version, kind).get("extended_by") == "lead"


def is_urgent(version: int, kind: str) -> bool:
    """Whether a kind of matter runs by the hour, day and night."""
    return bool(profile(version)["kind"].get(kind, {}).get("urgent"))


def _laid_down(version: int, table: str) -> dict[str, Any]:
    """A table of a profile; of the newest one where an older profile knew no such thing."""
    found: dict[str, Any] = profile(version).get(table) or profile(max(profiles()))[table]
    return found


def grades(version: int) -> dict[str, str]:
    """Return the classes of planned cases with their labels in the reader's language."""
    return {name: data.label(row["label"]) for name, row in _laid_down(version, "grade").items()}


def grade_years(version: int, grade: str) -> int | None:
    """Return within how many years after this one the last stage of a class ends; None: at any time."""
    found: int | None = _laid_down(version, "grade")[grade].get("years")
    return found


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a red lamp's ladder: after how many working days (or hours), who is told, its name."""

    overdue: int
    role: Role
    label: str


@cache
def ladder(version: int, kind: str = "") -> tuple[Rung, ...]:
    """Return the steps of a profile's ladder, with their names in the city's language.

    They count working days; those of a kind that runs day and night count hours.
    """
    own = profile(version)["kind"].get(kind, {})
    rows = own.get("ladder", []) if own.get("urgent") else profile(version).get("ladder", [])
    return tuple(Rung(row["overdue"], Role(row["role"]), row["label"]["zh"]) for row in rows)


def working_hours(version: int) -> tuple[time, time]:
    """Return between which hours of a working day somebody may be told of an overdue matter."""
    hours = profile(version)["hours"]
    return time.fromisoformat(hours["begin"]), time.fromisoformat(hours["end"])


def profiles() -> list[int]:
    """Return the versions of the deadlines."""
    stems = [stem for stem in data.stems("sla") if stem.startswith(f"{PROFILE}-")]
    return [int(stem.rsplit("-", 1)[1]) for stem in stems]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a matter belongs that is not accepted: the way the firm is told, the outcome it counts as."""

    name: str
    label: str
    way: str
    outcome: str
    names_case: bool = False  # whether the firm's earlier case has to be named


def routes() -> dict[str, Route]:
    """Return the routes of matters that are not accepted, by name, in the reader's language."""
    rows = data.read("routes", data.stems("routes")[-1])["route"]
    return {
        name: Route(
            name,
            data.label(row["label"]),
            data.label(row["way"]),
            row["outcome"],
            bool(row.get("names_case")),
        )
        for name, row in rows.items()
    }


def flows_with(action: str) -> list[int]:
    """Return the versions of the flow that know an action."""
    numbers = [int(stem.rsplit("-", 1)[1]) for stem in data.stems("flows") if stem.startswith(f"{FLOW}-")]
    return [number for number in numbers if action in flow(number).actions]


def urgent_kinds(version: int) -> list[str]:
    """Return the kinds of matter of a profile that run by the hour."""
    return [name for name in profile(version)["kind"] if is_urgent(version, name)]


def kinds(version: int) -> dict[str, str]:
    """Return the kinds of matter of a profile with their labels in the reader's language."""
    return {name: data.label(row["label"]) for name, row in profile(version)["kind"].items()}
