"""A new installation gets its first unit and three administrators, once."""

from __future__ import annotations

import pytest

from zhitong.config import cli
from zhitong.core.models import AuditEvent
from zhitong.orgs.models import Department, Posting, User

PEOPLE = {"--system-admin": "甲", "--security-admin": "乙", "--audit-admin": "丙"}


def set_up(region: str = "350100", **people: str) -> int:
    named = PEOPLE | {f"--{name.replace('_', '-')}": who for name, who in people.items()}
    options = [part for pair in named.items() for part in pair]
    return cli.main(["set-up", "--unit", "示例办", "--unit-en", "Office", "--region", region, *options])


def test_the_printed_passwords_open_three_accounts_with_a_post_each(db, capsys) -> None:
    assert set_up() == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines() if "\t" in line]
    assert [who for _, _, who in lines] == ["甲", "乙", "丙"]
    for username, password, who in lines:
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert (user.name, user.needs_second_factor) == (who, True)
    roles = {posting.user.username: posting.role for posting in Posting.objects.all()}
    assert roles == {"sysadmin": "system_admin", "secadmin": "security_admin", "auditor": "audit_admin"}
    unit = Department.objects.get()
    assert (unit.intake, unit.region) == (True, "350100")
    assert AuditEvent.objects.count() == 7
    assert not any(
        password in str(event.payload) for event in AuditEvent.objects.all() for _, password, _ in lines
    )


def test_a_second_time_is_refused(db, capsys) -> None:
    assert set_up() == 0
    assert set_up() == 1
    assert "already" in capsys.readouterr().err
    assert User.objects.count() == 3


@pytest.mark.parametrize(
    ("given", "says"),
    [({"region": "福州"}, "six digits"), ({"audit_admin": "甲"}, "three people")],
)
def test_what_cannot_be_is_said_and_nothing_is_entered(db, capsys, given, says: str) -> None:
    assert set_up(**given) == 1
    assert says in capsys.readouterr().err
    assert not Department.objects.exists()


def test_an_error_half_way_leaves_nothing(db, monkeypatch) -> None:
    from zhitong.orgs import services

    def refuse(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(services, "add_post", refuse)
    with pytest.raises(RuntimeError):
        set_up()
    assert not Department.objects.exists()
