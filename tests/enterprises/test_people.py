"""People of a firm: who gets in, who goes, whose number is shown to whom, what is erased when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from tests.support.office import NOW, SEEDER, Office
from zhitong.core import audit
from zhitong.core.actor import ANONYMOUS
from zhitong.core.errors import FieldError, NotPermittedError, RefusedError
from zhitong.enterprises import queries, services
from zhitong.enterprises.models import Consent, ContactPerson, Membership
from zhitong.enterprises.sealed import PLACE
from zhitong.orgs.models import Notice, User

pytestmark = pytest.mark.django_db
CODE = "91350111MA0DEM03X5"
NEW = {"name": "新来的", "phone": "+86 139-1111-2222"}


def invited(office: Office, role: str = "firm_member") -> Any:
    return services.invite(by=office.actor("firm_a_admin"), now=NOW, enterprise=office.firms["a"], role=role)


@pytest.fixture
def office(office: Office) -> Office:
    """The office with an administrator of the first firm."""
    admin = User.objects.create(username="boss", name="示例厂长", phone="13800009999", created_at=NOW)
    services.seat(by=SEEDER, now=NOW, enterprise=office.firms["a"], user=admin, role="firm_admin")
    office.users["firm_a_admin"] = admin
    return office


def join(
    office: Office, code: str, *, by: Any = ANONYMOUS, firm: str = CODE, now: Any = NOW, **given: Any
) -> Any:
    return services.join(by=by, now=now, code=firm, invitation=code, **(given or NEW))


def test_an_invitation_gives_one_seat_and_keeps_the_agreement(office: Office) -> None:
    made = invited(office)
    seat = join(office, made.code.lower())
    assert (seat.role, seat.user.phone, seat.user.phone_verified) == ("firm_member", "13911112222", False)
    assert not seat.user.has_usable_password()
    assert Consent.objects.get(user=seat.user).given_at == NOW
    with pytest.raises(RefusedError):
        join(office, made.code, name="另一个", phone="13911113333")
    assert made.code.replace("-", "") not in str(list(type(made.row).objects.values()))


def test_every_wrong_invitation_is_refused_in_the_same_words(office: Office) -> None:
    said = set()
    late, withdrawn, good = invited(office), invited(office), invited(office)
    services.withdraw_invitation(by=office.actor("firm_a_admin"), now=NOW, invitation=withdrawn.row)
    for code, given in (
        (late.code, {"now": NOW + timedelta(days=7)}),
        (withdrawn.code, {}),
        ("AAAABBBBCCCC", {}),
        (good.code, {"firm": "91350105MA0DEM021P"}),
    ):
        with pytest.raises(RefusedError) as refusal:
            join(office, code, **given)
        said.add(refusal.value.msgid)
    assert len(said) == 1
    assert join(office, good.code)


def test_an_account_that_exists_has_to_sign_in_and_officers_stay_out(office: Office) -> None:
    made = invited(office)
    with pytest.raises(RefusedError, match="Sign in first"):
        join(office, made.code, name="x", phone="13800009999")
    with pytest.raises(RefusedError, match="Officers"):
        join(office, made.code, by=office.actor("handler"))
    assert join(office, made.code, by=office.actor("firm_b")).user == office.users["firm_b"]
    assert office.firms["a"].pk in office.actor("firm_b").enterprises


def test_a_seat_ends_by_oneself_the_administrator_or_a_dispatcher(office: Office) -> None:
    for by in ("firm_a", "firm_a_admin", "dispatcher"):
        seat = Membership.objects.get(user=office.users["firm_a"], until__isnull=True)
        with pytest.raises(NotPermittedError):
            services.unseat(by=office.actor("firm_b"), now=NOW, membership=seat)
        services.unseat(by=office.actor(by), now=NOW, membership=seat)
        assert office.actor("firm_a").enterprises == frozenset()
        services.seat(
            by=SEEDER, now=NOW, enterprise=office.firms["a"], user=office.users["firm_a"], role="firm_member"
        )


def test_a_lost_administrator_is_replaced_and_everybody_is_told(office: Office) -> None:
    with pytest.raises(FieldError):
        services.replace_administrator(
            by=office.actor("dispatcher"), now=NOW, enterprise=office.firms["a"], reason=" ", **NEW
        )
    seat = services.replace_administrator(
        by=office.actor("dispatcher"), now=NOW, enterprise=office.firms["a"], reason="见到营业执照", **NEW
    )
    admins = [row.user for row in queries.members(office.firms["a"]) if row.role == "firm_admin"]
    assert admins == [seat.user]
    told = set(Notice.objects.filter(source=f"administrator:{seat.pk}").values_list("user", flat=True))
    assert told == {office.users[name].pk for name in ("firm_a", "admin_a", "firm_a_admin")}


def test_an_officers_number_gets_no_seat(office: Office) -> None:
    User.objects.filter(username="handler").update(phone="13911112222")
    with pytest.raises(FieldError):
        services.seat_new(
            by=office.actor("dispatcher"), now=NOW, enterprise=office.firms["a"], role="firm_member", **NEW
        )


# ---------------------------------------------------------------- numbers


def caller(office: Office, phone: str = "139 1111-2222", firm: str = "a") -> ContactPerson:
    return services.add_contact_person(
        by=office.actor("dispatcher"), now=NOW, enterprise=office.firms[firm], name="联系人", phone=phone
    )


def test_a_number_is_sealed_masked_and_found_again(office: Office) -> None:
    from zhitong.core.sealing import blind_index

    row = caller(office)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM enterprises_contactperson")
        stored = str(cursor.fetchall())
    assert "13911112222" not in stored
    assert "1111" not in stored.replace(row.phone_sealed, "").replace(row.phone_index, "")
    assert (row.phone_mask, row.phone_index) == ("139****2222", blind_index("13911112222", place=PLACE))
    with pytest.raises(FieldError):
        caller(office, "0086 13911112222")
    assert caller(office, "13911112222", firm="b").phone_sealed != row.phone_sealed


@pytest.mark.parametrize("phone", ["12", "no number", "1" * 30])
def test_what_is_no_number_is_refused(office: Office, phone: str) -> None:
    with pytest.raises(FieldError):
        caller(office, phone)


def test_the_rows_of_old_lists_go_and_what_they_did_stays(office: Office) -> None:
    from zhitong.enterprises import running
    from zhitong.enterprises.models import ImportBatch, ImportChange

    content = f"统一社会信用代码,企业名称,联系电话\n{CODE},示例,13911112222\nx,y,13911113333\n".encode()
    by = office.actor("dispatcher")
    batch = running.receive(SimpleUploadedFile("a.csv", content), by=by, now=NOW, source="s")
    batch = services.start_import(by=by, now=NOW, batch=batch, columns=batch.columns)
    batch = running.run(batch, by=SEEDER, now=lambda: NOW)
    assert (batch.changed, batch.refusals.count()) == (1, 1)
    assert services.erase_due(by=SEEDER, now=NOW + timedelta(days=90))["lists"] == 0
    assert services.erase_due(by=SEEDER, now=NOW + timedelta(days=91))["lists"] == 1
    assert (ImportBatch.objects.get().table, batch.refusals.count()) == ("", 0)
    assert ImportChange.objects.count() == 1


def test_who_has_a_case_in_hand_needs_no_reason_and_others_do(office: Office) -> None:
    row = caller(office)
    with pytest.raises(FieldError):
        services.unmask(by=office.actor("handler"), now=NOW, person=row)
    office.until("handling")
    assert services.unmask(by=office.actor("handler"), now=NOW, person=row).phone == "13911112222"
    with pytest.raises(FieldError):
        services.unmask(by=office.actor("colleague"), now=NOW, person=row)
    assert services.unmask(by=office.actor("colleague"), now=NOW, person=row, reason="通知开会").phone
    with pytest.raises(NotPermittedError):
        services.unmask(by=office.actor("sysadmin"), now=NOW, person=row, reason="x")


def test_personal_data_goes_when_its_time_is_over_and_not_before(office: Office) -> None:
    row = services.end_contact_person(by=office.actor("dispatcher"), now=NOW, person=caller(office))
    seat = Membership.objects.get(user=office.users["firm_b"])
    services.unseat(by=office.actor("dispatcher"), now=NOW, membership=seat)
    early = services.erase_due(by=SEEDER, now=NOW + timedelta(days=365))
    assert (early["people"], early["accounts"]) == (0, 0)
    done = services.erase_due(by=SEEDER, now=NOW + timedelta(days=366))
    assert (done["people"], done["accounts"]) == (1, 1)
    row.refresh_from_db()
    assert (row.name, row.phone_sealed, row.phone_index, row.phone_mask) == ("—", "", "", "")
    gone = User.objects.get(pk=seat.user_id)
    assert (gone.name, gone.phone, gone.is_active) == ("—", None, False)
    assert User.objects.get(username="firm_a").is_active
    audit.seal_pending()
    assert audit.verify().ok
