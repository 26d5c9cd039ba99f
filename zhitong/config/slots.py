"""Who fills which slot, and whose permissions stand in the table: the one page to read for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

import zhitong.cases.permissions
import zhitong.commons.permissions
import zhitong.drafts.permissions
import zhitong.enterprises.permissions
import zhitong.feedback.permissions
import zhitong.insight.permissions
import zhitong.notices.permissions
import zhitong.orgs.permissions
import zhitong.replies.permissions
import zhitong.reports.permissions
import zhitong.supervision.permissions
import zhitong.webhooks.permissions
from zhitong.cases import outside as case_outside
from zhitong.cases import queries as case_queries
from zhitong.cases import services as case_services
from zhitong.cases.leaders import leader_matters
from zhitong.cases.panels import (
    CallsPanel,
    FirmPanel,
    FoundPanel,
    OneFirmPanel,
    PartsPanel,
    SoundingsPanel,
    ToDoPanel,
)
from zhitong.cases.tasks import (
    CallOut,
    ChaseCalls,
    Climb,
    Remind,
    RemindContact,
    RunOut,
    SoundingsOver,
    TellCallers,
    TellHelpers,
    TellOfSoundings,
    TellPeople,
)
from zhitong.commons.panels import CasePanel as CommonsPanel
from zhitong.commons.panels import DeskPanel as CommonsDeskPanel
from zhitong.commons.tasks import FollowLeading, Look, TellOfProblems
from zhitong.config.schedules import Anchor, DrainOutbox, Prune, SealAudit
from zhitong.core import permissions, slots
from zhitong.drafts.panels import DeskPanel as DraftsPanel
from zhitong.drafts.panels import HeardPanel
from zhitong.drafts.tasks import AskTranscripts, FetchMail, HearDue
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises import services as enterprise_services
from zhitong.enterprises.panels import FoundPanel as FoundFirmsPanel
from zhitong.enterprises.panels import OwnFirmsPanel
from zhitong.enterprises.tasks import Erase, ResizeStale, ResumeImports, StartImports
from zhitong.feedback.queries import (
    EffectPanel,
    RatingPanel,
    ThanksPanel,
    VisitPanel,
    bad_again,
    word_for_leader,
)
from zhitong.feedback.tasks import RemindLook, RemindVisits, TellOfEffects, TellOfFeedback, TellOfThanks
from zhitong.insight import offering
from zhitong.insight.panels import CasePanel as PrecedentPanel
from zhitong.insight.panels import DeskPanel as ReviewPanel
from zhitong.insight.panels import FoundPanel as FoundPrecedentsPanel
from zhitong.insight.panels import WritingPanel
from zhitong.insight.states import left_open
from zhitong.insight.tasks import RemindUnits, TellOfPrecedents
from zhitong.notices.tasks import (
    ForgetDeliveries,
    PlanDeliveries,
    SendAddressCodes,
    SendDigests,
    SendDue,
)
from zhitong.orgs import queries as org_queries
from zhitong.orgs.signin.tasks import SendCodes
from zhitong.portal import homes as portal_homes
from zhitong.replies.panels import CasePanel as ReplyPanel
from zhitong.replies.panels import DeskPanel
from zhitong.replies.tasks import RemindMaker, TellOffice
from zhitong.supervision import outside as supervision_outside
from zhitong.supervision import queries as supervision_queries
from zhitong.supervision import services as supervision_services
from zhitong.supervision.panels import CasePanel, UnclearedPanel, UnitPanel, WeekPanel
from zhitong.supervision.tasks import (
    MakeWeeks,
    RemindWeeks,
    TellOfFalse,
    TellOfReferrals,
    TellOfWeeks,
    TellOverdue,
    TellUnits,
)
from zhitong.webhooks.tasks import PruneDeliveries, SendAgain, TellKeeper, TellPrograms
from zhitong.webhooks.tasks import SendDue as SendToPrograms
from zhitong.workbench import homes as workbench_homes


def fill() -> None:
    """Fill every slot and register every app's permissions; a second call is an error."""
    rooms = (
        zhitong.orgs,
        zhitong.notices,
        zhitong.enterprises,
        zhitong.cases,
        zhitong.commons,
        zhitong.feedback,
        zhitong.replies,
        zhitong.drafts,
        zhitong.supervision,
        zhitong.insight,
        zhitong.reports,
        zhitong.webhooks,
    )
    for app in rooms:
        permissions.register(app.permissions.PERMISSIONS)
        for name, scope in getattr(app.permissions, "KEY_SCOPES", {}).items():
            slots.key_scopes.fill(name, scope)
    slots.actor_sources.fill("orgs", org_queries.actor_posts)
    slots.actor_sources.fill("enterprises", enterprise_queries.actor_seats)
    slots.firms_in_hand.fill("cases", case_queries.in_hand)
    slots.firm_matters.fill("cases", case_queries.is_of_firm)
    slots.firm_names.fill("cases", case_services.follow_firms)
    slots.firms_called_in.fill("cases", case_queries.called_in)
    slots.homes.fill("workbench", workbench_homes.home)
    slots.homes.fill("portal", portal_homes.home)
    slots.leader_matters.fill("cases", leader_matters)
    slots.leader_matters.fill("feedback", bad_again)
    slots.leader_matters.fill("supervision", supervision_queries.stuck)
    slots.words_for_leaders.fill("feedback", word_for_leader)
    slots.guards.fill("supervision", supervision_queries.waits_for_leader)
    slots.outside_names.fill("cases", case_outside.names)
    slots.hidden_tenants.fill("cases", case_queries.with_protected)
    slots.outside_names.fill("supervision", supervision_outside.names)
    _fill_lists()
    _fill_panels()
    _fill_what_follows()
    _fill_schedules()


def _fill_lists() -> None:
    slots.lists.fill("cases", slots.Listed("cases:list", "cases.see_plans", _("All cases")))
    slots.lists.fill("plans", slots.Listed("cases:plans", "cases.see_plans", _("On the plan")))
    slots.lists.fill("drafts", slots.Listed("drafts:list", "drafts.see", _("To be entered")))
    slots.lists.fill("visits", slots.Listed("feedback:visits", "feedback.see_visits", _("Return visits")))
    slots.lists.fill("effects", slots.Listed("feedback:effects", "feedback.see_effects", _("Effects")))
    slots.lists.fill("replies", slots.Listed("replies:list", "replies.see", _("Units without accounts")))
    slots.lists.fill(
        "supervision", slots.Listed("supervision:list", "supervision.see", _("Instructions and orders"))
    )
    slots.lists.fill(
        "firms", slots.Listed("enterprises:list", "enterprises.see_register", _("Register of firms"))
    )


def _fill_panels() -> None:
    slots.panels.fill("feedback", RatingPanel())
    slots.panels.fill("feedback.visits", VisitPanel())
    slots.panels.fill("feedback.effects", EffectPanel())
    slots.panels.fill("feedback.thanks", ThanksPanel())
    slots.panels.fill("commons", CommonsPanel())
    slots.panels.fill("replies", ReplyPanel())
    slots.panels.fill("supervision", CasePanel())
    slots.panels.fill("insight", PrecedentPanel())
    slots.writing_panels.fill("insight", WritingPanel())
    slots.beginnings.fill("insight.canned", offering.Canned())
    slots.beginnings.fill("insight.precedents", offering.Precedents())
    slots.unfinished.fill("insight", left_open)
    slots.panels.fill("drafts", HeardPanel())
    slots.portal_panels.fill("cases", FirmPanel())
    slots.portal_panels.fill("enterprises", OwnFirmsPanel())
    slots.firm_panels.fill("cases", OneFirmPanel())
    slots.finders.fill("cases", FoundPanel())
    slots.finders.fill("enterprises", FoundFirmsPanel())
    slots.finders.fill("insight", FoundPrecedentsPanel())
    slots.desk_panels.fill("cases.calls", CallsPanel())
    slots.desk_panels.fill("cases", ToDoPanel())
    slots.desk_panels.fill("cases.soundings", SoundingsPanel())
    slots.desk_panels.fill("cases.parts", PartsPanel())
    slots.desk_panels.fill("commons", CommonsDeskPanel())
    slots.desk_panels.fill("drafts", DraftsPanel())
    slots.desk_panels.fill("replies", DeskPanel())
    slots.desk_panels.fill("supervision.unit", UnitPanel())
    slots.desk_panels.fill("supervision.uncleared", UnclearedPanel())
    slots.desk_panels.fill("supervision.weeks", WeekPanel())
    slots.desk_panels.fill("insight", ReviewPanel())


def _fill_what_follows() -> None:
    slots.recomputers.fill("cases", case_services.recompute_deadlines)
    slots.recomputers.fill("supervision", supervision_services.recompute_deadlines)
    slots.handovers.fill("cases", case_services.hand_over)
    slots.handovers.fill("enterprises", enterprise_services.hand_over)
    slots.handovers.fill("supervision", supervision_services.hand_over)
    slots.consumers.fill("cases", TellPeople())
    slots.consumers.fill("cases.parts", TellHelpers())
    slots.consumers.fill("cases.calls", CallOut())
    slots.consumers.fill("cases.callers", TellCallers())
    slots.consumers.fill("cases.soundings", TellOfSoundings())
    slots.consumers.fill("commons", TellOfProblems())
    slots.consumers.fill("commons.follow", FollowLeading())
    slots.consumers.fill("feedback", TellOfFeedback())
    slots.consumers.fill("feedback.effects", TellOfEffects())
    slots.consumers.fill("feedback.thanks", TellOfThanks())
    slots.consumers.fill("replies", TellOffice())
    slots.consumers.fill("drafts.speech", AskTranscripts())
    slots.consumers.fill("signin", SendCodes())
    slots.consumers.fill("enterprises", StartImports())
    slots.consumers.fill("notices", PlanDeliveries())
    slots.consumers.fill("notices.address", SendAddressCodes())
    slots.consumers.fill("supervision", TellUnits())
    slots.consumers.fill("supervision.referrals", TellOfReferrals())
    slots.consumers.fill("supervision.checks", TellOfFalse())
    slots.consumers.fill("supervision.weeks", TellOfWeeks())
    slots.consumers.fill("insight", TellOfPrecedents())
    slots.consumers.fill("webhooks", TellPrograms())
    slots.consumers.fill("webhooks.resend", SendAgain())
    slots.consumers.fill("webhooks.pause", TellKeeper())


def _fill_schedules() -> None:
    slots.schedules.fill("outbox.drain", DrainOutbox())
    slots.schedules.fill("audit.seal", SealAudit())
    slots.schedules.fill("audit.anchor", Anchor())
    slots.schedules.fill("cases.close_unrated", RunOut("reviewed", "close_unrated"))
    slots.schedules.fill("cases.close_silent", RunOut("returned", "close_silent"))
    slots.schedules.fill("cases.remind_silent", Remind("returned", "remind_silent"))
    slots.schedules.fill("cases.remind_rating", Remind("reviewed", "remind_rating"))
    slots.schedules.fill("cases.end_suspension", RunOut("suspended", "end_suspension"))
    slots.schedules.fill("cases.climb", Climb())
    slots.schedules.fill("cases.calls", ChaseCalls())
    slots.schedules.fill("cases.contact", RemindContact())
    slots.schedules.fill("cases.soundings", SoundingsOver())
    slots.schedules.fill("commons.look", Look())
    slots.schedules.fill("feedback.look", RemindLook())
    slots.schedules.fill("feedback.visits", RemindVisits())
    slots.schedules.fill("replies.remind", RemindMaker())
    slots.schedules.fill("drafts.mail", FetchMail())
    slots.schedules.fill("drafts.speech", HearDue())
    slots.schedules.fill("core.prune", Prune())
    slots.schedules.fill("notices.send", SendDue())
    slots.schedules.fill("notices.digest", SendDigests())
    slots.schedules.fill("notices.prune", ForgetDeliveries())
    slots.schedules.fill("enterprises.resume_imports", ResumeImports())
    slots.schedules.fill("enterprises.resize", ResizeStale())
    slots.schedules.fill("enterprises.erase", Erase())
    slots.schedules.fill("supervision.overdue", TellOverdue())
    slots.schedules.fill("supervision.make_weeks", MakeWeeks())
    slots.schedules.fill("supervision.remind_weeks", RemindWeeks())
    slots.schedules.fill("insight.remind", RemindUnits())
    slots.schedules.fill("webhooks.send", SendToPrograms())
    slots.schedules.fill("webhooks.prune", PruneDeliveries())
