"""Supervised matters of both tenants: tasks of their bureaus in every open state, a spoken one, a file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.access import people
from zhitong.core.actor import system
from zhitong.core.clock import local_date
from zhitong.supervision import services

INNER = {"a": people.INNER_A, "b": people.INNER_B}


def build(world: Any) -> None:
    """Each tenant's leader tells its bureau; A's tasks go on as far as their names say."""
    from tests.access.world import NOW, _loose, stored

    which = {"a": "own", "b": "other"}
    for tenant, case in (("b", world.cases["b:handling"]), ("a", world.cases["handling"])):
        matter = tell(world, tenant, cases=(case,))
        world.rows["matter" if tenant == "a" else "b:matter"] = matter
        world.rows["task:issued" if tenant == "a" else "b:task"] = matter.tasks.get()
    handler = world.actor(f"handler:{which['a']}")
    for state in ("signed", "reported"):
        task = services.sign(by=handler, now=NOW, task=tell(world, "a").tasks.get())
        if state == "reported":
            task = services.close_report(by=handler, now=NOW, task=task, text=f"{people.INNER_A} done")
        world.rows[f"task:{state}"] = task
    brief = services.Brief("stuck", "money", "both", people.INNER_A)
    world.rows["referral"] = services.propose(
        by=world.actor("dispatcher:own"), now=NOW, case=world.cases["handling"],
        to_department=world.units["district_a"], brief=brief,
    )  # fmt: skip
    day, tomorrow = local_date(NOW), NOW + timedelta(days=1)
    world.rows["sample"] = services.draw(
        by=world.actor("supervisor:own"), now=tomorrow, department=world.units["district_a"],
        since=day, until=day, seed="a seed",
    )  # fmt: skip
    world.rows["check"] = world.rows["sample"].checks.first()
    week = services.make_week(by=system("tick"), now=NOW, department=world.units["district_a"])
    world.rows["week"] = week
    week.items.filter(case=world.cases["dispatched"]).delete()
    world.rows["listed"] = week.items.filter(case=world.cases["handling"]).first() or services.add_to_week(
        by=world.actor("dispatcher:own"),
        now=NOW,
        week=week,
        number=world.cases["handling"].number,
        text="now",
    )
    photo = stored(f"{people.INNER_A}-note")
    world.rows["spoken"] = tell(world, "a", text="", title=people.INNER_A, medium="photo", files=(photo,))
    subject = f"supervision.matter:{world.rows['matter'].pk}"
    world.files["a:told"] = _loose(people.INNER_A, subject=subject, visible_to_firm=False)

    _measures(world)


def _measures(world: Any) -> None:
    """Orders about arrears of A that were not obeyed: as far as their names say."""
    from tests.access.world import NOW, _case

    office, handler = world.actor("supervisor:own"), world.actor("handler:own")
    for name in ("refused", "talked", "criticised"):
        case = _case(world, "a", "handling")
        type(case).objects.filter(pk=case.pk).update(kind="arrears")
        word = services.Word(
            departments=(world.units["bureau_a"],), title=people.INNER_A, text="pay", days=3, cases=(case,)
        )
        given = {"now": NOW, "task": services.order(by=office, now=NOW, word=word).tasks.get()}
        given["task"] = services.sign(by=handler, **given)
        given["task"] = services.close_report(by=handler, text="paid", **given)
        given["task"] = services.send_back(by=office, reason="not yet", **given)
        if name != "refused":
            talk = services.Talk(local_date(NOW), "the head", "here", people.INNER_A, "this week")
            given["task"] = services.talk(by=office, given=talk, **given)
        if name == "criticised":
            letter = services.Circular(local_date(NOW), people.INNER_A)
            given["task"] = services.circular(by=office, given=letter, **given)
            world.rows["circular"] = given["task"].measures.get(step="circular")
        world.rows[f"task:{name}"] = given["task"]


def tell(world: Any, tenant: str, **more: Any) -> Any:
    """A matter of a tenant's leader for its bureau."""
    from tests.access.world import NOW

    leader = world.actor("leader:own" if tenant == "a" else "leader:other")
    given = {"text": f"{INNER[tenant]} do it", "days": 3} | more
    word = services.Word(departments=(world.units[f"bureau_{tenant}"],), **given)
    return services.instruct(by=leader, now=NOW, word=word)
