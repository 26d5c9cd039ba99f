"""The words for what happened to a case, wherever a line of its timeline is shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zhitong.core import data


def entry_label(table: Any, action: str) -> str:
    """The words for a line of the timeline."""
    row = table.actions.get(action)
    if row is not None:
        return data.label(row.label)
    others = {
        "submit": _("Submitted by the firm"),
        "register": _("Entered for the firm"),
        "take_back_category": _("Category taken back"),
        "link_firm": _("Firm found"),
        "alarm": _("Overdue, told to"),
        "sound": _("Asked whether it is its duty"),
        "sounding_ours": _("Says that it is its duty"),
        "sounding_jointly": _("Says that it can help"),
        "sounding_not_ours": _("Says that it is not its duty"),
        "part_alarm": _("Part overdue, told to"),
        "decide_alarm": _("Objection to a part not decided in time, told to"),
        "decide_alarm_unheard": _("Objection to a part not decided in time, and nobody there to be told"),
        "part_alarm_unheard": _("Part overdue, and nobody there to be told; the post is empty"),
        "call_late": _("Nobody has made the call in time"),
        "alarm_unheard": _("Overdue, and nobody there to be told; the post is empty"),
        "take_assist": _("Part taken up"),
        "answer_assist": _("Reply of the helping department"),
        "answer_assist_for": _("Reply of the helping department, entered for it"),
        "assign_assist": _("Person named for the part"),
        "return_assist": _("Part objected to"),
        "insist_assist": _("Part stays with the department"),
        "cancel_assist": _("Part called off"),
        "split_off": _("Split off from"),
        "called": _("Phone call"),
        "call_missed": _("Phone call: nobody answered"),
        "categorise": _("Category determined"),
    }
    return others.get(action, action)
