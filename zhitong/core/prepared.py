"""Queries that every request asks: their SQL is worked out once.

Most of what a small query costs is building it: Django turns conditions into SQL anew each time, three to
ten times the work of the database. A prepared query is written as any other, compiled once for each form of
it, and afterwards only its values are exchanged. Rows go through Django's own compiler and iterables
(ADR 51).
"""

from __future__ import annotations

import copy
import warnings
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.utils.functional import LazyObject

from zhitong.core import held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FIRST_KEY = 1_900_000_000  # marks stand for numbers: no key is ever one of them, and they fit into 32 bits
FIRST_DAY = datetime(2900, 1, 1, tzinfo=UTC)
TOO_LONG = 2**63
UNKNOWN: Any = object()
MOST = 256  # forms kept of one query: those of so many people; one of sight takes 90 kB

Row = TypeVar("Row")

known: list[Prepared[Any]] = []  # all of them, for the test that holds each beside its query


class Prepared(Generic[Row]):
    """A query of which the values change and the form does not; made by `@prepared`.

    Whole numbers, texts, days and moments are values, and so are tuples of them; everything else, an actor
    say, belongs to the form. The function must hand its values on as they are and look at nothing else that
    changes: of `now + a week` the week would be lost, which is noticed, said in a warning, and answered by
    the query itself.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self._plans: dict[tuple[Any, ...], _Plan | None] = {}
        update_wrapper(self, build)
        known.append(self)

    def __call__(self, *values: Any) -> list[Row]:
        """Return the rows for these values."""
        plan = self.plan_of(*values)
        return list(self.build(*values)) if plan is None else plan.rows(values)

    def plan_of(self, *values: Any) -> _Plan | None:
        """Return how values of this form are asked for; None where the query itself is asked."""
        form = (connections[DEFAULT_DB_ALIAS].vendor, *map(_form, values))
        plan = self._plans.get(form, UNKNOWN)
        if plan is UNKNOWN:
            plan = self._plan(values)
            if len(self._plans) >= MOST:
                self._plans.pop(list(self._plans)[0], None)  # noqa: RUF015 - at once, whatever other threads do
            self._plans[form] = plan
        return plan

    def first(self, *values: Any) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self(*values)), None)

    def _plan(self, values: Sequence[Any]) -> _Plan | None:
        """Return the plan for values of this form, or None where it cannot be prepared."""
        marks = iter(range(FIRST_KEY, FIRST_KEY + 10_000))
        given = [_marked(value, marks) for value in values]
        rows = self.build(*given)
        compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
            asked = self.build(*values).query.get_compiler(using=DEFAULT_DB_ALIAS).as_sql()
        except EmptyResultSet:
            return None  # Django does not ask the database for it either
        plain = all(type(value) in {*MARKS, tuple} or isinstance(value, Enum) for value in values)
        plan = _Plan(compiler, rows, sql, tuple(params), tuple(_slots(params, given)), plain)
        if plan.bound(values) != asked:
            warnings.warn(f"{self.build.__qualname__} changes its values and is not prepared", stacklevel=3)
            return None
        return plan


def prepared(build: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """Make a prepared query of a function that returns one."""
    return Prepared(build)


class _Slot(NamedTuple):
    """Where a parameter comes from: which value, which part of it, in what guise the database wants it."""

    at: int
    value: int
    part: int | None
    adapt: Callable[[Any], Any]


class _Plan(NamedTuple):
    """A compiled query: its compiler, the queryset it was made from, its SQL and its parameters."""

    compiler: Any
    source: QuerySet[Any]
    sql: str
    params: tuple[Any, ...]
    slots: tuple[_Slot, ...]
    plain: bool  # nothing but values: the plan of the database is the same for all of them

    def bound(self, values: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        """Return SQL and parameters for these values."""
        given = list(self.params)
        for slot in self.slots:
            value = values[slot.value]
            given[slot.at] = slot.adapt(value if slot.part is None else value[slot.part])
        return self.sql, tuple(given)

    def rows(self, values: Sequence[Any]) -> list[Any]:
        """Ask the database."""
        bound = self.bound(values)
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_given, **_more: bound
        if self.plain and held.holds():
            found = held.rows(*bound)
            compiler.execute_sql = lambda *_given, **_more: [found]  # in one go, as Django has it in several
        asked: Any = QuerySet(self.source.model, _Ready(self.source.query, compiler), DEFAULT_DB_ALIAS)
        source: Any = self.source
        asked._fields = source._fields
        return list(source._iterable_class(asked))  # noqa: SLF001


class _Ready:
    """Stands where a query is expected and has its compiler at hand."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self.query = query
        self.compiler = compiler

    def get_compiler(self, using: str | None = None, **_more: Any) -> Any:
        """Return the compiler that knows its SQL."""
        del using
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self.query, name)


def _form(value: Any) -> Any:
    """Return what of a value belongs to the form of a query."""
    if isinstance(value, int) and abs(value) >= TOO_LONG:
        return value  # Django knows that no row can have such a number
    if type(value) in MARKS:
        return type(value)
    if type(value) is tuple:
        return tuple(map(_form, value))
    return copy.copy(value) if isinstance(value, LazyObject) else value  # the copy is what it stands for


def _marked(value: Any, marks: Iterator[int]) -> Any:
    """Return a value of the same form that is found again in the SQL's parameters."""
    if isinstance(value, int) and abs(value) >= TOO_LONG:
        return value
    if type(value) in MARKS:
        return MARKS[type(value)](next(marks))
    if type(value) is tuple:
        return tuple(_marked(part, marks) for part in value)
    return value


def _moment(mark: int) -> datetime:
    return FIRST_DAY + timedelta(seconds=mark - FIRST_KEY)


def _day(mark: int) -> date:
    return FIRST_DAY.date() + timedelta(days=mark - FIRST_KEY)


MARKS: dict[type, Callable[[int], Any]] = {int: int, str: str, datetime: _moment, date: _day}


def _slots(params: Sequence[Any], given: Sequence[Any]) -> Iterator[_Slot]:
    """Find the marks among the parameters."""
    ops = connections[DEFAULT_DB_ALIAS].ops
    guises = {datetime: ops.adapt_datetimefield_value, date: ops.adapt_datefield_value}
    places: dict[Any, tuple[int, int | None, Any]] = {}
    for number, value in enumerate(given):
        for part, mark in enumerate(value) if type(value) is tuple else [(None, value)]:
            if type(mark) in MARKS:
                guise = guises.get(type(mark))
                places[guise(mark) if guise else mark] = (number, part, guise)
    for at, param in enumerate(params):
        if isinstance(param, (int, str, date)) and param in places:
            number, part, guise = places[param]
            # psycopg is told by its type how wide a number is
            yield _Slot(at, number, part, guise or type(param))
