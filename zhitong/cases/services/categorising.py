"""Somebody says what a case is about; what its words suggested is kept beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_noop, override

from zhitong.cases import categories, learnt
from zhitong.cases.models import Case, CategoryChoice, Entry
from zhitong.cases.services.moves import speaking_for
from zhitong.cases.states import Visibility
from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.kernel.text import Model


@service("cases.categorise")
def categorise(
    work: Work, *, by: Actor, now: datetime, case: Case, category: str, before: str | None = None
) -> Case:
    """Say what a case is about, in any state; `before` is what the person saw (None: what is in `case`)."""
    del now
    permissions.require(by, "cases.categorise", case)
    seen = case.category if before is None else before
    if not category:
        raise FieldError("category", gettext_noop("Please fill in this field."))
    if category == seen:
        raise FieldError("category", gettext_noop("The case has this category already. Choose another one."))
    return write(work, case=case, category=category, before=seen)


@service("cases.learn_categories")
def learn_categories(work: Work, *, by: Actor, now: datetime, model: Model | None) -> str:
    """Let a model suggest categories from now on, or words alone again (None); return its name."""
    del now
    permissions.require(by, "cases.learn_categories")
    name, facts = "", {}
    if model is None:
        transaction.on_commit(learnt.forget)
    else:
        beside, name = learnt.prepare(model)
        transaction.on_commit(partial(learnt.put, beside))
        facts = {"categories": list(model.labels), "precision": model.precision, "coverage": model.coverage}
    work.record("cases.case", model=name, **facts)
    return name


def write(work: Work, *, case: Case, category: str, before: str) -> Case:
    """Write a category down, with what the words suggest; for services of this room."""
    today = local_date(work.now)
    if not categories.is_offered(category, today):
        raise FieldError("category", gettext_noop("Choose one of the categories in the list."))
    if not Case.objects.filter(pk=case.pk, category=before).update(category=category):
        raise FasterError(
            gettext_noop("Somebody else has said meanwhile what this case is about. Reload to see it.")
        )
    case = Case.objects.select_related("enterprise", "accountable", "person", "lead", "intake").get(
        pk=case.pk
    )
    suggestion = categories.suggestion_for(case, today)
    choice = CategoryChoice.objects.create(
        case=case,
        at=work.now,
        by_user_id=work.by.user,
        before=before,
        category=category,
        suggested=suggestion.key if suggestion else "",
        source=suggestion.source if suggestion else "",
        words=list(suggestion.words) if suggestion else [],
        tree=categories.version_on(today),
    )
    _append_entry(work, case)
    work.record(
        case,
        tenant=case.enterprise_id,
        before=before,
        after=category,
        suggested=choice.suggested,
        words=choice.words,
        source=choice.source,
        taken=choice.taken,
    )
    return case


def write_back(work: Work, *, case: Case, choice: CategoryChoice) -> Case:
    """Write down that a choice is taken back; what was before it stands again. For services of this room."""
    if not Case.objects.filter(pk=case.pk, category=choice.category).update(category=choice.before):
        raise FasterError(
            gettext_noop("Somebody else has said meanwhile what this case is about. Reload to see it.")
        )
    case = Case.objects.select_related("enterprise", "accountable", "person", "lead", "intake").get(
        pk=case.pk
    )
    CategoryChoice.objects.create(
        case=case,
        at=work.now,
        by_user_id=work.by.user,
        before=choice.category,
        category=choice.before,
        tree=choice.tree,
    )
    _append_entry(work, case, "take_back_category")
    work.record(case, tenant=case.enterprise_id, before=choice.category, after=choice.before)
    return case


def _append_entry(work: Work, case: Case, action: str = "categorise") -> None:
    with override("zh-hans"):  # the timeline keeps the city's own words
        label = categories.label_of(case.category) if case.category else ""
    Entry.objects.create(
        case=case,
        at=work.now,
        action=action,
        from_state=case.state,
        to_state=case.state,
        by_user_id=work.by.user,
        by_label=work.by.label,
        department=speaking_for(work, case),
        text=label,
        visibility=Visibility.INTERNAL,
    )
