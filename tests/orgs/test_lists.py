"""How somebody likes to see a list: views of one's own, and filters that stay while one is signed in."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.world import NOW
from zhitong.core import slots
from zhitong.core.errors import FieldError, NotPermittedError
from zhitong.core.models import AuditEvent
from zhitong.orgs import queries, services_lists
from zhitong.orgs.models import SavedView

pytest_plugins = ["tests.access.fixtures"]

LISTS = slots.lists.names()
# A filter that each list understands.
FILTERS = {
    "cases": "state=handling",
    "plans": "grade=A",
    "drafts": "state=dropped",
    "visits": "late=on",
    "effects": "state=expected",
    "replies": "unit=1",
    "supervision": "standing=overdue",
    "firms": "size=large",
}


def client(world: Any, person: str = "dispatcher:own") -> Any:
    return world.doors.client(person)


@pytest.mark.parametrize("place", LISTS)
def test_a_list_comes_back_as_it_was_left(world: Any, place: str) -> None:
    browser, address = client(world), reverse(slots.lists[place].address)
    query = FILTERS[place]
    assert browser.get(address).status_code == 200
    assert browser.get(f"{address}?{query}&page=1").status_code == 200
    back = browser.get(address)
    assert (back.status_code, back.url) == (302, f"{address}?{query}")
    shown = browser.get(back.url).content.decode()
    assert f'href="{address}?clear"' in shown
    cleared = browser.get(f"{address}?clear")
    assert (cleared.status_code, cleared.url) == (302, address)
    assert browser.get(address).status_code == 200


def test_a_deep_link_wins_and_is_what_is_kept_next(world: Any) -> None:
    browser, address = client(world), reverse("cases:list")
    browser.get(f"{address}?state=handling")
    assert browser.get(f"{address}?state=closed&q=").context["query"] == "state=closed"
    assert browser.get(address).url == f"{address}?state=closed"


def test_filters_that_are_all_empty_are_no_filters(world: Any) -> None:
    browser, address = client(world), reverse("cases:list")
    browser.get(f"{address}?state=handling")
    assert browser.get(f"{address}?state=&q=&category=").status_code == 200
    assert browser.get(address).status_code == 200


def test_what_one_person_kept_no_other_meets(world: Any) -> None:
    address = reverse("cases:list")
    client(world).get(f"{address}?state=handling")
    assert client(world, "handler:own").get(address).status_code == 200


def test_a_lot_that_may_be_gone_is_not_kept(world: Any) -> None:
    browser, address = client(world), reverse("drafts:list")
    browser.get(f"{address}?lot=999999")
    browser.get(f"{address}?lot=999999&state=open")
    assert browser.get(address).status_code == 200


def test_a_firm_keeps_no_filters(world: Any) -> None:
    browser, address = client(world, "firm_member:own"), reverse("cases:list")
    browser.get(f"{address}?state=handling")
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("place", LISTS)
def test_a_view_stands_above_its_list_and_nowhere_else(world: Any, place: str) -> None:
    browser = client(world)
    query = FILTERS[place]
    given = {"place": place, "name": "mine, kept", "query": query}
    saved = browser.post(reverse("orgs:save_view"), given)
    assert saved.url == f"{reverse(slots.lists[place].address)}?{query}"
    for other in LISTS:
        shown = browser.get(f"{reverse(slots.lists[other].address)}?page=1").content.decode()
        assert ("mine, kept" in shown) == (other == place)


def test_views_cost_one_query_however_many(world: Any) -> None:
    browser, actor = client(world), world.actor("dispatcher:own")
    counts = []
    for number in (1, 9):
        for at in range(number):
            services_lists.save_view(by=actor, now=NOW, place="cases", name=f"v{at}", query="late=on")
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("cases:list") + "?page=1")
        counts.append(len([row for row in asked if "savedview" in row["sql"]]))
    assert counts == [1, 1]


def test_a_deleted_view_comes_back_by_undo(world: Any) -> None:
    browser, view = client(world), world.rows["view:a"]
    page = browser.post(reverse("orgs:delete_view", args=[view.pk]), follow=True)
    assert not SavedView.objects.filter(pk=view.pk).exists()
    message = next(iter(page.context["messages"]))
    form = message_form(message)
    assert form["url"] == reverse("orgs:restore_view")
    assert f'name="query" value="{view.query}"' in page.content.decode()
    browser.post(form["url"], form["fields"])
    back = SavedView.objects.get(place=view.place, name=view.name, user=view.user_id)
    assert back.query == view.query
    events = AuditEvent.objects.filter(action__in=["orgs.delete_view", "orgs.restore_view"], result="done")
    assert set(events.values_list("action", flat=True)) == {"orgs.delete_view", "orgs.restore_view"}


def message_form(message: Any) -> dict[str, Any]:
    from zhitong.core.undo import offered

    form = offered(message.extra_tags)
    assert form is not None
    return form


def test_undo_of_a_view_does_not_overwrite_a_newer_one(world: Any) -> None:
    actor = world.actor("dispatcher:own")
    services_lists.save_view(by=actor, now=NOW, place="cases", name="n", query="late=on")
    with pytest.raises(FieldError):
        services_lists.restore_view(by=actor, now=NOW, place="cases", name="n", query="state=closed")
    assert queries.saved_views(actor).get(name="n", place="cases").query == "late=on"


def test_whoever_may_not_open_a_list_keeps_no_view_of_it(world: Any) -> None:
    for person, place in (("system_admin:own", "firms"), ("firm_member:own", "cases")):
        with pytest.raises(NotPermittedError):
            services_lists.save_view(by=world.actor(person), now=NOW, place=place, name="n", query="")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"place": "kitchen"}, "place"),
        ({"name": "  "}, "name"),
        ({"query": "q" * 1001}, "name"),
    ],
)
def test_what_cannot_be_kept_is_said(world: Any, given: dict[str, str], field: str) -> None:
    asked = {"place": "cases", "name": "n", "query": "late=on", **given}
    with pytest.raises(FieldError) as refusal:
        services_lists.save_view(by=world.actor("dispatcher:own"), now=NOW, **asked)
    assert refusal.value.field == field


def test_a_list_has_thirty_views_at_most(world: Any) -> None:
    actor = world.actor("dispatcher:own")
    for at in range(services_lists.MOST):
        services_lists.save_view(by=actor, now=NOW, place="cases", name=f"v{at}", query="late=on")
    services_lists.save_view(by=actor, now=NOW, place="cases", name="v0", query="state=closed")
    with pytest.raises(FieldError):
        services_lists.save_view(by=actor, now=NOW, place="cases", name="more", query="late=on")
    services_lists.save_view(by=actor, now=NOW, place="plans", name="more", query="")


def test_messages_marked_as_read_wait_again_by_undo(world: Any) -> None:
    person = "handler:own"
    unread = world.users[person].notices.filter(read_at__isnull=True)
    before = set(unread.values_list("pk", flat=True))
    assert before
    browser = client(world, person)
    page = browser.post(reverse("workbench:notices"), follow=True)
    assert not unread.exists()
    form = message_form(next(iter(page.context["messages"])))
    browser.post(form["url"], form["fields"])
    assert set(unread.values_list("pk", flat=True)) == before
