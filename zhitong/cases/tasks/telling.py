"""Who is told what after a case, a part of it or a call has moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries, services
from zhitong.cases.models import Assist, Call, Case
from zhitong.cases.states import AssistState, Whom, extended_by_lead, is_urgent
from zhitong.core.actor import Role, system
from zhitong.core.clock import local_date
from zhitong.enterprises import queries as enterprise_queries
from zhitong.orgs import queries as orgs_queries
from zhitong.orgs import services as orgs_services
from zhitong.orgs.states import SIGNING, chain_steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from zhitong.core.models import OutboxMessage

FIRM = {
    "cases.accept": gettext_noop("Your case “%(title)s” was accepted by %(unit)s."),
    "cases.return": gettext_noop(
        "Your case “%(title)s” needs a supplement. Please open it and add what is missing."
    ),
    "cases.split": gettext_noop("Your case “%(title)s” was split, so that each matter gets its own answer."),
    "cases.merge": gettext_noop(
        "Your case “%(title)s” is handled together with others about the same matter, and answered with them."
    ),
    "cases.separate": gettext_noop("Your case “%(title)s” is handled on its own again."),
    "cases.follow": gettext_noop(
        "The date for your case “%(title)s” has changed: the answer is due by %(due)s now."
    ),
    "cases.answer_merged": gettext_noop(
        "Your case “%(title)s” has been answered. Please read the answer and rate it."
    ),
    "cases.remind_silent": gettext_noop(
        "Your case “%(title)s” still waits for your supplement. Without it the case ends soon."
    ),
    "cases.remind_rating": gettext_noop(
        "Your case “%(title)s” has its answer. Please rate it: two taps help us to do better."
    ),
    "cases.reopen_visited": gettext_noop(
        "You were not satisfied, so your case “%(title)s” is handled again."
    ),
    "cases.refuse": gettext_noop("Your case “%(title)s” was not accepted. Please read where it belongs."),
    "cases.close_silent": gettext_noop(
        "Your case “%(title)s” has ended because no supplement came. You can report it again at any time."
    ),
    "cases.grant_extension": gettext_noop(
        "Your case “%(title)s” takes longer. Please read the reason and the new date."
    ),
    "cases.reclassify": gettext_noop(
        "Your case “%(title)s” is of another kind than was thought. Please read the reason and the date."
    ),
    "cases.grant_suspension": gettext_noop("Your case “%(title)s” is suspended. Please read the reason."),
    "cases.resume": gettext_noop("%(unit)s goes on with your case “%(title)s”."),
    "cases.end_suspension": gettext_noop(
        "The suspension of your case “%(title)s” is over. %(unit)s goes on with it."
    ),
    "cases.take_up": gettext_noop(
        "The plan for your case “%(title)s” is done. %(unit)s is working on the answer."
    ),
    "cases.grant_plan": gettext_noop(
        "Your case “%(title)s” was put on the plan. Please read the stages and their dates."
    ),
    "cases.stage": gettext_noop("A stage of your case “%(title)s” is done."),
    "cases.reopen": gettext_noop("Your case “%(title)s” is being handled again."),
    "cases.reopen_rated": gettext_noop("You were not satisfied, so your case “%(title)s” is handled again."),
    "cases.start": gettext_noop("%(unit)s is now working on your case “%(title)s”."),
    "cases.approve": gettext_noop(
        "Your case “%(title)s” has been answered. Please read the answer and rate it."
    ),
    "cases.answer_for": gettext_noop(
        "Your case “%(title)s” has been answered. Please read the answer and rate it."
    ),
    "cases.close": gettext_noop("Your case “%(title)s” is closed."),
    "cases.close_unrated": gettext_noop("Your case “%(title)s” is closed: the time for a rating has passed."),
}
STAFF = {
    "cases.submit": gettext_noop("New case to accept: “%(title)s”."),
    "cases.pass_up": gettext_noop("A case was checked below and passed up to you: “%(title)s”."),
    "cases.call_late": gettext_noop("Urgent, and nobody has made the call: “%(title)s”. Please see to it."),
    "cases.call_missed": gettext_noop("Urgent, and nobody answers the phone: “%(title)s”. Please see to it."),
    "cases.supplement": gettext_noop("The supplement has come in: “%(title)s”."),
    "cases.withdraw": gettext_noop("The firm has withdrawn its case “%(title)s”."),
    "cases.dispatch": gettext_noop("A case was dispatched to you: “%(title)s”."),
    "cases.redispatch": gettext_noop("A case was dispatched to you: “%(title)s”."),
    "cases.reclassify": gettext_noop("Your case is of another kind now; look at its deadline: “%(title)s”."),
    "cases.assign": gettext_noop("You are in charge of the case “%(title)s”."),
    "cases.hand_over": gettext_noop("You are in charge of the case “%(title)s”."),
    "cases.answer": gettext_noop("An answer waits for your review: “%(title)s”."),
    "cases.reject": gettext_noop("Your answer was sent back for revision: “%(title)s”."),
    "cases.take_back_dispatch": gettext_noop(
        "The dispatch to your department was taken back; the case is no longer yours: “%(title)s”."
    ),
    "cases.take_back_answer": gettext_noop(
        "The answer that waited for your signature was taken back by its author: “%(title)s”."
    ),
    "cases.rate": gettext_noop("The firm has rated its case: “%(title)s”."),
    "cases.alarm": gettext_noop("Overdue and not moving: “%(title)s”. Please see to it."),
    "cases.object": gettext_noop("An objection waits for your decision today: “%(title)s”."),
    "cases.overrule": gettext_noop("The objection was not upheld; your department is the lead: “%(title)s”."),
    "cases.transfer": gettext_noop("A case was dispatched to you: “%(title)s”."),
    "cases.ask_extension": gettext_noop("A request for an extension waits for you: “%(title)s”."),
    "cases.ask_suspension": gettext_noop("A request for a suspension waits for you: “%(title)s”."),
    "cases.ask_plan": gettext_noop("A request for a place on the plan waits for you: “%(title)s”."),
    "cases.grant_extension": gettext_noop("Your request was granted: “%(title)s”."),
    "cases.grant_suspension": gettext_noop("Your request was granted: “%(title)s”."),
    "cases.grant_plan": gettext_noop("Your request was granted: “%(title)s”."),
    "cases.decline": gettext_noop("Your request was declined: “%(title)s”."),
    "cases.end_suspension": gettext_noop("The suspension is over, the clock runs again: “%(title)s”."),
    "cases.review": gettext_noop("An answer waits for your signature: “%(title)s”."),
    "cases.uphold": gettext_noop("Your objection was upheld; the case is no longer yours: “%(title)s”."),
    "cases.urge": gettext_noop("The firm asks how its case stands: “%(title)s”."),
    "cases.remind": gettext_noop("You are urged to move on with “%(title)s”."),
    "cases.append": gettext_noop("The firm has added something to its closed case: “%(title)s”."),
    "cases.reopen": gettext_noop("A closed case is yours again: “%(title)s”."),
    "cases.reopen_visited": gettext_noop("The firm was not satisfied; the case is yours again: “%(title)s”."),
    "cases.reopen_rated": gettext_noop("The firm was not satisfied; the case is yours again: “%(title)s”."),
}
CALLS = {
    Whom.FIRM: gettext_noop("Urgent: please ring the firm now about “%(title)s”."),
    Whom.UNIT: gettext_noop("Urgent: please ring the department in charge now about “%(title)s”."),
}
TO_THE_LEAD = ("dispatch", "redispatch", "transfer", "reopen", "reopen_rated", "reopen_visited")
OTHERWISE = ("cases.reclassify", "cases.alarm")
ASSIST = {
    AssistState.SENT: gettext_noop("Your department is asked to help with “%(title)s”."),
    AssistState.TAKEN: gettext_noop("A part of “%(title)s” is yours."),
    AssistState.RETURNED: gettext_noop("A helping department objects: “%(title)s”. Please decide."),
    AssistState.ANSWERED: gettext_noop("A helping department has replied: “%(title)s”."),
    AssistState.CANCELLED: gettext_noop("A part is not needed any more: “%(title)s”."),
}


class TellHelpers:
    """Tells those concerned what happened to another department's part."""

    topics = frozenset({"cases.assist"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages of one step; whoever took it is not told."""
        assist = Assist.objects.select_related("case").get(pk=message.payload["assist"])
        orgs_services.notify(
            users=set(those_who_see(assist.case, _helpers(assist, now), now)) - {message.payload.get("by")},
            msgid=ASSIST[AssistState(assist.state)],
            params={"title": assist.case.title},
            subject=f"case:{assist.case_id}",
            source=f"outbox:{message.pk}",
            event=message.topic,
            now=now,
        )


def _helpers(assist: Assist, now: datetime) -> list[int]:
    if assist.state == AssistState.RETURNED:
        person = [assist.case.person_id] if assist.case.person_id else []
        return [*person, *holders(assist.case.intake_id, (Role.DISPATCHER,), now)]
    if assist.state == AssistState.ANSWERED:
        lead = holders(assist.case.lead_id, (Role.HANDLER,), now)
        return [assist.case.person_id] if assist.case.person_id else lead
    return [assist.person_id] if assist.person_id else holders(assist.department_id, (Role.HANDLER,), now)


class TellPeople:
    """Gives each person concerned one message about a move, in the delivery's own transaction."""

    topics = frozenset(FIRM) | frozenset(STAFF)

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages of one move; whoever moved the case is not told."""
        case = Case.objects.select_related("accountable", "enterprise").get(pk=message.payload["case"])
        staff = _staff(message, case, now)
        if message.topic not in LOST:
            staff = those_who_see(case, staff, now)
        for texts, users in ((FIRM, _firm(case)), (STAFF, staff)):
            if message.topic in texts:
                orgs_services.notify(
                    users=set(users) - {message.payload.get("by")},
                    msgid=texts[message.topic],
                    params={"title": case.title, "unit": case.accountable.name, "due": _due(case)},
                    subject=f"case:{case.pk}",
                    source=f"outbox:{message.pk}",
                    event=message.topic,
                    now=now,
                )


# Who is told of these had the case in sight until now, and knows what it is about.
LOST = frozenset({"cases.take_back_dispatch"})


def _due(case: Case) -> str:
    return local_date(case.due_at).isoformat() if case.due_at else ""


def those_who_see(case: Case, users: list[int], now: datetime) -> list[int]:
    """Of people those in whose sight a confidential case lies: its title must not reach the others."""
    if not case.confidential:
        return users
    people = orgs_queries.staff().filter(pk__in=users)
    return [user.pk for user in people if queries.sees(orgs_queries.staff_actor(user, now), case)]


def _firm(case: Case) -> list[int]:
    return enterprise_queries.member_ids(case.enterprise_id) if case.enterprise_id else []


HEADS = (Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
TO_INTAKE = frozenset(
    f"cases.{name}"
    for name in (
        "submit",
        "supplement",
        "pass_up",
        "separate",
        "rate",
        "object",
        "append",
        "ask_extension",
        "ask_suspension",
        "ask_plan",
    )
)


# Whom a topic concerns whatever the case's state is; the rest follows from the state.
CONCERNED: dict[str, Callable[[OutboxMessage, Case, datetime], list[int]]] = {
    "cases.alarm": lambda message, _, now: _next_level(
        Role(message.payload["role"]), message.payload["department"], now
    ),
    "cases.call_missed": lambda _, case, now: _next_level(Role.LEADER_IN_CHARGE, case.accountable_id, now),
    "cases.call_late": lambda _, case, now: _next_level(Role.LEADER_IN_CHARGE, case.intake_id, now),
    "cases.uphold": lambda _, case, __: _last_by(case, "object"),
    "cases.take_back_dispatch": lambda _, case, now: _who_had_it(case, now),
    "cases.take_back_answer": lambda _, case, now: _signers(case, 0, now),
}


def _staff(message: OutboxMessage, case: Case, now: datetime) -> list[int]:
    topic = message.topic
    if topic in CONCERNED:
        return CONCERNED[topic](message, case, now)
    if topic == "cases.ask_extension" and extended_by_lead(case.sla_version, case.kind):
        return holders(case.lead_id, HEADS, now)
    if topic in TO_INTAKE:
        return holders(case.intake_id, (Role.DISPATCHER,), now)
    if case.state == "answered":
        return _signers(case, case.chain_step, now)
    if topic in {"cases.urge", "cases.remind"} and case.accountable_id == case.intake_id:
        return holders(case.intake_id, (Role.DISPATCHER,), now)
    if case.person_id:
        return [case.person_id]
    return holders(case.lead_id, (Role.HANDLER,), now)


def _signers(case: Case, step: int, now: datetime) -> list[int]:
    return holders(case.lead_id, chain_steps(case.chain or SIGNING)[step], now)


def _last_by(case: Case, action: str) -> list[int]:
    last = case.entries.filter(action=action, by_user__isnull=False).order_by("-id").first()
    return [last.by_user_id] if last else []


def _who_had_it(case: Case, now: datetime) -> list[int]:
    """The person who had the case in the last stretch, or the handlers of the unit that had it."""
    last = case.stretches.order_by("-seq").first()
    if last is None:
        return []
    return [last.person_id] if last.person_id else holders(last.accountable_id, (Role.HANDLER,), now)


def _next_level(role: Role, department: int, now: datetime) -> list[int]:
    """Those who hold a role in the department, or in the nearest one above it where somebody does."""
    return list(orgs_queries.nearest(role, department, now=now).values_list("pk", flat=True))


def holders(department: int | None, roles: tuple[Role, ...], now: datetime) -> list[int]:
    """Return who holds one of the roles in a department, by key; nobody where there is no department."""
    if department is None:
        return []
    return list(orgs_queries.holders(department, *roles, now=now).values_list("pk", flat=True))


class CallOut:
    """Asks for the telephone calls that a step of an urgent case makes necessary."""

    topics = frozenset({"cases.submit", *(f"cases.{name}" for name in TO_THE_LEAD), *OTHERWISE})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Ask the intake unit to ring the firm about a new case, and the lead about one that came to it."""
        case = Case.objects.select_related("intake", "accountable").get(pk=message.payload["case"])
        if case.ended_at is not None or not is_urgent(case.sla_version, case.kind):
            return
        whom = Whom.FIRM if message.topic == "cases.submit" else Whom.UNIT
        if whom == Whom.UNIT and case.accountable_id == case.intake_id:
            return  # nobody rings themselves
        services.ask_to_call(
            by=system("outbox"), now=now, case=case, whom=whom, source=f"outbox:{message.pk}"
        )


class TellCallers:
    """Tells who is on duty in the unit that has to make a call, or else everybody who dispatches there."""

    topics = frozenset({"cases.call"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages of one call."""
        call = Call.objects.select_related("case").get(pk=message.payload["call"])
        dispatching = set(holders(call.caller_id, (Role.DISPATCHER,), now))
        on_duty = {user.pk for user in orgs_queries.on_duty(call.caller_id, now)} & dispatching
        orgs_services.notify(
            users=those_who_see(call.case, sorted(on_duty or dispatching), now),
            msgid=CALLS[Whom(call.whom)],
            params={"title": call.case.title},
            subject=f"case:{call.case_id}",
            source=f"outbox:{message.pk}",
            event=message.topic,
            now=now,
        )
