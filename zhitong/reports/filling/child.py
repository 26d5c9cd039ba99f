"""The process that looks at a template or fills it in. Started by `asking` as a script, one a template.

It gets the template as standard input, handles for the values and the result, and as JSON its limits and the
words of the catalogue. It answers with one line of JSON: `{"refused": code, "params": {…}}`,
`{"fields": […]}` or `{"done": bytes}`. Anything else, a crash or an end by a signal, counts as unreadable.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

_ARGUMENTS = 4  # where the result goes, where the values come from, limits, words
_MB = 1024 * 1024


def _work(content: bytes, values: str, told: dict[str, Any], limits: Any) -> Any:
    # the package is found only now, see main()
    from zhitong.reports.filling import document, package, reasons, workbook  # noqa: PLC0415 - see above
    from zhitong.reports.filling.words import Words  # noqa: PLC0415 - same

    if len(content) > limits.file_mb * _MB:
        raise reasons.TemplateRefused(reasons.Reason.TOO_LARGE, {"limit_mb": limits.file_mb})
    words = Words(told["names"], frozenset(told["listed"]), told["formats"])
    form, parts = package.opened(content, limits)
    made: Any = (
        document.Document(parts, words) if form == "docx" else workbook.Workbook(content, words, limits)
    )
    found = made.look()
    if not found:
        raise reasons.TemplateRefused(reasons.Reason.NO_FIELDS)
    if len(found) > limits.fields:
        raise reasons.TemplateRefused(reasons.Reason.TOO_MANY_FIELDS, {"limit": limits.fields})
    if not values:
        fields = [[field.name, field.key, field.listed, place] for field, place in found]
        return {"format": form, "fields": fields}
    given = json.loads(values)
    if len(given["rows"]) > limits.cases:
        raise reasons.TemplateRefused(reasons.Reason.TOO_MANY_CASES, {"limit": limits.cases})
    return made.fill(given["single"], [dict(zip(given["keys"], row, strict=True)) for row in given["rows"]])


def _answer(result_to: int, values_from: int, told: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    from zhitong.core.confined import close_doors  # noqa: PLC0415 - see above
    from zhitong.reports.filling import document, reasons, workbook  # noqa: F401, PLC0415 - before the doors close
    from zhitong.reports.filling.limits import FillLimits  # noqa: PLC0415 - see above

    workbook.warm()
    limits = FillLimits(**told)
    content = sys.stdin.buffer.read(limits.file_mb * _MB + 1)
    with os.fdopen(values_from, encoding="utf-8") as file:
        values = file.read()
    with os.fdopen(result_to, "wb") as out:
        close_doors()
        try:
            made = _work(content, values, words, limits)
        except reasons.TemplateRefused as refusal:
            return {"refused": refusal.code, "params": refusal.params}
        if isinstance(made, dict):
            return made
        out.write(made)
        return {"done": len(made)}


def main(arguments: list[str]) -> None:
    """Look at standard input, or fill it in, under the limits given as JSON."""
    result_to, values_from, told, words = arguments[:_ARGUMENTS]
    limits = json.loads(told)
    # isolated mode knows only installed packages; behind them, so that nothing here shadows one
    sys.path.append(str(Path(__file__).resolve().parents[3]))
    from zhitong.core.confined import confine  # noqa: PLC0415 - the package is found only now

    confine(**{name: limits[name] for name in ("cpu_seconds", "memory_mb", "output_mb", "open_files")})
    sys.stdout.write(json.dumps(_answer(int(result_to), int(values_from), limits, json.loads(words))))


if __name__ == "__main__":
    main(sys.argv[1:])
