"""Who acts for whom in the simulated office: actors of staff and firms, leave and leavers included."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zhitong.core.actor import Actor, Role, system
from zhitong.enterprises import queries as enterprise_queries
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import User

if TYPE_CHECKING:
    from zhitong.cases.models import Case

OFFICE = system("simulation")
LEAVE_DAYS = (2, 5)


class People:
    """The staff at a moment; remembers a day's actors, since posts change rarely."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._day: datetime | None = None
        self._actors: dict[int, Actor] = {}
        self._holders: dict[tuple[int, Role], list[int]] = {}
        self._away: dict[int, int | None] = {}

    def begin_day(self, moment: datetime) -> None:
        """Forget yesterday's posts and see who is away today, and who stands in for them."""
        self._day, self._actors, self._holders = moment, {}, {}
        running = org_queries.active_delegations(moment)
        self._away = dict(running.values_list("absentee", "stand_in"))

    def holder(self, department: int | None, role: Role) -> Actor | None:
        """Somebody present who holds the role in the department."""
        if department is None or self._day is None:
            return None
        key = (department, role)
        if key not in self._holders:
            users = org_queries.holders(department, role, now=self._day)
            self._holders[key] = list(users.values_list("pk", flat=True))
        present = [user for user in self._holders[key] if user not in self._away]
        return self.actor(self.rng.choice(present)) if present else None

    def in_charge(self, case: Case) -> Actor | None:
        """The person in charge of a case, or who stands in; any handler while nobody is in charge."""
        if case.person_id is None:
            return self.holder(case.lead_id, Role.HANDLER)
        stand_in = self._away.get(case.person_id, case.person_id)
        return self.actor(stand_in) if stand_in else None

    def actor(self, user: int) -> Actor:
        """The actor of a staff member as of today."""
        if user not in self._actors:
            self._actors[user] = org_queries.staff_actor(User.objects.get(pk=user), self._day)
        return self._actors[user]

    def of_the_firm(self, case: Case, moment: datetime) -> Actor | None:
        """Somebody of the case's firm; None while the firm is not known."""
        if case.enterprise_id is None:
            return None
        members = enterprise_queries.member_ids(case.enterprise_id)
        user = User.objects.get(pk=members[0]) if members else None
        return enterprise_queries.firm_actor(user, moment) if user else None

    def somebody_goes_on_leave(self, moment: datetime) -> None:
        """Send one handler on leave for some days, with a colleague standing in."""
        handlers = org_queries.current_postings(moment).filter(role=Role.HANDLER)
        posts = [post for post in handlers if post.user_id not in self._away]
        if not posts:
            return
        post = self.rng.choice(posts)
        colleagues = [other for other in posts if other.department_id == post.department_id and other != post]
        if colleagues:
            org_services.delegate(
                by=OFFICE,
                now=moment,
                absentee=post.user,
                stand_in=self.rng.choice(colleagues).user,
                since=moment,
                until=moment + timedelta(days=self.rng.randint(*LEAVE_DAYS)),
                reason="leave",
            )

    def somebody_leaves(self, moment: datetime) -> None:
        """Let one handler leave for good whose department has another; open cases go to that colleague."""
        posts = list(org_queries.current_postings(moment).filter(role=Role.HANDLER))
        self.rng.shuffle(posts)
        for post in posts:
            rest = [other for other in posts if other.department_id == post.department_id and other != post]
            if rest:
                org_services.leave(by=OFFICE, now=moment, user=post.user, successor=rest[0].user)
                return
