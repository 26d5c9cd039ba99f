"""Following an effect until it is there: expected, looked at, said to be there, confirmed or dropped."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core import queries as core_queries
from zhitong.core.actor import Side
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.feedback import queries
from zhitong.feedback.models import Effect
from zhitong.feedback.states import EFFECT_TEXT, OPEN_EFFECTS, EffectState, effect_rule
from zhitong.kernel.calendar import add_workdays

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


@service("feedback.expect_effect")
def expect_effect(
    work: Work, *, by: Actor, now: datetime, case: Case, text: str, expected_by: date
) -> Effect:
    """Write down what the answer is to bring about, and by when."""
    permissions.require(by, "feedback.expect_effect", case)
    today = local_date(now)
    _check_case(case, today)
    text = _words("text", text)
    if not today <= expected_by <= today + timedelta(days=effect_rule("longest", today)):
        raise FieldError("expected_by", gettext_noop("Give a day from today on, within the next years."))
    if Effect.objects.filter(case=case, text=text, state__in=OPEN_EFFECTS).exists():
        raise RefusedError(gettext_noop("This effect is followed already."))
    row = Effect.objects.create(
        case=case,
        text=text,
        expected_by=expected_by,
        next_look=_look_after(expected_by, today),
        entered_by_id=by.user,
        entered_at=now,
    )
    work.record(row, tenant=case.enterprise_id, case=case.pk, expected_by=expected_by.isoformat())
    work.emit("feedback.effect_expected", case=case.pk, by=by.user)
    return row


@service("feedback.say_effect_there")
def say_effect_there(
    work: Work, *, by: Actor, now: datetime, effect: Effect, text: str, version: int | None = None
) -> Effect:
    """Say that the effect is there and what shows it; where the firm says so, it is confirmed at once."""
    permissions.require(by, "feedback.say_effect_there", effect.case)
    changes = {
        "state": EffectState.THERE,
        "next_look": None,
        "said_by_id": by.user,
        "said_at": now,
        "said_text": _words("text", text),
    }
    if by.side is Side.FIRM:
        changes |= {"state": EffectState.CONFIRMED, "confirmed_by_id": by.user, "confirmed_at": now}
    topic = "effect_confirmed" if by.side is Side.FIRM else "effect_there"
    return _change(work, effect, version, (EffectState.EXPECTED,), changes, topic)


@service("feedback.confirm_effect")
def confirm_effect(
    work: Work, *, by: Actor, now: datetime, effect: Effect, reason: str = "", version: int | None = None
) -> Effect:
    """Confirm that the effect is there: the firm itself, or a dispatcher whom the firm told by phone."""
    permissions.require(by, "feedback.confirm_effect", effect.case)
    changes: dict[str, Any] = {
        "state": EffectState.CONFIRMED,
        "confirmed_by_id": by.user,
        "confirmed_at": now,
    }
    if by.side is not Side.FIRM:
        changes |= {"confirmed_by_phone": True, "phone_reason": _words("reason", reason)}
    return _change(work, effect, version, (EffectState.THERE,), changes, "effect_confirmed")


@service("feedback.deny_effect")
def deny_effect(
    work: Work, *, by: Actor, now: datetime, effect: Effect, text: str, version: int | None = None
) -> Effect:
    """Say as the firm that the effect is not there yet; it is expected again and looked at once more."""
    permissions.require(by, "feedback.deny_effect", effect.case)
    changes = {
        "state": EffectState.EXPECTED,
        "next_look": _look_after(local_date(now), local_date(now)),
        "denied_at": now,
        "denied_text": _words("text", text),
        "said_by_id": None,
        "said_at": None,
        "said_text": "",
    }
    return _change(work, effect, version, (EffectState.THERE,), changes, "effect_denied")


@service("feedback.look_again")
def look_again(
    work: Work, *, by: Actor, now: datetime, effect: Effect, text: str, version: int | None = None
) -> Effect:
    """Write down a look that found the effect not there yet; the next one is set."""
    permissions.require(by, "feedback.look_again", effect.case)
    today = local_date(now)
    changes = {
        "next_look": _look_after(max(today, effect.expected_by), today),
        "looked_by_id": by.user,
        "looked_at": now,
        "look_text": _words("text", text),
    }
    return _change(work, effect, version, (EffectState.EXPECTED,), changes, "effect_looked")


@service("feedback.drop_effect")
def drop_effect(
    work: Work, *, by: Actor, now: datetime, effect: Effect, reason: str, version: int | None = None
) -> Effect:
    """Stop following an effect, with a reason that the firm reads."""
    permissions.require(by, "feedback.drop_effect", effect.case)
    changes = {
        "state": EffectState.DROPPED,
        "next_look": None,
        "dropped_by_id": by.user,
        "dropped_at": now,
        "drop_reason": _words("reason", reason),
    }
    return _change(work, effect, version, OPEN_EFFECTS, changes, "effect_dropped")


def _check_case(case: Case, today: date) -> None:
    if not queries.has_effects(case):
        raise RefusedError(
            gettext_noop("An effect is followed after an answer that solved something or put it on the plan.")
        )
    most = effect_rule("most", today)
    if Effect.objects.filter(case=case).exclude(state=EffectState.DROPPED).count() >= most:
        raise RefusedError(gettext_noop("At most %(most)d effects of a case are followed."), most=most)


def _words(name: str, value: str) -> str:
    value = value.strip()
    if not value:
        raise FieldError(name, gettext_noop("Please fill in this field."))
    if len(value) > EFFECT_TEXT:
        raise FieldError(name, gettext_noop("Please say it in at most 200 signs."))
    return value


def _look_after(day: date, today: date) -> date:
    return add_workdays(day, effect_rule("look_workdays", today), core_queries.day_table(day)).due


def _change(
    work: Work,
    effect: Effect,
    version: int | None,
    states: tuple[str, ...],
    changes: dict[str, Any],
    topic: str,
) -> Effect:
    """One conditional update of the effect; the other side is told."""
    seen = effect.version if version is None else version
    same = Effect.objects.filter(pk=effect.pk, version=seen, state__in=states)
    if not same.update(version=seen + 1, **changes):
        raise FasterError(
            gettext_noop(
                "This step is no longer possible: the effect has moved on. Reload to see where it is."
            )
        )
    effect = Effect.objects.select_related("case").get(pk=effect.pk)
    work.record(effect, tenant=effect.case.enterprise_id, case=effect.case_id, state=effect.state)
    work.emit(f"feedback.{topic}", case=effect.case_id, by=work.by.user)
    return effect
