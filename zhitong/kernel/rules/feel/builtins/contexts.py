"""Functions of contexts."""

from __future__ import annotations

from typing import Any

from zhitong.kernel.rules.feel.builtins.signatures import Table

TABLE = Table()


@TABLE.add("get value", "m: context", "key: string")
def _get(feel: Any, context: dict[str, Any], key: str) -> Any:
    del feel
    return context.get(key)


@TABLE.add("get entries", "m: context")
def _entries(feel: Any, context: dict[str, Any]) -> list[Any]:
    del feel
    return [{"key": key, "value": value} for key, value in context.items()]


@TABLE.add("context", "entries: list")
def _context(feel: Any, entries: list[Any]) -> dict[str, Any] | None:
    del feel
    made: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@TABLE.add("context put", "context: context", "key: string", "value")
def _put(feel: Any, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    del feel
    return {**context, key: value}


@TABLE.add("context put", "context: context", "keys: list", "value")
def _put_deep(feel: Any, context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any] | None:
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if inner is not None and not isinstance(inner, dict):
        return None
    below = _put_deep(feel, inner or {}, keys[1:], value)
    return None if below is None else {**context, keys[0]: below}


@TABLE.add("context merge", "contexts: list")
def _merge(feel: Any, contexts: list[Any]) -> dict[str, Any] | None:
    del feel
    merged: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        merged |= context
    return merged
