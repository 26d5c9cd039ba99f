"""What came of a simulation: outcomes, deadlines and lateness as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles

from django.db.models import Count

from zhitong.cases.models import Case, Stretch

DAY = timedelta(days=1)
ENOUGH = 2  # values from which a percentile can be told


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock: how often it ended, how often late, and how many days it ran (median, 90th percentile)."""

    clock: str
    ended: int
    late: int
    median_days: float
    p90_days: float


@dataclass(frozen=True, slots=True)
class Report:
    """Figures over all cases of the database."""

    cases: int
    ended: int
    steps: int
    outcomes: dict[str, int]
    clocks: list[ClockLine]

    @classmethod
    def of_everything(cls, *, steps: int) -> Report:
        """Count over everything that is in the database."""
        ended = Case.objects.filter(ended_at__isnull=False)
        rows = ended.values_list("state", "outcome").annotate(count=Count("pk"))
        outcomes = {f"{state} {outcome}".strip(): count for state, outcome, count in rows}
        return cls(Case.objects.count(), ended.count(), steps, dict(sorted(outcomes.items())), _clock_lines())

    def table(self) -> str:
        """Return the figures as a text table."""
        lines = [f"cases {self.cases}, ended {self.ended}, steps {self.steps}"]
        lines += [f"  {name}: {count}" for name, count in self.outcomes.items()]
        lines.append(f"{'clock':<12}{'ended':>8}{'late':>8}{'late %':>8}{'median d':>10}{'p90 d':>8}")
        lines += [
            f"{line.clock:<12}{line.ended:>8}{line.late:>8}{100 * line.late / line.ended:>8.1f}"
            f"{line.median_days:>10.1f}{line.p90_days:>8.1f}"
            for line in self.clocks
        ]
        return "\n".join(lines)


def _clock_lines() -> list[ClockLine]:
    runs: dict[str, list[tuple[float, bool]]] = {}
    rows = Stretch.objects.filter(clock_ended=True).values_list("clock", "clock_started_at", "until", "late")
    for clock, started, ended, late in rows.iterator():
        runs.setdefault(clock, []).append(((ended - started) / DAY, late))
    return [_line(clock, found) for clock, found in sorted(runs.items())]


def _line(clock: str, found: list[tuple[float, bool]]) -> ClockLine:
    days = [length for length, _ in found]
    p90 = quantiles(days, n=10)[-1] if len(days) >= ENOUGH else days[0]
    return ClockLine(clock, len(found), sum(late for _, late in found), median(days), p90)
