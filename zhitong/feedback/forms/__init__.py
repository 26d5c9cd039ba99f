"""What people fill in about answers: ratings, return visits, effects, thanks."""

from __future__ import annotations

from zhitong.feedback.forms.ratings import (
    DecisionForm,
    EffectPlainForm,
    EffectsForm,
    EffectTextForm,
    ExclusionForm,
    ExpectForm,
    FiguresForm,
    RatingForm,
    VisitForm,
    VisitsForm,
    YesNoField,
)
from zhitong.feedback.forms.thanks import ThanksFilterForm, ThanksForm, WithdrawThanksForm

__all__ = [
    "DecisionForm",
    "EffectPlainForm",
    "EffectTextForm",
    "EffectsForm",
    "ExclusionForm",
    "ExpectForm",
    "FiguresForm",
    "RatingForm",
    "ThanksFilterForm",
    "ThanksForm",
    "VisitForm",
    "VisitsForm",
    "WithdrawThanksForm",
    "YesNoField",
]
