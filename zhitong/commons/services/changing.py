"""What the services share: one conditional update of a problem, and handling a case in the leading one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.commons import queries
from zhitong.commons.models import CommonMember, CommonProblem
from zhitong.commons.states import TEXT, TITLE, Standing
from zhitong.core.errors import FasterError, FieldError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhitong.core.service import Work


def change(
    problem: CommonProblem, version: int | None, states: Iterable[str], changes: dict[str, Any]
) -> CommonProblem:
    """One conditional update of a problem that is in one of some states; no row means somebody was faster."""
    seen = problem.version if version is None else version
    same = CommonProblem.objects.filter(pk=problem.pk, version=seen, state__in=list(states))
    if not same.update(version=seen + 1, **changes):
        raise FasterError
    rows = CommonProblem.objects.select_related("department", "lead", "leading", "owner", "decided_by")
    return rows.get(pk=problem.pk)


def settle(work: Work, rows: Iterable[CommonMember], standing: str) -> None:
    """Write down what a person decided about cases."""
    keys = [row.pk for row in rows]
    CommonMember.objects.filter(pk__in=keys).update(
        standing=standing, open=standing == Standing.IN, decided_at=work.now
    )


def handle_together(work: Work, cases: Iterable[Case], leading: Case, title: str) -> list[int]:
    """Merge those cases into the leading one that can still be merged; return their keys."""
    merged = []
    for case in cases:
        if case.pk != leading.pk and queries.can_follow(work.by, case, leading):
            case_services.merge(by=work.by, now=work.now, case=case, main=leading, reason=title)
            merged.append(case.pk)
    return merged


def fresh(case: Case) -> Case:
    """Return a case as it is now."""
    return Case.objects.select_related("enterprise", "accountable", "person", "lead", "intake").get(
        pk=case.pk
    )


def words(name: str, value: str, limit: int = TEXT) -> str:
    """Return what was typed without blanks around it; nothing, or too much, is refused."""
    plain = value.strip()
    if not plain:
        raise FieldError(name, gettext_noop("Please fill in this field."))
    if len(plain) > limit:
        raise FieldError(name, gettext_noop("Please use at most %(limit)d characters."), limit=limit)
    return plain


def title_of(value: str) -> str:
    """Return the title of a problem; none, or a long one, is refused."""
    return words("title", value, TITLE)
