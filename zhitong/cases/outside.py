"""What a case may be called where a message about it leaves the system."""

from __future__ import annotations

from zhitong.cases.models import Case
from zhitong.core.slots import OutsideName

KIND = "case:"


def names(subjects: frozenset[str]) -> dict[str, OutsideName]:
    """Name cases by their number; only what is not confidential may be spoken of by its title."""
    keys = {int(subject.removeprefix(KIND)) for subject in subjects if subject.startswith(KIND)}
    rows = Case.objects.filter(pk__in=keys).values_list("pk", "number", "confidential")
    return {f"{KIND}{pk}": OutsideName(number, open=not confidential) for pk, number, confidential in rows}
