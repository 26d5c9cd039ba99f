"""Templates that fail loudly: an undefined variable is an error while tests run, not an empty place on the page."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType

from django import template
from django.core.signals import setting_changed
from django.template.base import Node
from django.template.defaulttags import ForNode

from tests.support import source


class UndefinedVariableError(AssertionError):
    """A template names something that its view does not give it."""


def _nodes(frame: FrameType | None) -> Iterator[Node]:
    """Yield the template nodes that are being rendered, innermost first."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node):
            yield node
        frame = frame.f_back


def ours(origin: object) -> bool:
    """Whether a template is the project's own (or a test's); Django's and allauth's rely on empty places."""
    name = str(getattr(origin, "name", origin) or "")
    return not name or name.startswith("<") or (name.startswith(str(source.ROOT)) and ".venv" not in name)


def _place(frame: FrameType) -> tuple[object, int | None]:
    for node in _nodes(frame):
        origin = getattr(node, "origin", None)
        if origin is not None:
            return origin, getattr(getattr(node, "token", None), "lineno", None)
    return None, None


class Undefined(str):
    """Django's string_if_invalid: it formats the name of the missing variable into this text."""

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, variable: object) -> str:
        origin, line = _place(sys._getframe(1))
        if not ours(origin):
            return ""
        raise UndefinedVariableError(f"{variable} is undefined in {origin or 'a template'}, line {line}")


def _strict_loop(node: ForNode, context: template.Context) -> str:
    """Refuse to loop over something undefined, which Django takes for an empty list."""
    if ours(getattr(node, "origin", None)):
        node.sequence.resolve(context)
    return _lenient_loop(node, context)


_lenient_loop = ForNode.render


def install() -> None:
    """Make every engine of the process strict, those too that Django makes anew when a test changes settings."""
    setting_changed.connect(_all_engines)
    _all_engines()
    ForNode.render = _strict_loop


def _all_engines(**_: object) -> None:
    for engine in template.engines.all():
        engine.engine.string_if_invalid = Undefined("undefined: %s")
