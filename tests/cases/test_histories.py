from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cases.machine import SEASONS, Histories, build

HISTORIES = 35  # for each season
LONG = 72  # times as many in the long run: more than 10,000 in all
STEPS = 15


@pytest.mark.long
@pytest.mark.parametrize("season", list(SEASONS))
def test_every_history_keeps_one_owner_one_clock_and_its_whole_past(
    db, quick_passwords, effort: int, season: str
) -> None:
    class Season(Histories):
        office = build()

    Season.season = season
    # Finding the shortest failing history can take minutes: only the long run does.
    phases = [Phase.generate] if effort == 1 else [Phase.generate, Phase.shrink]
    limits = settings(
        max_examples=HISTORIES * (1 if effort == 1 else LONG),
        stateful_step_count=STEPS,
        phases=phases,
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(Season, settings=limits)
