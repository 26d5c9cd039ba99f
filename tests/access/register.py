"""What hangs on the firms of the world: facts, people, contacts, imports; each of A with a twin of B."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from zhitong.core.actor import system
from zhitong.enterprises import services
from zhitong.enterprises.models import Fact, Invitation, LikelyTwin, Membership
from zhitong.enterprises.queries.exchange import digest
from zhitong.enterprises.words import ImportState
from zhitong.orgs import services_lists

SEEDER = system("test")
CODES = {"a": ("91350111MA0DEM000F", "91350111MA0DEM001G"), "b": ("91350105MA0DEM000F", "91350105MA0DEM001G")}
INVITATION = "KRJ0INC0DE23"
WORDS = {"a": "A", "b": "B"}


def _view(by: Any) -> Any:
    from tests.access.world import NOW

    return services_lists.save_view(by=by, now=NOW, place="firms", name="mine", query="size=large")


def build(world: Any) -> None:
    """Build what hangs on both firms; names in `world.rows` end in the tenant."""
    from tests.access.world import NOW
    from zhitong.kernel.codes import check_sign

    for short, token in WORDS.items():
        which = {"a": "own", "b": "other"}[short]
        region = {"a": "350111", "b": "350105"}[short]
        firm, rows = world.firms[short], world.rows
        dispatcher, handler = world.actor(f"dispatcher:{which}"), world.actor(f"handler:{which}")
        member = world.actor(f"firm_member:{which}")
        near = []
        for number in range(3):
            first = f"91{region}MA0KRT{number:03d}"[:17].ljust(17, "0")
            near.append(
                services.register(
                    by=SEEDER, now=NOW, code=first + check_sign(first), region=region,
                    name=f"KrFirm{token} twin {number}",
                )
            )  # fmt: skip
        rows[f"free:{short}"] = near[2]
        rows[f"fact:{short}"] = services.state_fact(
            by=member, now=NOW, enterprise=firm, kind="revenue", period="2025", source="firm", value=100
        )
        rows[f"title:{short}"] = services.grant_title(
            by=dispatcher, now=NOW, enterprise=firm, kind="srdi", granted_on=NOW.date() - timedelta(days=90)
        )
        rows[f"relation:{short}"] = services.relate(
            by=dispatcher, now=NOW, enterprise=firm, parent=near[0], kind="controlled"
        )
        rows[f"sponsorship:{short}"] = services.sponsor(
            by=dispatcher, now=NOW, enterprise=firm, user=world.users[f"handler:{which}"], duty="cadre"
        )
        rows[f"person:{short}"] = services.add_contact_person(
            by=dispatcher, now=NOW, enterprise=firm, name=f"KrMember{token} caller", phone="13800007777"
        )
        rows[f"seat:{short}"] = Membership.objects.get(user=world.users[f"firm_member:{which}"])
        rows[f"invitation:{short}"] = Invitation.objects.create(
            enterprise=firm, role="firm_member", digest=digest(INVITATION if short == "a" else token),
            made_at=NOW, made_by=world.users[f"firm_admin:{which}"], expires_at=NOW + timedelta(days=7),
        )  # fmt: skip
        coming = services.Coming(
            "call", "to ask", NOW.date(),
            world.units[f"bureau_{short}"],
        )  # fmt: skip
        rows[f"contact:{short}"] = services.plan_contact(by=handler, now=NOW, enterprise=firm, coming=coming)
        rows[f"merge:{short}"] = services.merge(
            by=dispatcher, now=NOW, kept=firm, dropped=near[1], reason="the same"
        )
        rows[f"twin:{short}"] = LikelyTwin.objects.create(
            first=firm, second=near[0], likeness=90, found_at=NOW
        )
        rows[f"view:{short}"] = _view(dispatcher)
        _imports(world, short, dispatcher, NOW)
    assert Fact.objects.filter(enterprise=world.firms["a"]).count() == 1
    world.rows["token"] = services.issue_token(
        by=world.actor("system_admin:own"), now=NOW, name="platform", scopes=["firms.read"], regions=["350111"],
        expires_at=NOW + timedelta(days=30),
    ).row  # fmt: skip


def _imports(world: Any, short: str, by: Any, now: Any) -> None:
    """A list that waits for its columns, and one that was brought in."""
    folder = Path(settings.MEDIA_ROOT) / "lists"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"list-{short}.jsonl"
    head = '{"sheets": [], "sheet": "", "encoding": "utf-8", "delimiter": ",", "merged": []}'
    cells = f'[2, ["91350111MA0DEM03X6", "KrFirm{WORDS[short]} row"]]'
    (folder / name).write_text(f"{head}\n{cells}\n", encoding="utf-8")
    given = services.ReceivedList(
        f"KrFirm{WORDS[short]}.csv", short * 64, name, {"labels": ["code", "name"], "last": 1, "units": {}}, 1
    )
    columns = {"0": "code", "1": "name"}
    for state in ("waits", "over"):
        batch = services.receive_list(by=by, now=now, given=given, source=f"source {short}", columns=columns)
        if state == "over":
            type(batch).objects.filter(pk=batch.pk).update(state=ImportState.DONE)
        world.rows[f"import:{short}:{state}"] = batch
