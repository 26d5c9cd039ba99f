"""What a unit fills in by its link, and what the office enters and decides."""

from __future__ import annotations

from zhitong.replies.forms.deciding import RefuseForm, TakeForm
from zhitong.replies.forms.entering import LinkReplyForm, PaperForm
from zhitong.replies.forms.links import MakeLinkForm

__all__ = ["LinkReplyForm", "MakeLinkForm", "PaperForm", "RefuseForm", "TakeForm"]
