"""What the simulated people do with a case in each state; every step is a service."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from zhitong.cases import services
from zhitong.cases.models import Case
from zhitong.cases.states import Outcome, Visibility, Way, flow
from zhitong.core.actor import Role
from zhitong.feedback import services as feedback_services
from zhitong.orgs import queries as org_queries
from zhitong.supervision import queries as supervision_queries
from zhitong.supervision import services as supervision_services
from zhitong.supervision.models.referrals import TEXTS
from zhitong.supervision.states import ReferralState

if TYPE_CHECKING:
    from zhitong.config.simulation.people import People
    from zhitong.core.actor import Actor

KINDS = ("consult", "normal", "normal", "normal", "complex")
GRADES = (5, 5, 5, 5, 4, 4, 4, 3, 2, 1)
OUTCOMES = (Outcome.SOLVED, Outcome.SOLVED, Outcome.PARTLY, Outcome.EXPLAINED)
CALLED = 0.85  # of the cases taken up, those whose firm is rung the same day
# Days from dispatch to the answer, by kind: most in time, some late.
HANDLING = {"consult": (1, 4), "normal": (2, 9), "complex": (5, 18)}


class Steps:
    """The habits of the office; `words` gives each case its texts and what people decide on it."""

    def __init__(self, rng: random.Random, people: People, words: Any) -> None:
        self.rng = rng
        self.people = people
        self.words = words

    def take(self, case: Case, moment: datetime) -> bool:
        """Do what comes next with the case at this moment, or nothing; True if something was done."""
        step = getattr(self, f"_{case.state}", None)
        return bool(step and step(case, moment))

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _submitted(self, case: Case, moment: datetime) -> bool:
        by = self.people.holder(case.intake_id, Role.DISPATCHER)
        if by is None or not self._chance(0.85):
            return False
        fresh = not case.stretches.filter(state="returned").exists()
        if case.enterprise_id and fresh and self._chance(0.08):
            services.return_for_supplement(by=by, now=moment, case=case, reason=self.words.missing)
        else:
            kind = self.words.kind(case) or self.rng.choice(KINDS)
            category = self.words.category(case, moment)
            services.accept(by=by, now=moment, case=case, kind=kind, category=category)
        return True

    def _returned(self, case: Case, moment: datetime) -> bool:
        by = self.people.of_the_firm(case, moment)
        if by is None or not self._chance(0.5):
            return False
        services.supplement(by=by, now=moment, case=case, text=self.words.supplement)
        return True

    def _accepted(self, case: Case, moment: datetime) -> bool:
        by = self.people.holder(case.intake_id, Role.DISPATCHER)
        if by is None or not self._chance(0.85):
            return False
        lead = self.words.lead(case) or self.rng.choice(list(org_queries.leads()))
        handlers = list(org_queries.holders(lead.pk, Role.HANDLER, now=moment))
        person = self.rng.choice(handlers) if handlers and self._chance(0.8) else None
        services.dispatch(by=by, now=moment, case=case, lead=lead, person=person)
        return True

    def _dispatched(self, case: Case, moment: datetime) -> bool:
        by = self.people.in_charge(case)
        if by is None or not self._chance(0.7):
            return False
        dispatcher = self.people.holder(case.intake_id, Role.DISPATCHER)
        if dispatcher and self._chance(0.03):
            lead = self.rng.choice(list(org_queries.leads()))
            services.redispatch(by=dispatcher, now=moment, case=case, lead=lead, reason=self.words.redispatch)
        else:
            self._call(by, services.start(by=by, now=moment, case=case), moment)
        return True

    def _call(self, by: Actor, case: Case, moment: datetime) -> Case:
        """Ring the firm the first time, if somebody thinks of it today; the same cases in every past."""
        thought = random.Random(f"{case.number} {moment:%j}").random() < CALLED  # noqa: S311 - a simulation
        known = "contact" in flow(case.flow_version).actions  # cases of the first flow do not know it
        if case.contacted_at is not None or not thought or not known:
            return case
        return services.contact(by=by, now=moment, case=case, way=Way.CALL, text=self.words.called)

    def _handling(self, case: Case, moment: datetime) -> bool:
        by = self.people.in_charge(case)
        if by is None:
            return False
        case = self._call(by, case, moment)
        # The pace of a case is its own: the same at every look, whatever happens to the others.
        pace = random.Random(case.number)  # noqa: S311 - a simulation
        days = pace.randint(*HANDLING[case.kind])
        if moment - case.clock_started_at < timedelta(days=days):
            if self._chance(0.15):
                visibility = Visibility.FIRM if self._chance(0.6) else Visibility.INTERNAL
                text = self.words.note(case)
                services.note(by=by, now=moment, case=case, text=text, visibility=visibility)
                return True
            return False
        outcome = self.words.outcome(case) or self.rng.choice(OUTCOMES)
        services.answer(by=by, now=moment, case=case, text=self.words.answer(case), outcome=outcome)
        return True

    def _answered(self, case: Case, moment: datetime) -> bool:
        by = self.people.holder(case.lead_id, Role.SECTION_HEAD)
        if by is None or not self._chance(0.8):
            return False
        if self._chance(0.08):
            services.reject(by=by, now=moment, case=case, reason=self.words.reject)
        else:
            services.approve(by=by, now=moment, case=case)
        return True

    def _reviewed(self, case: Case, moment: datetime) -> bool:
        by = self.people.of_the_firm(case, moment)
        if by is None or not self._chance(0.3):
            return False
        feedback_services.rate(
            by=by, now=moment, case=case, stars=self.rng.choice(GRADES), comment=self.words.comment(case)
        )
        return True

    def _rated(self, case: Case, moment: datetime) -> bool:
        by = self.people.holder(case.intake_id, Role.DISPATCHER)
        if by is None or not self._chance(0.6):
            return False
        if services.held_back(case, "close"):
            return self._before_leader(by, case, moment)
        services.close(by=by, now=moment, case=case, outcome=case.outcome)
        return True

    def _before_leader(self, by: Actor, case: Case, moment: datetime) -> bool:
        """Lay a case before a leader whose firm is still dissatisfied, and let the leader decide then."""
        waiting = case.referrals.filter(state=ReferralState.OPEN).first()
        words = self.words.before_leader
        if waiting is None:
            unit = supervision_queries.with_leader(case, moment).first()
            if unit is None:
                return False
            brief = supervision_services.Brief(*(words[name] for name in TEXTS))
            supervision_services.propose(by=by, now=moment, case=case, to_department=unit, brief=brief)
            return True
        leader = self.people.holder(waiting.to_department_id, Role.LEADER)
        if leader is None:
            return False
        supervision_services.decide(by=leader, now=moment, referral=waiting, words=words["decision"])
        return True
