"""The steps of a unit's task: signed for, reported on, sent back, cleared, cancelled, urged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.core.services import keep_uploads
from zhitong.supervision.models import Line, Report, Task
from zhitong.supervision.states import WITH_UNIT, TaskState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.core.uploads.inspect import Inspected


@service("supervision.sign")
def sign(work: Work, *, by: Actor, now: datetime, task: Task, version: int | None = None) -> Task:
    """Sign for a task: the unit has read it, and whoever signs has it in hand."""
    del now
    permissions.require(by, "supervision.sign", task)
    changes = {"state": TaskState.SIGNED, "person_id": by.user}
    return change_task(work, task, version, (TaskState.ISSUED,), changes)


@service("supervision.report")
def report(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    task: Task,
    text: str,
    files: Iterable[Inspected] = (),
    version: int | None = None,
) -> Task:
    """Report progress; the task stays with the unit."""
    del now
    permissions.require(by, "supervision.report", task)
    _required("text", text)
    changed = change_task(work, task, version, (TaskState.SIGNED,), {})
    _say(work, changed, text, files, closing=False)
    return changed


@service("supervision.close_report")
def close_report(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    task: Task,
    text: str,
    files: Iterable[Inspected] = (),
    version: int | None = None,
) -> Task:
    """Report that the task is done; the supervision office clears it or sends it back."""
    permissions.require(by, "supervision.close_report", task)
    _required("text", text)
    changes = {"state": TaskState.REPORTED, "reported_by_id": by.user, "reported_at": now}
    changed = change_task(work, task, version, (TaskState.SIGNED,), changes)
    _say(work, changed, text, files, closing=True)
    return changed


@service("supervision.send_back")
def send_back(
    work: Work, *, by: Actor, now: datetime, task: Task, reason: str, version: int | None = None
) -> Task:
    """Give a task back to its unit that is not done yet; its deadline stays."""
    del now
    permissions.require(by, "supervision.send_back", task)
    _required("reason", reason)
    changes = {"state": TaskState.ISSUED, "reported_by_id": None, "reported_at": None}
    return change_task(work, task, version, (TaskState.REPORTED,), changes, reason)


@service("supervision.clear")
def clear(
    work: Work, *, by: Actor, now: datetime, task: Task, text: str = "", version: int | None = None
) -> Task:
    """Clear a task that was reported done by somebody else."""
    permissions.require(by, "supervision.clear", task)
    if task.state in WITH_UNIT:
        raise RefusedError(gettext_noop("The unit has not reported yet that this is done."))
    changes = {"state": TaskState.CLEARED, "cleared_by_id": by.user, "ended_at": now}
    return change_task(work, task, version, (TaskState.REPORTED,), changes, text)


@service("supervision.cancel")
def cancel(
    work: Work, *, by: Actor, now: datetime, task: Task, reason: str, version: int | None = None
) -> Task:
    """Take a task back that is not needed any more."""
    permissions.require(by, "supervision.cancel", task)
    _required("reason", reason)
    changes = {"state": TaskState.CANCELLED, "ended_at": now}
    return change_task(work, task, version, WITH_UNIT, changes, reason)


@service("supervision.remind")
def remind(
    work: Work, *, by: Actor, now: datetime, task: Task, reason: str, version: int | None = None
) -> Task:
    """Urge a unit that has not reported yet; it stands in the history."""
    del now
    permissions.require(by, "supervision.remind", task)
    _required("reason", reason)
    return change_task(work, task, version, WITH_UNIT, {}, reason)


@service("supervision.tell_overdue")
def tell_overdue(work: Work, *, by: Actor, now: datetime, task: Task) -> Task:
    """Tell a unit once that its task is overdue."""
    permissions.require(by, "supervision.tell_overdue", task)
    if task.due_at >= now or task.overdue_told_at is not None:
        raise RefusedError(gettext_noop("The time is not over yet, or the unit was told before."))
    return change_task(work, task, None, WITH_UNIT, {"overdue_told_at": now})


def _required(name: str, value: str) -> None:
    if not value.strip():
        raise FieldError(name, gettext_noop("Please fill in this field."))


def _say(work: Work, task: Task, text: str, files: Iterable[Inspected], *, closing: bool) -> None:
    said = Report.objects.create(
        task=task, closing=closing, text=text.strip(), by_user_id=work.by.user, at=work.now
    )
    keep_uploads(work, files=files, subject=f"supervision.report:{said.pk}", visible_to_firm=False)


def change_task(
    work: Work,
    task: Task,
    version: int | None,
    states: tuple[str, ...],
    changes: dict[str, Any],
    text: str = "",
) -> Task:
    """One conditional update of the task, and a line of its history."""
    seen = task.version if version is None else version
    same = Task.objects.filter(pk=task.pk, version=seen, state__in=states)
    if not same.update(version=seen + 1, **changes):
        raise FasterError(
            gettext_noop(
                "This step is not possible now: the task stands elsewhere. Reload to see where it is."
            )
        )
    changed = Task.objects.select_related("matter", "matter__department", "department", "person").get(
        pk=task.pk
    )
    action = work.action.removeprefix("supervision.")
    Line.objects.create(
        task=changed, at=work.now, action=action, by_user_id=work.by.user, by_label=work.by.label, text=text
    )
    work.record(changed, state=changed.state, person=changed.person_id, version=changed.version)
    work.emit(work.action, task=changed.pk, by=work.by.user)
    return changed
