"""Who holds which posts and may do what, worked out a second time for the histories."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.support.office import STAFF

if TYPE_CHECKING:
    from tests.cases.oracle import Expected


@dataclass
class People:
    """Who holds which posts, who stands in for whom."""

    posts: dict[str, set[tuple[str, str]]]
    away: list[tuple[str, str, datetime, datetime]] = field(default_factory=list)

    def held(self, name: str, now: datetime) -> set[tuple[str, str]]:
        """Own posts, and those of absentees in departments where the person holds a post, too."""
        own = self.posts.get(name, set())
        units = {unit for unit, _ in own}
        lent = {post for who in self.replaced(name, now) for post in self.posts[who] if post[0] in units}
        return own | lent

    def replaced(self, name: str, now: datetime) -> set[str]:
        """Those whose posts the person may act in."""
        return {who for who, by, since, until in self.away if by == name and since <= now < until}

    def persons(self, name: str, now: datetime) -> set[str]:
        """The person, and those replaced who lend at least one post."""
        units = {unit for unit, _ in self.posts.get(name, set())}
        lending = {who for who in self.replaced(name, now) if units & {unit for unit, _ in self.posts[who]}}
        return {name} | lending

    def handles(self, name: str | None, unit: str | None) -> bool:
        """Whether the person holds a handler's post there."""
        return (unit, "handler") in self.posts.get(name, set())

    def behind(self, name: str, unit: str | None, now: datetime) -> str:
        """Who is in charge of what the person takes up: they themselves if a handler there, else an absentee."""
        if self.handles(name, unit):
            return name
        absent = [who for who in self.replaced(name, now) if self.handles(who, unit)]
        return min(absent, key=[row[0] for row in STAFF].index) if absent else name

    def near(self, case: Expected, now: datetime) -> list[str]:
        """Those who have something to do with the case or with one like it."""
        units = {case.intake, case.lead}
        staff = [name for name in self.posts if units & {unit for unit, _ in self.held(name, now)}]
        return [*staff, "firm_a", "firm_b", "admin_a"]

    @staticmethod
    def _oversees_lead(case: Expected, held: set[tuple[str, str]]) -> bool:
        """A dispatcher of the lead's own unit; the city's look down on everything."""
        return any((case.lead, role) in held for role in ("dispatcher", "supervisor", "leader"))

    def may(self, name: str, group: str, case: Expected, now: datetime) -> bool:
        """Whether the person belongs to a group of the flow for this case; "system" is the clock."""
        held, persons = self.held(name, now), self.persons(name, now)
        intake = (case.intake, "dispatcher") in held
        handler = (case.lead, "handler") in held
        reviewer = bool({(case.lead, "section_head"), (case.lead, "leader_in_charge")} & held)
        person = handler and case.person in persons
        overseer = bool({("city", role) for role in ("dispatcher", "supervisor", "leader")} & held)
        step = case.chain[case.signed] if case.state == "answered" else frozenset()
        signs = any((case.lead, role) in held for role in step) and case.author not in persons
        last = case.signed == len(case.chain) - 1
        answers = {
            "firm": name in {f"firm_{case.firm}", f"admin_{case.firm}"},
            "intake": intake,
            "assigning": intake or reviewer,
            "starting": person or (handler and case.person is None),
            "noting": intake or reviewer or person,
            "person": person,
            "reviewer": reviewer,
            "disputing": reviewer or person or (handler and case.person is None),
            "urging": intake or reviewer or overseer or self._oversees_lead(case, held),
            "resuming": person or intake,
            "author": handler and case.author in persons,
            "first signature": signs and not last,
            "last signature": signs and last,
            "other reviewer": reviewer and case.author not in persons,
            "system": name == "system",
        }
        return answers[group]
