"""What a supervised matter may be called where a message about it leaves the system."""

from __future__ import annotations

from zhitong.core.slots import OutsideName
from zhitong.supervision.models import Matter

KIND = "matter:"


def names(subjects: frozenset[str]) -> dict[str, OutsideName]:
    """Name matters by their number: a leader's word stays inside."""
    keys = {int(subject.removeprefix(KIND)) for subject in subjects if subject.startswith(KIND)}
    rows = Matter.objects.filter(pk__in=keys).values_list("pk", "number")
    return {f"{KIND}{pk}": OutsideName(number, open=False) for pk, number in rows}
