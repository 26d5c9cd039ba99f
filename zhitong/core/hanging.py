"""What hangs on a row: which tables hold anything of it.

The page of a case has a part for each of a dozen tables, and most cases have a row in two or three. Asking
each table costs far more in building the question than in answering it, so a page asks all of them at once.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection

from zhitong.core import held

if TYPE_CHECKING:
    from django.db.models import Model

NOTED = "_hanging"  # the attribute of a row that was looked at


def look(subject: Model) -> None:
    """Note on a row which tables refer to it, with one question; for a page that only shows it."""
    names, sql = _question(type(subject))
    (answers,) = held.rows(sql, [subject.pk] * len(names))
    setattr(subject, NOTED, frozenset(name for name, hangs in zip(names, answers, strict=True) if hangs))


def hangs(model: type[Model], subject: Model, field: str = "case") -> bool:
    """Whether a row of a table refers to a row by a field; asked of this table where nobody looked before."""
    noted = getattr(subject, NOTED, None)
    if noted is None:
        return model.objects.filter(**{field: subject.pk}).exists()
    if (name := _name(model, field)) not in _question(type(subject))[0]:
        message = f"{name} does not refer to {type(subject).__name__}."
        raise ValueError(message)
    return name in noted


def _name(model: type[Model], field: str) -> str:
    return f"{model._meta.label}.{field}"  # noqa: SLF001 - the documented way


@cache
def _question(model: type[Model]) -> tuple[tuple[str, ...], str]:
    """Return the tables and fields that refer to a table, and the SQL that asks them in this order."""
    quote = connection.ops.quote_name
    fields = [
        field
        for other in apps.get_models()
        for field in other._meta.local_concrete_fields  # noqa: SLF001 - same
        if field.related_model is model
    ]
    asked = [
        f"EXISTS(SELECT 1 FROM {quote(field.model._meta.db_table)} WHERE {quote(field.column)} = %s)"  # noqa: S608, SLF001 - names of models, nothing typed
        for field in fields
    ]
    return tuple(_name(field.model, field.name) for field in fields), f"SELECT {', '.join(asked)}"
