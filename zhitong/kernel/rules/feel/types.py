"""Types by name or as they are written, which values are of them, and what is made to fit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.values import Callee, Range, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from zhitong.kernel.rules.lang.nodes import TypeName

SPELLED = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "day time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "year month duration": "years and months duration",
}
PLAIN = frozenset(
    {
        "boolean", "context", "date", "date and time", "days and time duration", "function", "list", "number",
        "range", "string", "time", "years and months duration", "Null",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Type:
    """A type: one of FEEL's by name, or one that a model builds.

    `items` of a list or a range, `parts` of a context, `parameters` and `result` of a function; `allowed`
    says which values of the base type are meant.
    """

    name: str
    items: Type | None = None
    parts: Mapping[str, Type] | None = None
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None
    allowed: Callable[[Any], bool] | None = field(default=None, compare=False)
    base: Type | None = None


Types = dict[str, Type]
ANY = Type("Any")


def named_type(written: TypeName, types: Types) -> Type | None:
    """Return the type that is written; None where a name stands for none."""
    name = SPELLED.get(written.name, written.name)
    inner = [named_type(part, types) for _label, part in written.parts]
    if None in inner:
        return None
    if name in {"list", "range"} and inner:
        return Type(name, items=inner[0])
    if name == "context" and inner:
        labels = [label for label, _part in written.parts]
        return Type(name, parts=dict(zip(labels, inner, strict=True)))  # type: ignore[arg-type]
    if name == "function" and (inner or written.result is not None):
        result = named_type(written.result, types) if written.result is not None else ANY
        return Type(name, parameters=tuple(inner), result=result) if result is not None else None  # type: ignore[arg-type]
    if name == "Any":
        return ANY
    return types.get(name) or (Type(name) if name in PLAIN else None)


def is_instance(value: Any, written: TypeName, types: Types) -> bool | None:
    """Return whether a value is of a type; None where no type has this name."""
    kind = named_type(written, types)
    return None if kind is None else conforms(value, kind, strict=True)


def conforms(value: Any, kind: Type, *, strict: bool = False) -> bool:
    """Return whether a value is of a type; null is of every type, but with `strict` only of Null.

    `strict` is what `instance of` asks: the kind of a value, whichever values a model allows.
    """
    if kind.base is not None and not conforms(value, kind.base, strict=strict):
        return False
    if value is None:
        return not strict or kind.name == "Null"
    if kind.allowed is not None and not strict and not kind.allowed(value):
        return False
    if kind.name == "Any" or kind.base is not None:
        return True
    if kind_of(value) != kind.name and not _is_function(value, kind):
        return False
    return _inner(value, kind)


def _is_function(value: Any, kind: Type) -> bool:
    return kind.name == "function" and callable(
        getattr(value, "run", None) or getattr(value, "signatures", None)
    )


def _inner(value: Any, kind: Type) -> bool:
    if isinstance(value, list) and kind.items is not None:
        return all(conforms(item, kind.items) for item in value)
    if isinstance(value, Range) and kind.items is not None:
        return all(end is None or conforms(end, kind.items) for end in (value.low, value.high))
    if isinstance(value, dict) and kind.parts is not None:
        return all(name in value and conforms(value[name], part) for name, part in kind.parts.items())
    if isinstance(value, Callee) and kind.parameters is not None:
        return len(value.parameters) == len(kind.parameters)
    return True


def coerced(value: Any, kind: Any, types: Types) -> Any:
    """Return a value as it fits a type: a list of one as its item, one value as a list; else None."""
    if kind is None or value is None:
        return value
    wanted = kind if isinstance(kind, Type) else named_type(kind, types)
    if isinstance(value, Callee) and wanted is not None and wanted.result is not None:
        value = replace(value, result=value.result or wanted.result)
    if wanted is None or conforms(value, wanted):
        return value
    if isinstance(value, list) and len(value) == 1 and wanted.name != "list":
        return coerced(value[0], wanted, types)
    if wanted.name == "list" and conforms([value], wanted):
        return [value]
    return _moment(value, wanted)


def _moment(value: Any, wanted: Type) -> Any:
    """A day is taken for its first moment in UTC where a moment is wanted."""
    from zhitong.kernel.rules.feel.dates import Date, Moment, Time, Zone  # noqa: PLC0415

    if wanted.name == "date and time" and isinstance(value, Date):
        return Moment(value, Time(0, 0, Zone(0)))
    return None
