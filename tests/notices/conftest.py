from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cases.conftest import office, quick_passwords
from tests.support import gateway as gateways
from tests.support.gateway import SECRET, Gateway, Mailbox

__all__ = ["office", "quick_passwords"]


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    """A gateway for text messages and WeChat to which the settings point."""
    with gateways.gateway() as found:
        settings.SMS_ADAPTER = "zhitong.notices.adapters.sms.HttpSms"
        settings.SMS_URL, settings.SMS_KEY, settings.SMS_SECRET = f"{found.url}/sms", "zhitong", SECRET
        settings.WEIXIN_ADAPTER = "zhitong.notices.adapters.weixin.WeixinAccount"
        settings.WEIXIN_URL, settings.WEIXIN_ACCOUNT = found.url, "wx1"
        settings.WEIXIN_ACCOUNT_SECRET, settings.WEIXIN_TEMPLATE = "s", "template-1"
        settings.REPORT_SECRET = SECRET
        settings.SITE_URL = "https://zhitong.example"
        yield found


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """A mail server to which the settings point."""
    with gateways.mailbox() as found:
        settings.MAIL_ADAPTER = "zhitong.notices.adapters.mail.SmtpMail"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.DEFAULT_FROM_EMAIL = "zhitong@zhitong.example"
        settings.SITE_URL = "https://zhitong.example"
        yield found
