"""What people fill in about supervised matters; each form knows the one service it calls."""

from __future__ import annotations

from zhitong.supervision.forms.lists import FilterForm
from zhitong.supervision.forms.matters import InstructForm, OrderForm, TranscribeForm
from zhitong.supervision.forms.measures import CircularForm, TalkForm
from zhitong.supervision.forms.referrals import REFERRAL_FORMS, ProposeForm
from zhitong.supervision.forms.samples import CheckForm, DrawForm
from zhitong.supervision.forms.steps import STEP_FORMS as TASK_FORMS
from zhitong.supervision.forms.steps import StepForm
from zhitong.supervision.forms.weeks import ITEM_FORMS, AddForm, WeekFilterForm

# The steps of a task, and what follows one that was not obeyed.
STEP_FORMS: dict[str, type[StepForm]] = {**TASK_FORMS, "talk": TalkForm, "circular": CircularForm}

__all__ = [
    "ITEM_FORMS",
    "REFERRAL_FORMS",
    "STEP_FORMS",
    "AddForm",
    "CheckForm",
    "DrawForm",
    "FilterForm",
    "InstructForm",
    "OrderForm",
    "ProposeForm",
    "StepForm",
    "TranscribeForm",
    "WeekFilterForm",
]
