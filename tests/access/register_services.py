"""Who may ask the services of the register, whatever page calls them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from zhitong.enterprises import services
from zhitong.enterprises.models import Contact, ContactPerson, Enterprise, ImportBatch
from zhitong.enterprises.services import Coming, FirmRecord, Particulars, ReceivedList
from zhitong.orgs import services as orgs

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
FIRM = "firm_member:own firm_admin:own"
DISPATCHERS = "dispatcher:own dispatcher:other dispatcher:above"
HANDLERS = "handler:same handler:own handler:other handler:unproven"
HEADS = "section_head:own section_head:other"
KEEPERS = f"{DISPATCHERS} {HANDLERS}"
CHIEFS = "leader_in_charge:own leader_in_charge:other"
LEADERS = "leader:own leader:other leader:above"
WORKING = f"{KEEPERS} {HEADS} {CHIEFS} {LEADERS} supervisor:own supervisor:other supervisor:above"
ADMINISTRATORS = "system_admin:own security_admin:own audit_admin:own"
ACCOUNTS = f"{WORKING} {ADMINISTRATORS} {FIRM} firm_member:other firm_admin:other firm_member:none"
NEW = {"name": "示例新人", "phone": "13911112222"}
DAY = date(2026, 6, 5)


def _firm(service: Callable[..., Any], **more: Any) -> Call:
    return lambda world: (service, {"enterprise": Enterprise.objects.get(pk=world.firms["a"].pk), **more})


def _row(service: Callable[..., Any], argument: str, name: str, **more: Any) -> Call:
    return lambda world: (service, {argument: world.rows[name], **more})


def _stated(world: Any) -> Any:
    """What A's firm says about itself."""
    from tests.access.world import NOW

    given = {"kind": "revenue", "period": "2025", "source": "firm", "value": 1}
    by = world.actor("firm_member:own")
    return services.state_fact(by=by, now=NOW, enterprise=world.firms["a"], **given)


def _coming(service: Callable[..., Any]) -> Call:
    """A contact of a department in which nobody of the table but its own people holds a post."""

    def call(world: Any) -> Any:
        return _as_anybody(service), {"enterprise": world.firms["a"], "world": world}

    return call


def _as_anybody(service: Callable[..., Any]) -> Callable[..., Any]:
    def run(*, by: Any, now: Any, enterprise: Any, world: Any) -> Any:
        own = min(by.departments(), default=0)
        unit = next((unit for unit in world.units.values() if unit.pk == own), world.units["city"])
        coming = Coming("call", "to ask", DAY, unit)
        return service(by=by, now=now, enterprise=enterprise, coming=coming)

    return run


def _batch(service: Callable[..., Any], name: str = "import:a:waits", **more: Any) -> Call:
    return lambda world: (service, {"batch": ImportBatch.objects.get(pk=world.rows[name].pk), **more})


def _near(world: Any) -> Any:
    return Enterprise.objects.get(pk=world.rows["free:a"].pk)


LIST = ReceivedList("a.csv", "0" * 64, "a.jsonl", {"labels": ["code", "name"], "last": 1, "units": {}}, 1)
REGISTER: dict[str, tuple[str, Call]] = {
    "enterprises.register": (
        KEEPERS,
        lambda _: (services.register, {"code": "91350112MA0DEM048K", "name": "示例", "region": "350100"}),
    ),
    "enterprises.change": (KEEPERS, _firm(services.change, given=Particulars("示例", "350111"))),
    "enterprises.rest": (FIRM, _firm(services.rest, until=DAY + timedelta(days=9))),
    "enterprises.relate": (
        KEEPERS,
        lambda world: (
            services.relate,
            {"enterprise": world.firms["a"], "parent": _near(world), "kind": "held"},
        ),
    ),
    "enterprises.end_relation": (KEEPERS, _row(services.end_relation, "relation", "relation:a")),
    "enterprises.merge": (
        DISPATCHERS,
        lambda world: (
            services.merge,
            {
                "kept": Enterprise.objects.get(pk=world.firms["a"].pk),
                "dropped": _near(world),
                "reason": "same",
            },
        ),
    ),
    "enterprises.split": (DISPATCHERS, _row(services.split, "merge", "merge:a", reason="two")),
    "enterprises.tell_apart": (DISPATCHERS, _row(services.tell_apart, "twin", "twin:a")),
    "enterprises.grant_title": (KEEPERS, _firm(services.grant_title, kind="giant", granted_on=DAY)),
    "enterprises.withdraw_title": (
        KEEPERS,
        _row(services.withdraw_title, "title", "title:a", day=DAY, source="No 1"),
    ),
    "enterprises.add_patent": (
        KEEPERS,
        _firm(services.add_patent, number="1", kind="invention", name="n", granted_on=DAY),
    ),
    "enterprises.add_standard": (
        KEEPERS,
        _firm(services.add_standard, number="1", name="n", level="national", role="leads"),
    ),
    "enterprises.mark_credit": (
        KEEPERS,
        _firm(services.mark_credit, list="abnormal", state="clear", checked_on=DAY, source="s"),
    ),
    "enterprises.state_fact": (
        f"{FIRM} {KEEPERS}",
        _firm(services.state_fact, kind="revenue", period="2025", source="firm", value=1),
    ),
    "enterprises.confirm_fact": (
        f"{KEEPERS} {HEADS}",
        lambda world: (services.confirm_fact, {"fact": _stated(world)}),
    ),
    "enterprises.seat": (
        f"firm_admin:own {DISPATCHERS}",
        lambda world: (
            services.seat,
            {
                "enterprise": world.firms["a"],
                "user": world.users["firm_member:none"],
                "role": "firm_member",
            },
        ),
    ),
    "enterprises.seat_new": (
        f"firm_admin:own {DISPATCHERS}",
        _firm(services.seat_new, role="firm_member", **NEW),
    ),
    "enterprises.unseat": (f"{FIRM} {DISPATCHERS}", _row(services.unseat, "membership", "seat:a")),
    "enterprises.replace_administrator": (
        DISPATCHERS,
        _firm(services.replace_administrator, reason="licence seen", **NEW),
    ),
    "enterprises.invite": (f"firm_admin:own {DISPATCHERS}", _firm(services.invite, role="firm_member")),
    "enterprises.withdraw_invitation": (
        f"firm_admin:own {DISPATCHERS}",
        _row(services.withdraw_invitation, "invitation", "invitation:a"),
    ),
    "enterprises.consent": (ACCOUNTS, lambda _: (services.consent, {})),
    "enterprises.add_contact_person": (
        f"firm_admin:own {KEEPERS}",
        _firm(services.add_contact_person, **NEW),
    ),
    "enterprises.end_contact_person": (
        f"firm_admin:own {KEEPERS}",
        _row(services.end_contact_person, "person", "person:a"),
    ),
    "enterprises.unmask": (
        WORKING,
        lambda world: (
            services.unmask,
            {"person": ContactPerson.objects.get(pk=world.rows["person:a"].pk), "reason": "to ask"},
        ),
    ),
    "enterprises.sponsor": (
        DISPATCHERS,
        lambda world: (
            services.sponsor,
            {"enterprise": world.firms["a"], "user": world.users["handler:same"], "duty": "team"},
        ),
    ),
    "enterprises.end_sponsorship": (
        DISPATCHERS,
        _row(services.end_sponsorship, "sponsorship", "sponsorship:a"),
    ),
    "enterprises.pass_on": (
        "system_admin:own security_admin:own",
        lambda world: (services.pass_on, {"sponsorship": world.rows["sponsorship:a"], "to": None}),
    ),
    "enterprises.plan_contact": (WORKING, _coming(services.plan_contact)),
    "enterprises.record_contact": (WORKING, _coming(services.record_contact)),
    "enterprises.finish_contact": (
        f"handler:same handler:own handler:unproven section_head:own leader_in_charge:own {DISPATCHERS}",
        lambda world: (
            services.finish_contact,
            {"contact": Contact.objects.get(pk=world.rows["contact:a"].pk)},
        ),
    ),
    "enterprises.cancel_contact": (
        f"handler:same handler:own handler:unproven section_head:own leader_in_charge:own {DISPATCHERS}",
        lambda world: (
            services.cancel_contact,
            {"contact": Contact.objects.get(pk=world.rows["contact:a"].pk)},
        ),
    ),
    "enterprises.note_export": (
        WORKING,
        lambda _: (services.note_export, {"what": "register", "columns": []}),
    ),
    "enterprises.issue_token": (
        "system_admin:own",
        lambda world: (
            services.issue_token,
            {
                "name": "p",
                "scopes": ["firms.read"],
                "regions": ["350111"],
                "expires_at": world.rows["token"].expires_at,
            },
        ),
    ),
    "enterprises.withdraw_token": ("system_admin:own", _row(services.withdraw_token, "token", "token")),
    "enterprises.receive_list": (
        KEEPERS,
        lambda _: (services.receive_list, {"given": LIST, "source": "s", "columns": {}}),
    ),
    "enterprises.start_import": (KEEPERS, _batch(services.start_import, columns={"0": "code", "1": "name"})),
    "enterprises.undo_import": (KEEPERS, _batch(services.undo_import, "import:a:over")),
    # What only the system does, or a program with its key.
    "enterprises.store": ("", lambda _: (services.store, {"records": [FirmRecord("91350112MA0DEM048K")]})),
    "enterprises.import_chunk": ("", _batch(services.import_chunk, rows=[])),
    "enterprises.end_import": ("", _batch(services.end_import)),
    "enterprises.undo_chunk": ("", _batch(services.undo_chunk)),
    "enterprises.find_twins": ("", lambda _: (services.find_twins, {"firms": []})),
    "enterprises.reindex": ("", lambda _: (services.reindex, {})),
    "enterprises.erase_due": ("", lambda _: (services.erase_due, {})),
    "orgs.erase_accounts": ("", lambda _: (orgs.erase_accounts, {"which": None})),
}
