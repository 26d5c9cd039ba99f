"""The inputs of every action of the flow; each form knows the one service it calls."""

from __future__ import annotations

from zhitong.cases.forms import asks, firm, intake, kinds, lead
from zhitong.cases.forms.assists import ASSIST_FORMS, AssistForm
from zhitong.cases.forms.base import ActionForm
from zhitong.cases.forms.batch import BATCH_FORMS
from zhitong.cases.forms.calls import CallForm
from zhitong.cases.forms.categories import CategoriseForm
from zhitong.cases.forms.firm import OwnAlikeForm, SubmitForm
from zhitong.cases.forms.linking import LinkForm
from zhitong.cases.forms.lists import FilterForm, PlansForm
from zhitong.cases.forms.soundings import AnswerSoundingForm, SoundForm

__all__ = [
    "ACTION_FORMS",
    "ASSIST_FORMS",
    "BATCH_FORMS",
    "ActionForm",
    "AnswerSoundingForm",
    "AssistForm",
    "CallForm",
    "CategoriseForm",
    "FilterForm",
    "LinkForm",
    "OwnAlikeForm",
    "PlansForm",
    "SoundForm",
    "SubmitForm",
]

ACTION_FORMS: dict[str, type[ActionForm]] = {
    "supplement": firm.SupplementForm,
    "urge": firm.UrgeForm,
    "append": firm.AppendForm,
    "withdraw": firm.WithdrawForm,
    "accept": intake.AcceptForm,
    "return": intake.ReturnForm,
    "refuse": intake.RefuseForm,
    "dispatch": intake.DispatchForm,
    "take_back_dispatch": intake.TakeBackDispatchForm,
    "merge": intake.MergeForm,
    "separate": intake.SeparateForm,
    "split": intake.SplitForm,
    "pass_up": intake.PassUpForm,
    "overrule": intake.OverruleForm,
    "uphold": intake.UpholdForm,
    "grant_extension": intake.GrantExtensionForm,
    "grant_suspension": intake.GrantSuspensionForm,
    "grant_plan": intake.GrantPlanForm,
    "decline": intake.DeclineForm,
    "redispatch": intake.RedispatchForm,
    "reclassify": kinds.ReclassifyForm,
    "remind": intake.RemindForm,
    "close": intake.CloseForm,
    "reopen": intake.ReopenForm,
    "start": lead.StartForm,
    "object": lead.ObjectForm,
    "assign": lead.AssignForm,
    "transfer": lead.TransferForm,
    "answer": lead.AnswerForm,
    "take_back_answer": lead.TakeBackAnswerForm,
    "ask_help": lead.AskHelpForm,
    "contact": lead.ContactForm,
    "note": lead.NoteForm,
    "ask_extension": asks.AskExtensionForm,
    "ask_suspension": asks.AskSuspensionForm,
    "ask_plan": asks.AskPlanForm,
    "resume": asks.ResumeForm,
    "stage": asks.StageForm,
    "take_up": asks.TakeUpForm,
    "review": lead.ReviewForm,
    "approve": lead.ApproveForm,
    "reject": lead.RejectForm,
}
