"""Everything that changes a case; one function a verb."""

from __future__ import annotations

from zhitong.cases.services.asks import (
    Goal,
    ask_extension,
    ask_plan,
    ask_suspension,
)
from zhitong.cases.services.assists import (
    answer_assist,
    answer_assist_for,
    ask_help,
    assign_assist,
    cancel_assist,
    insist_assist,
    return_assist,
    take_assist,
)
from zhitong.cases.services.calls import ask_to_call, log_call
from zhitong.cases.services.categorising import categorise, learn_categories
from zhitong.cases.services.clocks import due_as, recompute_deadlines
from zhitong.cases.services.firms_steps import append, rate, supplement, urge, withdraw
from zhitong.cases.services.grants import decline, grant_extension, grant_plan, grant_suspension
from zhitong.cases.services.groups import merge, separate, split
from zhitong.cases.services.handling import assign, contact, hand_over, note, start, transfer
from zhitong.cases.services.indexing import follow_firms, reindex
from zhitong.cases.services.intake import (
    accept,
    close,
    dispatch,
    pass_up,
    redispatch,
    refuse,
    remind,
    reopen,
    return_for_supplement,
)
from zhitong.cases.services.kinds import reclassify
from zhitong.cases.services.ladder import raise_alarm, raise_assist_alarm, raise_call_alarm
from zhitong.cases.services.lapses import (
    close_silent,
    close_unrated,
    end_suspension,
    remind_rating,
    remind_silent,
    reopen_rated,
    reopen_visited,
)
from zhitong.cases.services.moves import ASKED_IN, check_possible, held_back
from zhitong.cases.services.objections import last_day_to_object, object_to, overrule, uphold
from zhitong.cases.services.plans import resume, stage, take_up
from zhitong.cases.services.presence import be_here, prune_presence
from zhitong.cases.services.programs import Sent, receive, say_more
from zhitong.cases.services.registering import register
from zhitong.cases.services.signing import answer, answer_for, approve, reject, review
from zhitong.cases.services.soundings import (
    answer_sounding,
    check_soundable,
    sound,
    sounding_over,
)
from zhitong.cases.services.submitting import Draft, link_firm, submit
from zhitong.cases.services.taking_back import take_back_answer, take_back_category, take_back_dispatch

__all__ = [
    "ASKED_IN",
    "Draft",
    "Goal",
    "Sent",
    "accept",
    "answer",
    "answer_assist",
    "answer_assist_for",
    "answer_for",
    "answer_sounding",
    "append",
    "approve",
    "ask_extension",
    "ask_help",
    "ask_plan",
    "ask_suspension",
    "ask_to_call",
    "assign",
    "assign_assist",
    "be_here",
    "cancel_assist",
    "categorise",
    "check_possible",
    "check_soundable",
    "close",
    "close_silent",
    "close_unrated",
    "contact",
    "decline",
    "dispatch",
    "due_as",
    "end_suspension",
    "follow_firms",
    "grant_extension",
    "grant_plan",
    "grant_suspension",
    "hand_over",
    "held_back",
    "insist_assist",
    "last_day_to_object",
    "learn_categories",
    "link_firm",
    "log_call",
    "merge",
    "note",
    "object_to",
    "overrule",
    "pass_up",
    "prune_presence",
    "raise_alarm",
    "raise_assist_alarm",
    "raise_call_alarm",
    "rate",
    "receive",
    "reclassify",
    "recompute_deadlines",
    "redispatch",
    "refuse",
    "register",
    "reindex",
    "reject",
    "remind",
    "remind_rating",
    "remind_silent",
    "reopen",
    "reopen_rated",
    "reopen_visited",
    "resume",
    "return_assist",
    "return_for_supplement",
    "review",
    "say_more",
    "separate",
    "sound",
    "sounding_over",
    "split",
    "stage",
    "start",
    "submit",
    "supplement",
    "take_assist",
    "take_back_answer",
    "take_back_category",
    "take_back_dispatch",
    "take_up",
    "transfer",
    "uphold",
    "urge",
    "withdraw",
]
