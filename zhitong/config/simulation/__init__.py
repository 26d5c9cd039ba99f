"""A simulated office that works through cases over simulated months, through the services only."""

from __future__ import annotations

from zhitong.config.simulation import (
    after,
    closing,
    commons,
    hard,
    letters,
    paper,
    precedents,
    reading,
    replies,
    telling,
)
from zhitong.config.simulation.clockwork import Arrival, Simulation
from zhitong.config.simulation.demo import fill_demo
from zhitong.config.simulation.report import Report

__all__ = [
    "Arrival",
    "Report",
    "Simulation",
    "after",
    "closing",
    "commons",
    "fill_demo",
    "hard",
    "letters",
    "paper",
    "precedents",
    "reading",
    "replies",
    "telling",
]
