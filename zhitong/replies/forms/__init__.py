"""What a unit fills in by its link, and what the office enters and decides."""

from __future__ import annotations

from zhitong.replies.forms.deciding import RefuseForm, TakeForm
from zhitong.replies.forms.entering import LinkReplyForm, PaperForm
from zhitong.replies.forms.links import MakeLinkForm
from zhitong.replies.forms.lists import UnitForm
from zhitong.replies.forms.sheets import EnterSheetForm, SheetForm

__all__ = [
    "EnterSheetForm",
    "LinkReplyForm",
    "MakeLinkForm",
    "PaperForm",
    "RefuseForm",
    "SheetForm",
    "TakeForm",
    "UnitForm",
]
