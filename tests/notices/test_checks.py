from __future__ import annotations

import argparse
from datetime import date

import pytest

from zhitong.config.commands import check_deploy
from zhitong.notices.adapters import checks

TODAY = date(2026, 6, 5)


def test_ways_that_only_reach_the_log_are_named() -> None:
    found = " ".join(checks.warnings(TODAY))
    for name in ("ZHITONG_SMS_ADAPTER", "ZHITONG_WEIXIN_ADAPTER", "ZHITONG_MAIL_ADAPTER"):
        assert name in found


def test_connected_ways_leave_nothing_to_warn_of(gateway, mailbox) -> None:
    assert checks.warnings(TODAY) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SITE_URL", "", "ZHITONG_SITE_URL"),
        ("SMS_URL", "", "ZHITONG_SMS_URL"),
        ("SMS_SECRET", "", "ZHITONG_SMS_SECRET"),
        ("WEIXIN_TEMPLATE", "", "ZHITONG_WEIXIN_TEMPLATE"),
        ("REPORT_SECRET", "short", "ZHITONG_REPORT_SECRET"),
    ],
)
def test_what_a_gateway_lacks_is_named(gateway, mailbox, settings, name, value, said) -> None:
    setattr(settings, name, value)
    (warning,) = checks.warnings(TODAY)
    assert said in warning


@pytest.mark.django_db
def test_a_warning_does_not_stand_against_serving(capsys) -> None:
    assert check_deploy.run(argparse.Namespace()) == 0
    said = capsys.readouterr()
    assert "Warning: The table of messages asks for sms" in said.err
    assert "Ready to serve." in said.out
