"""The API as a program meets it: by key, by scope, within its regions."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pyarrow import parquet

from tests.support.office import NOW, Office
from zhitong.core import clock
from zhitong.core.models import AuditEvent
from zhitong.enterprises import services
from zhitong.enterprises.models import ApiToken, Enterprise, EnterpriseChange
from zhitong.enterprises.permissions import SCOPES

pytestmark = pytest.mark.django_db
NEW = {"code": "91350112MA0DEM048K", "name": "示例新厂", "region": "350111", "capital": 5_000_000}
PATHS = ["/api/v1/firms", "/api/v1/changes", "/api/v1/firms.parquet", "/api/v1/facts.parquet"]


def key(office: Office, *scopes: str, regions: tuple[str, ...] = ("350111",), days: int = 9) -> str:
    now = clock.now()
    made = services.issue_token(
        by=office.actor("sysadmin"), now=now, name="platform", scopes=scopes or SCOPES, regions=regions,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    return made.secret


def ask(secret: str, path: str, given: Any = None) -> Any:
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    if given is None:
        answer = client.get(path)
        if answer.streaming:
            answer.body = b"".join(answer.streaming_content)
        return answer
    return client.post(path, json.dumps(given), content_type="application/json")


def test_a_key_is_shown_once_and_kept_as_a_digest(office: Office) -> None:
    secret = key(office)
    row = ApiToken.objects.get()
    assert secret.startswith("zt_")
    assert secret not in json.dumps(list(ApiToken.objects.values()), default=str)
    assert ask(secret, "/api/v1/firms").status_code == 200
    row.refresh_from_db()
    assert row.used_on == clock.local_date(clock.now())


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_ended_or_withdrawn_key_opens_nothing(office: Office, path: str) -> None:
    good = key(office)
    assert ask("zt_guess", path).status_code == 401
    ApiToken.objects.update(expires_at=clock.now(), made_at=clock.now() - timedelta(days=1))
    assert ask(good, path).status_code == 401
    other = key(office)
    assert ask(other, path).status_code == 200
    services.withdraw_token(by=office.actor("sysadmin"), now=NOW, token=ApiToken.objects.latest("id"))
    assert ask(other, path).status_code == 401


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("firms.read", "/api/v1/firms"),
        ("firms.read", "/api/v1/firms/91350111MA0DEM03X5"),
        ("firms.read", "/api/v1/firms.parquet"),
        ("firms.facts", "/api/v1/firms/91350111MA0DEM03X5/facts"),
        ("firms.facts", "/api/v1/facts.parquet"),
        ("firms.changes", "/api/v1/changes"),
    ],
)
def test_each_address_asks_for_its_scope(office: Office, scope: str, path: str) -> None:
    for held in SCOPES:
        assert ask(key(office, held), path).status_code == (200 if held == scope else 403), held


def test_a_key_sees_the_firms_of_its_regions_only(office: Office) -> None:
    district, city, all_ = (key(office, regions=(code,)) for code in ("350111", "350100", ""))
    names = [
        [row["name"] for row in ask(one, "/api/v1/firms").json()["items"]] for one in (district, city, all_)
    ]
    assert names == [["示例一号厂"], ["示例一号厂", "示例二号厂"], ["示例一号厂", "示例二号厂"]]
    assert ask(district, "/api/v1/firms/91350105MA0DEM021P").status_code == 404
    table = parquet.read_table(io.BytesIO(ask(district, "/api/v1/firms.parquet").body))
    assert table.column("code").to_pylist() == ["91350111MA0DEM03X5"]


def test_pages_follow_one_another_and_end(office: Office) -> None:
    secret = key(office, regions=("",))
    first = ask(secret, "/api/v1/firms?limit=1").json()
    second = ask(secret, f"/api/v1/firms?limit=1&after={first['next']}").json()
    assert [len(first["items"]), len(second["items"]), second["next"]] == [1, 1, None]
    assert first["items"] != second["items"]
    for bad in ("limit=0", "limit=501", "after=-1", "after=x"):
        assert ask(secret, f"/api/v1/firms?{bad}").status_code == 422


def test_firms_come_in_are_changed_and_stay_as_they_were(office: Office) -> None:
    secret = key(office, "firms.write")
    outcomes = [
        ask(secret, "/api/v1/firms", [NEW]).json(),
        ask(secret, "/api/v1/firms", [NEW]).json(),
        ask(secret, "/api/v1/firms", [{**NEW, "name": "示例改名厂"}]).json(),
    ]
    assert [(one["created"], one["changed"], one["same"]) for one in outcomes] == [
        (1, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
    ]
    firm = Enterprise.objects.get(code=NEW["code"])
    assert (firm.name, firm.capital) == ("示例改名厂", 5_000_000)
    assert firm.former_names.get().name == "示例新厂"
    event = AuditEvent.objects.filter(action="enterprises.store", result="done").latest("id")
    assert event.actor.startswith("machine:platform")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"code": "91350112MA0DEM048X"}, 422),
        ({"name": ""}, 422),
        ({"activity": "C9999"}, 422),
        ({"founded_on": "2999-01-01"}, 422),
        ({"street": "350105001"}, 422),
        ({"capital": -1}, 422),
        ({"region": "350105"}, 403),
        ({"code": "91350105MA0DEM021P"}, 403),
    ],
)
def test_what_is_wrong_or_out_of_sight_changes_nothing(
    office: Office, change: dict[str, Any], status: int
) -> None:
    before = list(Enterprise.objects.values())
    answer = ask(key(office, "firms.write"), "/api/v1/firms", [{**NEW, **change}])
    assert (answer.status_code, list(Enterprise.objects.values())) == (status, before)
    assert answer.json()["detail"]


def test_a_code_stands_once_among_the_firms_sent(office: Office) -> None:
    assert ask(key(office, "firms.write"), "/api/v1/firms", [NEW, NEW]).status_code == 422


def test_the_feed_goes_on_where_the_reader_stopped(office: Office) -> None:
    secret = key(office, "firms.changes", regions=("",))
    EnterpriseChange.objects.create(enterprise=office.firms["a"].pk, code="x", action="young", at=clock.now())
    items = ask(secret, "/api/v1/changes").json()["items"]
    assert [row["action"] for row in items] == ["register", "register"], "what is young is held back"
    rest = ask(secret, f"/api/v1/changes?after={items[0]['number']}").json()["items"]
    assert [row["number"] for row in rest] == [items[1]["number"]]


def test_facts_are_told_with_their_source(office: Office) -> None:
    services.state_fact(
        by=office.actor("handler"), now=NOW, enterprise=office.firms["a"], kind="revenue", period="2025",
        source="tax", value=123,
    )  # fmt: skip
    found = ask(key(office, "firms.facts"), "/api/v1/firms/91350111MA0DEM03X5/facts").json()
    assert [(row["kind"], row["source"], row["value"], row["confirmed"]) for row in found] == [
        ("revenue", "tax", 123, False)
    ]


def test_a_session_opens_nothing_here(office: Office, client: Client) -> None:
    client.force_login(office.users["dispatcher"], backend="zhitong.orgs.signin.backends.SignInBackend")
    assert client.get("/api/v1/firms").status_code in {302, 401}


def test_the_description_names_every_address(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {path.removeprefix("/api/v1") for path in paths} == {
        "/firms", "/firms/{code}", "/firms/{code}/facts", "/changes", "/firms.parquet", "/facts.parquet",
        "/cases", "/cases/states", "/cases/{number}", "/cases/{number}/words", "/cases/{number}/files",
        "/cases/{number}/files/{file}", "/webhooks", "/webhooks/topics", "/webhooks/{pk}/switch",
        "/webhooks/{pk}/secret", "/webhooks/{pk}/deliveries", "/webhooks/deliveries/{number}/resend",
    }  # fmt: skip
