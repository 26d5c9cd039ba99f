from __future__ import annotations

import argparse
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from zhitong.config import env
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


@pytest.mark.parametrize(
    ("value", "sound"), [("starttls", True), ("tls", True), ("", True), ("STARTTLS", False)]
)
def test_a_slip_in_the_security_of_mail_refuses_to_start(monkeypatch, value, sound) -> None:
    monkeypatch.setenv(env.SMTP_SECURITY.name, value)
    if sound:
        assert env.SMTP_SECURITY.one_of("starttls", "tls", "") == value
        return
    with pytest.raises(ImproperlyConfigured, match="ZHITONG_SMTP_SECURITY"):
        env.SMTP_SECURITY.one_of("starttls", "tls", "")
