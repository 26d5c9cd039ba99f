"""Texts with which an answer or a note begins, kept by rooms above; `begin=room:key` names one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from zhitong.core import panels, permissions, slots
from zhitong.core.http import KEYS, whole

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

STEPS = frozenset({"answer", "note"})


def offered(actor: Actor, case: Case, step: str, now: datetime) -> list[dict[str, Any]]:
    """Return the choosers for a step, with the address of its form; none for other steps."""
    if not _writes(actor, case, step):
        return []
    url = reverse(f"cases:{step}", args=[case.pk])
    drawn = panels.draw(slots.beginnings, actor=actor, subject=case, now=now)
    return [{**panel, "url": url} for panel in drawn]


def text(actor: Actor, case: Case, step: str, chosen: str, now: datetime) -> str | None:
    """Return the text that an address asks for, behind what is there already; None for anything else."""
    room, _, typed = chosen.partition(":")
    key = whole(typed, below=KEYS)
    if not _writes(actor, case, step) or key is None or room not in slots.beginnings.names():
        return None
    found = slots.beginnings[room].text(actor=actor, case=case, key=key, now=now)
    if found and step == "answer" and case.answer and found not in case.answer:
        return f"{case.answer}\n\n{found}"
    return found


def _writes(actor: Actor, case: Case, step: str) -> bool:
    return step in STEPS and permissions.may(actor, f"cases.{step}", case)
