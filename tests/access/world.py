"""Two tenants that have nothing in common, with a case in every state, made by the services.

Each of A and B has a firm, a district that takes its cases in, and a bureau that answers them. The city stands
above both. Everything that belongs to one of them carries its token (see people.py).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from tests.access import commons, people, programs, register, supervised
from tests.access.people import ACCOUNTS, Person
from tests.support.asides import FROM, aside
from zhitong.cases import services as case_services
from zhitong.cases.models import Case, Entry
from zhitong.config.commands import load_calendar
from zhitong.core import services as core_services
from zhitong.core.actor import Actor, Role, outside, system
from zhitong.core.models import CalendarDay, Upload
from zhitong.core.uploads.inspect import Inspected
from zhitong.drafts import services as draft_services
from zhitong.drafts.states import Source
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises import services as enterprise_services
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import User
from zhitong.replies import queries as reply_queries
from zhitong.replies import services as reply_services
from zhitong.replies.permissions import scope

NOW = datetime(2026, 6, 5, 1, 0, 15, tzinfo=UTC)  # Friday 2026-06-05 09:00 in the city
SEEDER = system("test")
PASSWORD = "a long test password"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# (name, tier, parent, region, intake); the names of units are public to staff
UNITS = [
    ("city", "city", "", "350100", True),
    ("district_a", "county", "city", "350111", True),
    ("district_b", "county", "city", "350105", True),
    ("bureau_a", "county", "district_a", "", False),
    ("bureau_b", "county", "district_b", "", False),
    ("station_a", "town", "bureau_a", "", False),
    ("outside_a", "county", "district_a", "", False),  # nobody signs in there
]
FIRMS = {"a": ("91350111MA0DEM03X5", "350111"), "b": ("91350105MA0DEM021P", "350105")}
TENANT_OF = {"city": "Top", "district_a": "A", "bureau_a": "A", "district_b": "B", "bureau_b": "B"}
TOKENS_OF = {
    "a": {name: getattr(people, f"{name.upper()}_A") for name in ("early", "case", "inner", "draft", "file")},
    "b": {name: getattr(people, f"{name.upper()}_B") for name in ("early", "case", "inner", "draft", "file")},
}
UNAPPROVED = "explained"  # the outcome that only answers without approval have
EARLY = ("submitted", "returned", "accepted", "withdrawn", "refused")
ASIDE = ("objected", "suspended", "planned", "ask_extension", "ask_suspension", "ask_plan")
LED = (
    *ASIDE,
    "signed",
    "secret",
    "dispatched",
    "unassigned",
    "handling",
    "answered",
    "reviewed",
    "rated",
    "closed",
    "merged",
)


@dataclass
class World:
    """What was built, by short names; `cases["handling"]` is A's, `cases["b:handling"]` is B's."""

    units: dict[str, Any] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    firms: dict[str, Any] = field(default_factory=dict)
    cases: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)

    def actor(self, key: str, now: datetime = NOW) -> Actor:
        """The actor of a person, outside a request."""
        make = enterprise_queries.firm_actor if key.startswith("firm") else org_queries.staff_actor
        return make(self.users[key], now)


def build() -> World:
    """Build the world through the services; takes about two seconds."""
    world = World()
    load_calendar.load([2025, 2026])
    for name, tier, parent, region, intake in UNITS:
        world.units[name] = org_services.create_department(
            by=SEEDER, now=NOW, name=f"示例{name}", name_en=f"Example {name}", tier=tier, local_code=name.replace("_", "-"),
            parent=world.units.get(parent), region=region, intake=intake,
        )  # fmt: skip
    for short, (code, region) in FIRMS.items():
        world.firms[short] = enterprise_services.register(
            by=SEEDER, now=NOW, code=code, name=f"KrFirm{short.upper()}", region=region
        )
    shared = make_password(PASSWORD)
    for person in ACCOUNTS:
        world.users[person.key] = _account(world, person, shared)
    for who, role in (("handler:same", Role.HANDLER), ("section_head:own", Role.SECTION_HEAD)):
        org_services.add_post(
            by=SEEDER, now=NOW, user=world.users[who], department=world.units["station_a"], role=role
        )
    for tenant in ("b", "a"):
        for state in (*EARLY, *LED):
            case = _case(world, tenant, state)
            world.cases[state if tenant == "a" else f"{tenant}:{state}"] = case
    _parts(world)
    _sounding(world)
    _calls(world)
    _exclusion(world)
    _effects(world)
    _outside(world)
    _drafts(world)
    _files(world)
    supervised.build(world)
    commons.build(world)
    _other_rows(world)
    register.build(world)
    _paper(world)
    _precedents(world)
    programs.build(world)
    return world


def _paper(world: World) -> None:
    from tests.access import paper  # it knows this module

    paper.build(world)


def _precedents(world: World) -> None:
    from tests.access import precedents  # it knows this module

    precedents.build(world)


def _account(world: World, person: Person, password: str) -> User:
    if person.role.startswith("firm"):
        tenant = {"firm_a": "A", "firm_b": "B"}.get(person.seat, "None")
        user = User(username=person.username, name=f"KrMember{tenant} {person.relation}", created_at=NOW)
        user.phone = f"1380000{len(world.users):04d}"
        user.password = password
        user.save()
        if person.seat:
            firm = world.firms[person.seat[-1]]
            enterprise_services.seat(by=SEEDER, now=NOW, enterprise=firm, user=user, role=person.role)
        return user
    name = f"KrStaff{TENANT_OF[person.seat]} {person.role}"
    user = org_services.create_staff(by=SEEDER, now=NOW, username=person.username, name=name)
    org_services.add_post(
        by=SEEDER, now=NOW, user=user, department=world.units[person.seat], role=person.role
    )
    user.password = password
    user.save(update_fields=["password"])
    return user


class _Chain:
    """The steps that bring a case of one tenant from one state to the next."""

    def __init__(self, world: World, tenant: str) -> None:
        which = {"a": "own", "b": "other"}[tenant]
        self.world, self.tenant = world, tenant
        self.tokens = TOKENS_OF[tenant]
        self.firm = world.actor(f"firm_member:{which}")
        self.intake = world.actor(f"dispatcher:{which}")
        self.handler = world.actor(f"handler:{which}")
        self.head = world.actor(f"section_head:{which}")
        self.person = world.users[f"handler:{which}"]

    def submit(self, token: str, state: str) -> Any:
        number = Case.objects.count()  # the same words twice would be the same case
        draft = case_services.Draft(
            text=f"{token} {state} {number}", place=f"{token} gate", confidential=state == "secret"
        )
        return case_services.submit(by=self.firm, now=NOW, draft=draft, firm=self.world.firms[self.tenant])

    def note(self, case: Any) -> Any:
        return case_services.note(by=self.intake, now=NOW, case=case, text=f"{self.tokens['inner']} word")

    def accept(self, case: Any) -> Any:
        return case_services.accept(by=self.intake, now=NOW, case=case, kind="normal")

    def dispatch(self, case: Any, *, person: bool = True) -> Any:
        lead = self.world.units[f"bureau_{self.tenant}"]
        return case_services.dispatch(
            by=self.intake, now=NOW, case=case, lead=lead, person=self.person if person else None
        )

    def start(self, case: Any) -> Any:
        return case_services.start(by=self.handler, now=NOW, case=case)

    def answer(self, case: Any, *, draft: bool) -> Any:
        token, outcome = (self.tokens["draft"], UNAPPROVED) if draft else (self.tokens["case"], "partly")
        return case_services.answer(by=self.handler, now=NOW, case=case, text=f"{token} end", outcome=outcome)

    def sign_twice(self, case: Any) -> Any:
        """An answer that two people have to sign: for its while the bureau signs so."""
        bureau = self.world.units[f"bureau_{self.tenant}"]
        names = {name: getattr(bureau, name) for name in ("name", "name_en", "region", "intake", "active")}
        for signing in ("head_leader", "head"):
            org_services.change_department(by=SEEDER, now=NOW, department=bureau, signing=signing, **names)
            if signing == "head_leader":
                case = self.answer(Case.objects.select_related("lead").get(pk=case.pk), draft=True)
        return case

    def approve(self, case: Any) -> Any:
        return case_services.approve(by=self.head, now=NOW, case=case)

    def rate(self, case: Any) -> Any:
        from zhitong.feedback import services as feedback_services

        rating = feedback_services.rate(by=self.firm, now=NOW, case=case, stars=4, comment="")
        case.refresh_from_db()
        return rating.case

    def close(self, case: Any) -> Any:
        return case_services.close(by=self.intake, now=NOW, case=case, outcome="solved")


def _case(world: World, tenant: str, state: str) -> Any:
    chain = _Chain(world, tenant)
    token = chain.tokens["early" if state in EARLY else "case"]
    case = chain.note(chain.submit(token, state))
    if state == "submitted":
        return case
    if state == "returned":
        return case_services.return_for_supplement(by=chain.intake, now=NOW, case=case, reason="photo?")
    if state == "withdrawn":
        return case_services.withdraw(by=chain.firm, now=NOW, case=case, reason="solved")
    if state == "refused":
        return aside(state, case=case, now=NOW, intake=chain.intake, handler=chain.handler)
    if state == "merged":
        main = world.cases["handling" if tenant == "a" else f"{tenant}:handling"]
        return case_services.merge(by=chain.intake, now=NOW, case=case, main=main, reason="the same")
    case = chain.accept(case)
    if state == "accepted":
        return case
    case = chain.dispatch(case, person=state != "unassigned")
    if state in {"dispatched", "unassigned"}:
        return case
    return _led(chain, case, state)


def _led(chain: _Chain, case: Any, state: str) -> Any:
    if state in ASIDE and FROM[state] == "dispatched":
        return aside(state, case=case, now=NOW, intake=chain.intake, handler=chain.handler)
    case = chain.start(case)
    if state in {"handling", "secret"}:
        return case
    if state in ASIDE:
        return aside(state, case=case, now=NOW, intake=chain.intake, handler=chain.handler)
    if state == "signed":
        return chain.sign_twice(case)
    case = chain.answer(case, draft=state == "answered")
    for name in ("reviewed", "rated", "closed"):
        if state == "answered":
            break
        case = {"reviewed": chain.approve, "rated": chain.rate, "closed": chain.close}[name](case)
        if state == name:
            break
    return case


def _parts(world: World) -> None:
    """Parts of A's cases that a unit below A's bureau was asked for: sent, and objected to."""
    handler, helper = world.actor("handler:own"), world.actor("handler:same")
    for state in ("sent", "returned"):
        case = _case(world, "a", "handling")
        given = {"by": handler, "now": NOW, "case": case, "text": f"{people.INNER_A} part"}
        case_services.ask_help(department=world.units["station_a"], **given)
        part = case.assists.get()
        if state == "returned":
            part = case_services.return_assist(by=helper, now=NOW, assist=part, reason="not ours")
        world.rows[f"part:{state}"] = part


def _sounding(world: World) -> None:
    """A case of A about which a unit below A's bureau is asked before the dispatch."""
    chain = _Chain(world, "a")
    case = chain.accept(chain.note(chain.submit(chain.tokens["case"], "asked")))
    given = {"question": f"{people.INNER_A} yours?", "departments": [world.units["station_a"]]}
    case_services.sound(by=chain.intake, now=NOW, case=case, **given)
    world.rows["sounding"] = case.soundings.get()


def _calls(world: World) -> None:
    """A call that A's district has to make, and a turn on the roster of A's bureau."""
    draft = case_services.Draft(text=f"{people.EARLY_A} no power", urgent=True)
    by, firm = world.actor("firm_member:own"), world.firms["a"]
    case = case_services.submit(by=by, now=NOW, draft=draft, firm=firm)
    world.rows["call"] = case_services.ask_to_call(by=SEEDER, now=NOW, case=case, whom="firm", source="seed")
    world.rows["duty"] = org_services.add_duty(
        by=SEEDER, now=NOW, department=world.units["bureau_a"], user=world.users["handler:own"],
        since=NOW, until=NOW + timedelta(days=1),
    )  # fmt: skip


def _exclusion(world: World) -> None:
    """A closed case of A that its district asks to leave out of the rates."""
    from zhitong.feedback import services as feedback_services

    case = _case(world, "a", "closed")
    given = {"by": world.actor("dispatcher:own"), "now": NOW, "case": case}
    world.rows["exclusion"] = feedback_services.ask_exclusion(
        reason="routed", words=f"{people.CASE_A} at court", **given
    )


def _effects(world: World) -> None:
    """Effects of an answer to A: expected, and said to be there."""
    from zhitong.feedback import services as feedback_services

    given = {"by": world.actor("handler:own"), "now": NOW}
    case = _case(world, "a", "closed")
    for state in ("expected", "there"):
        row = feedback_services.expect_effect(
            case=case, text=f"{people.CASE_A} {state}", expected_by=NOW.date() + timedelta(days=9), **given
        )
        if state == "there":
            row = feedback_services.say_effect_there(effect=row, text="seen", **given)
        world.rows[f"effect:{state}"] = row
    world.rows["thanks"] = feedback_services.give_thanks(
        case=case, kind="banner", text=people.INNER_A, received_on=NOW.date(), **given
    )


def _outside(world: World) -> None:
    """A case of A that a unit without accounts leads, and one with a part of it."""
    chain, unit = _Chain(world, "a"), world.units["outside_a"]
    accepted = _case(world, "a", "accepted")
    world.cases["outside"] = case_services.dispatch(by=chain.intake, now=NOW, case=accepted, lead=unit)
    case = _case(world, "a", "handling")
    given = {"by": chain.handler, "now": NOW, "text": f"{people.INNER_A} part"}
    helped = case_services.ask_help(case=case, department=unit, **given)
    world.rows["part:outside"] = helped.assists.get()
    _replies(world, chain)


def _replies(world: World, chain: _Chain) -> None:
    """A link that is out, and a reply that waits for a part of another case."""
    matter = reply_queries.get_matter(chain.intake, "lead", world.cases["outside"].pk)
    world.rows["reply:link"] = reply_services.make_link(by=chain.intake, now=NOW, **matter.given()).row
    row = world.rows["reply:link"]
    row.token_hash = reply_queries.digest("a-link-of-a")
    row.save(update_fields=["token_hash"])
    unit = world.units["outside_a"]
    case = _case(world, "a", "handling")
    given = {"by": chain.handler, "now": NOW, "text": f"{people.INNER_A} part"}
    case = case_services.ask_help(case=case, department=unit, **given)
    part = reply_queries.get_matter(chain.handler, "part", case.assists.get().pk)
    made = reply_services.make_link(by=chain.handler, now=NOW, **part.given()).row
    world.rows["reply:waiting"] = reply_services.reply_by_link(
        by=outside(unit.name, scope(made.pk)), now=NOW, link=made, text=f"{people.INNER_A} reply", name="x",
    )  # fmt: skip
    _sheets(world, chain)


def _sheets(world: World, chain: _Chain) -> None:
    """A sheet that waits to be entered, and one of which nothing could be."""
    number = world.cases["outside"].number
    for name, found in (("waits", number), ("over", "no number")):
        row = reply_services.SheetRow(3, found, f"{people.INNER_A} in a sheet", "solved", "an officer")
        world.rows[f"sheet:{name}"] = reply_services.receive_sheet(
            by=chain.intake, now=NOW, department=world.units["outside_a"],
            given=reply_services.ReceivedSheet("replies.xlsx", "0" * 64, (row,)),
        )  # fmt: skip
    over = reply_services.enter_sheet(by=chain.intake, now=NOW, sheet=world.rows["sheet:over"])
    world.rows["sheet:over"] = over


def _drafts(world: World) -> None:
    """A draft of A's district that waits, and one that was dropped."""
    by, unit = world.actor("dispatcher:own"), world.units["district_a"]
    for name in ("draft", "draft:dropped"):
        row = draft_services.Row(
            1, columns={"channel": "phone", "contact": "x", "text": f"{people.INNER_A} {name}", "raw": "x"}
        )
        given = draft_services.Received(Source.PASTE, "a note", "0" * 64, (row,))
        lot = draft_services.receive(by=by, now=NOW, given=given, unit=unit)
        world.rows[name] = lot.drafts.get()
    said = case_services.Draft(
        text=f"{people.INNER_A} stray", reporter=world.firms["a"].name, region="350111", channel="import"
    )
    world.rows["stray"] = case_services.submit(by=SEEDER, now=NOW, draft=said)
    dropped = draft_services.drop(by=by, now=NOW, draft=world.rows["draft:dropped"], reason="twice")
    world.rows["draft:dropped"] = dropped


def _files(world: World) -> None:
    """Hang on each handling case a file for the firm, one for the inside, and one that hangs on nothing known."""
    for tenant in ("a", "b"):
        case = world.cases["handling" if tenant == "a" else "b:handling"]
        handler = world.actor(f"handler:{'own' if tenant == 'a' else 'other'}")
        for kind, visibility in (("file", "firm"), ("inner", "internal")):
            token = TOKENS_OF[tenant][kind]
            case = case_services.note(
                by=handler, now=NOW, case=case, text=token, visibility=visibility, files=[stored(token)]
            )
            entry = Entry.objects.filter(case=case).latest("id")
            world.files[f"{tenant}:{kind}"] = Upload.objects.get(subject=f"cases.entry:{entry.pk}")
        world.cases["handling" if tenant == "a" else "b:handling"] = case
    inner = world.files["a:inner"]
    world.files["a:mislaid"] = _loose(TOKENS_OF["a"]["inner"], subject=inner.subject, visible_to_firm=True)
    shown = world.files["a:file"]
    world.files["a:hidden"] = _loose(TOKENS_OF["a"]["inner"], subject=shown.subject, visible_to_firm=False)
    world.files["lost"] = _loose(people.FILE_A, subject="")


def _loose(token: str, **where: Any) -> Upload:
    kept = stored(token)
    return Upload.objects.create(
        owner="user:1", kind="photo", mime="image/jpeg", name=f"{token}.jpg", size=1, sha256="0" * 64,
        path=kept.path.name, thumbnail=kept.thumbnail.name, created_at=NOW, **where,
    )  # fmt: skip


def stored(token: str) -> Inspected:
    """A file as the examination leaves it, whose bytes are its token."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    path, small = folder / f"{token}.jpg", folder / f"{token}-small.jpg"
    content = f"{token} bytes".encode()
    for place in (path, small):
        place.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Inspected(
        kind="photo", mime="image/jpeg", extension="jpg", name=f"{token}.jpg", size=len(content),
        sha256=digest, source_sha256=digest, path=path, thumbnail=small,
    )  # fmt: skip


def _other_rows(world: World) -> None:
    """Messages for everybody, a stand-in of each tenant, an exception of the calendar."""
    for number, person in enumerate(ACCOUNTS):
        org_services.notify(
            users=[world.users[person.key].pk],
            msgid="New case to accept: “%(title)s”.",
            params={"title": person.note},
            subject=f"case:{world.cases['handling'].pk}",
            source=f"seed:{number}",
            now=NOW,
        )
    world.cases["rated"] = world.rows["categorised"] = case_services.categorise(
        by=world.actor("dispatcher:own"), now=NOW, case=world.cases["rated"], category="roads"
    )
    own, same = world.users["handler:own"], world.users["handler:same"]
    world.rows["delegation"] = org_services.delegate(
        by=SEEDER, now=NOW, absentee=own, stand_in=same, reason="KrStaffA away",
        since=NOW + timedelta(days=20), until=NOW + timedelta(days=21),
    )  # fmt: skip
    world.rows["local_day"] = core_services.set_local_day(
        by=SEEDER, now=NOW, date=datetime(2026, 8, 5, tzinfo=timezone.get_default_timezone()).date(),
        kind="local_off", name_zh="示例台风日", name_en="Example typhoon", source="No 1",
    )  # fmt: skip
    world.rows["gazetted_day"] = CalendarDay.objects.filter(local=False).first()
    world.rows["posting"] = world.users["handler:own"].postings.get(role=Role.HANDLER)
