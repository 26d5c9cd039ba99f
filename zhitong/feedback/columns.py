"""The figures as columns: how each is called, at length and in a head, and which stand together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from zhitong.feedback.figures import PARTS

if TYPE_CHECKING:
    from zhitong.feedback.figures import Line

LABELS = {
    "open_before": gettext_lazy("Open at the beginning"),
    "came": gettext_lazy("Came in or taken up again"),
    "left": gettext_lazy("Ended in the period"),
    "open_after": gettext_lazy("Open at the end"),
    "received": gettext_lazy("Received"),
    "ended": gettext_lazy("Cases closed"),
    "charged": gettext_lazy("Charged, and the time to take up is over"),
    "taken_up": gettext_lazy("Taken up in time"),
    "to_contact": gettext_lazy("Time for the first contact is over"),
    "first_contact": gettext_lazy("Firm contacted in time"),
    "on_time": gettext_lazy("Handled in time"),
    "to_visit": gettext_lazy("Closed, and the time for a return visit is over"),
    "visited": gettext_lazy("Closed, with a valid return visit"),
    "valid": gettext_lazy("Valid return visits"),
    "contacted": gettext_lazy("Firm was contacted"),
    "solved": gettext_lazy("Trouble is gone"),
    "satisfied": gettext_lazy("Satisfied"),
    "fair": gettext_lazy("Fairly satisfied"),
    "dissatisfied": gettext_lazy("Dissatisfied"),
    "silent": gettext_lazy("Closed without a word from the firm"),
    "excluded": gettext_lazy("Left out"),
}
SUGGESTIONS = {
    "suggested": gettext_lazy("Category suggested by words"),
    "taken": gettext_lazy("Suggestion taken as it was"),
}
RATE_LABELS = {
    "taken_up": gettext_lazy("Taken up in time, %"),
    "first_contact": gettext_lazy("First contact in time, %"),
    "on_time": gettext_lazy("Handled in time, %"),
    "visited": gettext_lazy("Return visits, %"),
    "contacted": gettext_lazy("Response rate, %"),
    "solved": gettext_lazy("Solution rate, %"),
    "satisfied": gettext_lazy("Satisfaction rate, %"),
    "combined": gettext_lazy("Combined"),
    "plain": gettext_lazy("Satisfaction, unweighted, %"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its short head, its name at length, and the count or rate that stands in it."""

    head: Any
    name: str
    rate: bool = False

    @property
    def title(self) -> Any:
        """The name at length."""
        return (RATE_LABELS if self.rate else LABELS)[self.name]


@dataclass(frozen=True, slots=True)
class Group:
    """Columns under one head."""

    head: Any
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the page."""

    title: Any
    groups: tuple[Group, ...]

    @property
    def columns(self) -> list[Column]:
        """All columns, from left to right."""
        return [column for group in self.groups for column in group.columns]


SECTIONS = (
    Section(
        gettext_lazy("Handling"),
        (
            Group(
                gettext_lazy("Carried over"),
                (
                    Column(gettext_lazy("At the start"), "open_before"),
                    Column(gettext_lazy("Came in"), "came"),
                    Column(gettext_lazy("Went out"), "left"),
                    Column(gettext_lazy("At the end"), "open_after"),
                ),
            ),
            Group(
                gettext_lazy("In the period"),
                (
                    Column(gettext_lazy("Received"), "received"),
                    Column(gettext_lazy("Cases closed"), "ended"),
                ),
            ),
            Group(
                gettext_lazy("In time, %"),
                (
                    Column(gettext_lazy("Taken up"), "taken_up", rate=True),
                    Column(gettext_lazy("First contact"), "first_contact", rate=True),
                    Column(gettext_lazy("Handled"), "on_time", rate=True),
                ),
            ),
        ),
    ),
    Section(
        gettext_lazy("Return visits and words of firms"),
        (
            Group(
                gettext_lazy("Return visits"),
                (
                    Column(gettext_lazy("Visited, %"), "visited", rate=True),
                    Column(gettext_lazy("Valid visits"), "valid"),
                ),
            ),
            Group(
                gettext_lazy("Three rates, %"),
                (
                    Column(gettext_lazy("Response"), "contacted", rate=True),
                    Column(gettext_lazy("Solution"), "solved", rate=True),
                    Column(gettext_lazy("Satisfaction"), "satisfied", rate=True),
                    Column(gettext_lazy("Combined"), "combined", rate=True),
                    Column(gettext_lazy("Unweighted"), "plain", rate=True),
                ),
            ),
            Group(
                gettext_lazy("Words of firms"),
                (
                    Column(gettext_lazy("Satisfied"), "satisfied"),
                    Column(gettext_lazy("Fairly"), "fair"),
                    Column(gettext_lazy("Dissatisfied"), "dissatisfied"),
                ),
            ),
            Group(
                gettext_lazy("Apart"),
                (
                    Column(gettext_lazy("Silent"), "silent"),
                    Column(gettext_lazy("Left out"), "excluded"),
                ),
            ),
        ),
    ),
)
# What has to be said of the figures that are not plain from their names.
MEANINGS = (
    (
        gettext_lazy("Carried over"),
        gettext_lazy(
            "At the start and came in together are ended and at the end together. Each case counts once, "
            "for the unit, category and kind that it has now: one that moved counts for its new unit from "
            "the beginning. Ended are closed, refused, withdrawn and lapsed cases; a case that was merged "
            "into another one is open until the firm has its answer. A case taken up again after its end "
            "comes in; if it ended within the same period, it is simply still open."
        ),
    ),
    (
        LABELS["taken_up"],
        gettext_lazy(
            "Of the cases with which a unit was charged in the period, those that it took up within the "
            "time in which it could have objected (a working day, urgent matters the same day). It counts "
            "for the unit that was charged; a case that was given out twice counts twice. Left aside are "
            "cases that went elsewhere within that time, and units without accounts."
        ),
    ),
    (
        LABELS["first_contact"],
        gettext_lazy(
            "Of the cases whose time for the first contact with the firm ended in the period while the unit"
            " had them, those in which it was contacted by then."
        ),
    ),
    (
        LABELS["on_time"],
        gettext_lazy("Of the cases closed in the period, those whose handling was never overdue."),
    ),
    (
        RATE_LABELS["visited"],
        gettext_lazy(
            "Of the cases closed in the period whose time for a return visit is over, those with a valid "
            "one. Cases left out of the rates count in neither."
        ),
    ),
    (
        gettext_lazy("Three rates, %"),
        gettext_lazy(
            "They count valid return visits by their day; where there is none, there is no rate. Closed "
            "without a word from the firm stands apart and counts as nothing."
        ),
    ),
    (
        gettext_lazy("Cases whose time is not over"),
        gettext_lazy(
            "Such a case counts neither for nor against: missing is not no. Where nothing counts stands a "
            "dash."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in one cell: a count that opens, or a rate over the two counts that it is made of."""

    rate: str | None
    figure: str = ""
    number: int = 0
    whole_figure: str = ""
    whole: int = 0


def shown(line: Line, column: Column) -> Shown:
    """Return what a line shows in a column."""
    if not column.rate:
        return Shown(None, column.name, line.counts[column.name])
    part, whole = PARTS.get(column.name, ("", ""))
    counts = line.counts
    return Shown(line.rate(column.name), part, counts.get(part, 0), whole, counts.get(whole, 0))
