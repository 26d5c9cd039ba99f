from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import get_template

from zhitong.core import permissions, slots

# The composition at a glance. Whoever fills or empties a slot changes this, too.
FILLED = {
    "panels": [
        "feedback",
        "feedback.visits",
        "feedback.effects",
        "feedback.thanks",
        "commons",
        "replies",
        "supervision",
        "insight",
        "drafts",
    ],
    "finders": ["cases", "enterprises", "insight"],
    "writing_panels": ["insight"],
    "beginnings": ["insight.canned", "insight.precedents"],
    "unfinished": ["insight"],
    "portal_panels": ["cases", "enterprises"],
    "firm_panels": ["cases"],
    "desk_panels": [
        "cases.calls",
        "cases",
        "cases.soundings",
        "cases.parts",
        "commons",
        "drafts",
        "replies",
        "supervision.unit",
        "supervision.uncleared",
        "supervision.weeks",
        "insight",
    ],
    "guards": ["supervision"],
    "providers": [],
    "firms_in_hand": ["cases"],
    "firms_called_in": ["cases"],
    "firm_matters": ["cases"],
    "firm_names": ["cases"],
    "leader_matters": ["cases", "feedback", "supervision"],
    "words_for_leaders": ["feedback"],
    "outside_names": ["cases", "supervision"],
    "hidden_tenants": ["cases"],
    "recomputers": ["cases", "supervision"],
    "payload_builders": [],
    "consumers": [
        "cases",
        "cases.parts",
        "cases.calls",
        "cases.callers",
        "cases.soundings",
        "commons",
        "commons.follow",
        "feedback",
        "feedback.effects",
        "feedback.thanks",
        "replies",
        "drafts.speech",
        "signin",
        "enterprises",
        "notices",
        "notices.address",
        "supervision",
        "supervision.referrals",
        "supervision.checks",
        "supervision.weeks",
        "insight",
        "webhooks",
        "webhooks.resend",
        "webhooks.pause",
    ],
    "schedules": [
        "outbox.drain",
        "audit.seal",
        "audit.anchor",
        "cases.close_unrated",
        "cases.close_silent",
        "cases.remind_silent",
        "cases.remind_rating",
        "cases.end_suspension",
        "cases.climb",
        "cases.calls",
        "cases.contact",
        "cases.soundings",
        "commons.look",
        "feedback.look",
        "feedback.visits",
        "replies.remind",
        "drafts.mail",
        "drafts.speech",
        "core.prune",
        "notices.send",
        "notices.digest",
        "notices.prune",
        "enterprises.resume_imports",
        "enterprises.resize",
        "enterprises.erase",
        "supervision.overdue",
        "supervision.make_weeks",
        "supervision.remind_weeks",
        "insight.remind",
        "webhooks.send",
        "webhooks.prune",
    ],
    "actor_sources": ["orgs", "enterprises"],
    "handovers": ["cases", "enterprises", "supervision"],
    "homes": ["workbench", "portal"],
    "lists": ["cases", "plans", "drafts", "visits", "effects", "replies", "supervision", "firms"],
    "key_scopes": [
        "firms.read",
        "firms.facts",
        "firms.changes",
        "firms.write",
        "cases.read",
        "cases.submit",
        "cases.files",
        "webhooks.keep",
    ],
}
MEMBERS = [(slot, name, member) for slot in slots.SLOTS for name, member in slot.items()]


def own(protocol: type) -> dict[str, Any]:
    """What a protocol asks for: attributes by annotation, methods by function."""
    methods = {name: value for name, value in vars(protocol).items() if inspect.isfunction(value)}
    offered = {name for name in methods if not name.startswith("__")} | ({"__call__"} & set(methods))
    return {name: methods[name] for name in sorted(offered)} | dict.fromkeys(protocol.__annotations__)


def lacks(member: Any, protocol: type) -> list[str]:
    """Name what a member does not offer as its slot asks."""
    found = []
    for name, method in own(protocol).items():
        offered = member if name == "__call__" else getattr(member, name, None)
        if offered is None or (method is not None and not callable(offered)):
            found.append(f"{name} is missing")
        elif method is not None and not takes(offered, method):
            found.append(f"{name}{inspect.signature(offered)} does not take {inspect.signature(method)}")
    return found


def takes(offered: Any, method: Any) -> bool:
    """Whether a function can be called as a protocol's method is."""
    wanted = list(inspect.signature(method).parameters.values())[1:]
    plain = [0 for row in wanted if row.kind is row.POSITIONAL_OR_KEYWORD]
    named = {row.name: 0 for row in wanted if row.kind is row.KEYWORD_ONLY}
    try:
        inspect.signature(offered).bind(*plain, **named)
    except TypeError:
        return False
    return True


def test_who_fills_which_slot() -> None:
    assert {slot.name: list(slot.names()) for slot in slots.SLOTS} == FILLED


def test_every_slot_of_the_module_is_listed() -> None:
    assert {id(slot) for slot in slots.SLOTS} == {
        id(v) for v in vars(slots).values() if isinstance(v, slots.Slot)
    }


@pytest.mark.parametrize(
    ("slot", "name", "member"), MEMBERS, ids=[f"{slot.name}-{name}" for slot, name, _ in MEMBERS]
)
def test_every_member_offers_what_its_slot_asks(slot: slots.Slot, name: str, member: Any) -> None:
    assert lacks(member, slot.protocol) == []


@pytest.mark.parametrize("protocol", [slot.protocol for slot in slots.SLOTS])
def test_a_member_that_offers_something_else_is_found(protocol: type) -> None:
    class Wrong:
        def __call__(self, one: Any, two: Any, three: Any, four: Any) -> None:
            """Take too much."""

    assert own(protocol), "a protocol that asks for nothing accepts everything"
    if protocol is not slots.Provider:  # asks for anything
        assert lacks(Wrong(), protocol)


def test_a_name_in_a_slot_is_taken_once() -> None:
    slot: slots.Slot[Any] = slots.Slot("tests", slots.Home, "a test's own")
    slot.fill("one", len)
    with pytest.raises(ValueError, match="already has one"):
        slot.fill("one", max)
    assert (slot["one"], list(slot), slot.names()) == (len, [len], ("one",))


WITH_TEMPLATES = [slots.panels, slots.portal_panels, slots.desk_panels, slots.firm_panels, slots.finders]


@pytest.mark.parametrize("slot", WITH_TEMPLATES)
def test_panels_have_their_templates(slot: slots.Slot) -> None:
    for panel in slot:
        assert get_template(panel.template)


def test_schedules_come_back_and_consumers_listen() -> None:
    assert all(schedule.every > timedelta(0) for schedule in slots.schedules)
    topics = [topic for consumer in slots.consumers for topic in consumer.topics]
    assert topics
    assert all("." in topic for topic in topics)


def test_every_permission_has_words_and_a_table() -> None:
    for name, predicate in permissions.table().items():
        assert name.count(".") == 1
        assert predicate.text
    with pytest.raises(ValueError, match=r"registered twice: \['cases.accept'\]"):
        permissions.register({"cases.accept": permissions.anyone})
