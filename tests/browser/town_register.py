"""What hangs on the town's firms: everything a firm's page can hold, with odd and long texts."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.support import office as offices
from zhitong.core.clock import local_date
from zhitong.enterprises import services
from zhitong.enterprises.models import Enterprise, ImportBatch, ImportRefusal, LikelyTwin, Membership
from zhitong.enterprises.services import Coming, FirmRecord, Particulars
from zhitong.orgs import services_lists

LONG_NAME = "示例国际新材料科技发展(集团)股份有限公司高新区第三分公司"
TWINS = ("91350111MA0DEM00AJ", "91350111MA0DEM00BL")


def build(office: offices.Office, town: Any, now: datetime) -> None:
    """Fill the page of the first firm, and leave one row of each kind that a page is about."""
    today = local_date(now)
    dispatcher, handler = office.actor("dispatcher", now), office.actor("handler", now)
    firm = Enterprise.objects.get(pk=office.firms["a"].pk)
    parent = services.register(by=offices.SEEDER, now=now, code=_code(1), name=LONG_NAME, region="350111")
    twin = services.register(
        by=offices.SEEDER, now=now, code=_code(2), name=f"{LONG_NAME}一", region="350111"
    )
    gone = services.register(by=offices.SEEDER, now=now, code=_code(3), name="示例旧厂", region="350111")
    given = Particulars(
        "示例一号厂(更名)", "350111", street="350111001", address=LONG_NAME * 2, activity="C3985", further=("C3969",),
        founded_on=today - timedelta(days=4000), capital=10**12, listing="szse", stock_code="300999",
        products=("碳化硅晶片", "抛光液"), tags=("龙头", "示例"),
    )  # fmt: skip
    firm = services.change(by=dispatcher, now=now, enterprise=firm, given=given)
    rows: dict[str, Any] = {"firm": firm, "parent": parent}
    _facts(firm, dispatcher, office, now, rows)
    _holdings(firm, dispatcher, now, today, rows)
    rows["relation"] = services.relate(
        by=dispatcher, now=now, enterprise=firm, parent=parent, kind="held", share=3333
    )
    rows["merge"] = services.merge(by=dispatcher, now=now, kept=firm, dropped=gone, reason="同一家企业")
    rows["sponsorship"] = services.sponsor(
        by=dispatcher, now=now, enterprise=firm, user=office.users["leader"], duty="leader", basis="示例文件"
    )
    rows["caller"] = services.add_contact_person(
        by=dispatcher, now=now, enterprise=firm, name="示例联系人", duty="办公室主任", phone="13900001111"
    )
    rows["seat"] = Membership.objects.get(user=office.users["firm_a"])
    rows["invitation"] = services.invite(by=dispatcher, now=now, enterprise=firm, role="firm_member").row
    rows["contact"] = services.plan_contact(
        by=handler, now=now, enterprise=firm,
        coming=Coming("visit", LONG_NAME, today, office.units["industry"]),
    )  # fmt: skip
    services.record_contact(
        by=handler, now=now, enterprise=firm, note=LONG_NAME,
        coming=Coming("call", "了解增产情况", today - timedelta(days=3), office.units["industry"]),
    )  # fmt: skip
    LikelyTwin.objects.create(first=parent, second=twin, likeness=93, found_at=now)
    services_lists.save_view(
        by=office.actor("district", now), now=now, place="firms", name="大型企业", query="size=large"
    )
    services_lists.save_view(
        by=office.actor("district", now), now=now, place="cases", name="办理中", query="state=handling"
    )
    _imports(office, now, rows)
    for name, row in rows.items():
        town.keys[f"register:{name}"] = row.pk
    town.keys["register:fact_history"] = [firm.pk, "revenue"]


def _code(number: int) -> str:
    from zhitong.kernel.codes import check_sign

    first = f"91350111MA0TWN{number:03d}"
    return first + check_sign(first)


def _facts(firm: Any, by: Any, office: offices.Office, now: datetime, rows: dict[str, Any]) -> None:
    year = local_date(now).year - 1
    said = [(f"{year - back}", 10**11 + back, "tax", "") for back in range(3)] + [
        (f"{year}", 9 * 10**10, "audit", "")
    ]
    services.store(
        by=offices.SEEDER, now=now,
        records=[FirmRecord(firm.code, facts=[("revenue", period, value, source, note) for period, value, source, note in said])],
    )  # fmt: skip
    member = office.actor("firm_a", now)
    rows["fact"] = services.state_fact(
        by=member, now=now, enterprise=firm, kind="people", period=str(year), source="firm", value=120
    )
    services.state_fact(
        by=by,
        now=now,
        enterprise=firm,
        kind="exports",
        period=str(year),
        source="officer",
        state="not_applicable",
    )


def _holdings(firm: Any, by: Any, now: datetime, today: Any, rows: dict[str, Any]) -> None:
    rows["title"] = services.grant_title(
        by=by,
        now=now,
        enterprise=firm,
        kind="giant",
        granted_on=today - timedelta(days=1050),
        number="示例〔2023〕1号",
    )
    services.grant_title(
        by=by, now=now, enterprise=firm, kind="library", granted_on=today - timedelta(days=9)
    )
    services.add_patent(
        by=by, now=now, enterprise=firm, number="ZL202310000000.1", kind="invention", name=LONG_NAME,
        granted_on=today - timedelta(days=200), acquired_on=today - timedelta(days=20),
    )  # fmt: skip
    services.add_standard(
        by=by,
        now=now,
        enterprise=firm,
        number="GB/T 99999-2025",
        name="示例标准",
        level="national",
        role="leads",
    )
    services.mark_credit(
        by=by,
        now=now,
        enterprise=firm,
        list="abnormal",
        state="listed",
        checked_on=today,
        source="示例公示系统",
    )


def _imports(office: offices.Office, now: datetime, rows: dict[str, Any]) -> None:
    folder = Path(settings.MEDIA_ROOT) / "lists"
    folder.mkdir(parents=True, exist_ok=True)
    lines = ['{"sheets": [], "sheet": "", "encoding": "utf-8", "delimiter": ",", "merged": []}']
    lines += [f'[{line}, ["91350111MA0TWN0{line}", "示例第{line}厂", "很多"]]' for line in range(2, 9)]
    (folder / "town.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    heading = {"labels": ["统一社会信用代码", "企业名称", "营业收入 2025年"], "last": 1, "units": {}}
    given = services.ReceivedList(f"{LONG_NAME}.xlsx", "0" * 64, "town.jsonl", heading, 7)
    columns = {"0": "code", "1": "name", "2": "fact:revenue:2025"}
    for name, state in (("waiting", "read"), ("running", "running"), ("done", "done")):
        batch = services.receive_list(
            by=office.actor("district", now), now=now, given=given, source="示例来源", columns=columns
        )
        ImportBatch.objects.filter(pk=batch.pk).update(state=state, refused=1, created=3)
        ImportRefusal.objects.create(
            batch=batch,
            line=3,
            msgid="“%(text)s” is no number.",
            params={"text": "很多"},
            cells=["1", "2", "很多"],
        )
        rows[name] = batch
