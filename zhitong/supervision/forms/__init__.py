"""What people fill in about supervised matters; each form knows the one service it calls."""

from __future__ import annotations

from zhitong.supervision.forms.lists import FilterForm
from zhitong.supervision.forms.matters import InstructForm, OrderForm, TranscribeForm
from zhitong.supervision.forms.referrals import REFERRAL_FORMS, ProposeForm
from zhitong.supervision.forms.samples import CheckForm, DrawForm
from zhitong.supervision.forms.steps import STEP_FORMS, StepForm

__all__ = [
    "REFERRAL_FORMS",
    "STEP_FORMS",
    "CheckForm",
    "DrawForm",
    "FilterForm",
    "InstructForm",
    "OrderForm",
    "ProposeForm",
    "StepForm",
    "TranscribeForm",
]
