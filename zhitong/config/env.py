"""The one place that reads the process environment; every setting has a name, a kind and a reason."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, default and what it is for."""

    name: str
    default: str
    help: str

    def text(self) -> str:
        """Return the value as text, or the default."""
        return os.environ.get(self.name, self.default)

    def flag(self) -> bool:
        """Return the value as a yes or no; anything else refuses to start."""
        value = self.text().strip().lower()
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        message = f"{self.name} must be 1 or 0, not {value!r}."
        raise ImproperlyConfigured(message)

    def number(self) -> int:
        """Return the value as a whole number; anything else refuses to start."""
        try:
            return int(self.text())
        except ValueError as error:
            message = f"{self.name} must be a whole number, not {self.text()!r}."
            raise ImproperlyConfigured(message) from error

    def one_of(self, *allowed: str) -> str:
        """Return the value if it is one of those allowed; anything else refuses to start."""
        if self.text() in allowed:
            return self.text()
        message = f"{self.name} must be one of {', '.join(map(repr, allowed))}, not {self.text()!r}."
        raise ImproperlyConfigured(message)

    def words(self) -> list[str]:
        """Return a comma-separated value as a list without blanks."""
        return [word.strip() for word in self.text().split(",") if word.strip()]

    def path(self) -> Path:
        """Return the value as an absolute path."""
        return Path(self.text()).expanduser().absolute()


HOME = Setting("ZHITONG_HOME", "var", "Folder for the SQLite database, uploads, backups and anchors.")
DATABASE_URL = Setting(
    "ZHITONG_DATABASE_URL",
    "",
    "Database: empty for SQLite in the home folder, or sqlite:///… or postgresql://…",
)
DATABASE_HOLDS = Setting(
    "ZHITONG_DATABASE_HOLDS",
    "1",
    "0 where a pooler stands before PostgreSQL that keeps no prepared statements.",
)
DEMO = Setting(
    "ZHITONG_DEMO", "0", "1 runs the demo city: fixed secrets, demo accounts, codes shown on screen."
)
DEBUG = Setting("ZHITONG_DEBUG", "0", "1 shows Django's debug pages; never in production.")
SECRET_KEY = Setting("ZHITONG_SECRET_KEY", "", "Signs sessions and tokens; required outside the demo.")
SECRET_KEY_FALLBACKS = Setting(
    "ZHITONG_SECRET_KEY_FALLBACKS",
    "",
    "Former secret keys, separated by commas, while sessions and codes move over.",
)
AUDIT_KEY = Setting(
    "ZHITONG_AUDIT_KEY", "", "Keys the audit events; required outside the demo, kept off the database."
)
DATA_KEY = Setting(
    "ZHITONG_DATA_KEY",
    "",
    "Seals personal data such as phone numbers; required outside the demo, kept off the database.",
)
DATA_KEY_FALLBACKS = Setting(
    "ZHITONG_DATA_KEY_FALLBACKS",
    "",
    "Former data keys, separated by commas, oldest last; the oldest goes on keying the index of numbers.",
)
CIPHER_ADAPTER = Setting(
    "ZHITONG_CIPHER_ADAPTER",
    "zhitong.core.sealing.Sm4Gcm",
    "Class that seals personal data (dotted path), for a certified module.",
)
ALLOWED_HOSTS = Setting(
    "ZHITONG_ALLOWED_HOSTS", "127.0.0.1,localhost", "Host names served, separated by commas."
)
HTTPS = Setting("ZHITONG_HTTPS", "0", "1 where the site is reached by HTTPS: secure cookies and HSTS.")
TRUSTED_PROXIES = Setting(
    "ZHITONG_TRUSTED_PROXIES",
    "0",
    "How many proxies of your own stand before the server (1 behind one nginx).",
)
BIND = Setting("ZHITONG_BIND", "127.0.0.1", "Address that `zhitong serve` listens on.")
PORT = Setting("ZHITONG_PORT", "8000", "Port that `zhitong serve` listens on.")
SMS_ADAPTER = Setting(
    "ZHITONG_SMS_ADAPTER",
    "zhitong.core.messaging.ConsoleSms",
    "Class that sends text messages (dotted path).",
)
SMS_URL = Setting("ZHITONG_SMS_URL", "", "Address to which the gateway for text messages takes JSON.")
SMS_KEY = Setting("ZHITONG_SMS_KEY", "", "Name under which the gateway for text messages knows us.")
SMS_SECRET = Setting("ZHITONG_SMS_SECRET", "", "Signs what is sent to the gateway for text messages.")
REPORT_SECRET = Setting(
    "ZHITONG_REPORT_SECRET",
    "",
    "Checks the delivery reports of gateways; at least 32 characters, empty for no reports.",
)
WEIXIN_ADAPTER = Setting(
    "ZHITONG_WEIXIN_ADAPTER",
    "zhitong.notices.adapters.console.ConsoleWeixin",
    "Class that sends WeChat messages (dotted path).",
)
WEIXIN_URL = Setting("ZHITONG_WEIXIN_URL", "https://api.weixin.qq.com", "Address of WeChat's interface.")
WEIXIN_ACCOUNT = Setting("ZHITONG_WEIXIN_ACCOUNT", "", "Number of the WeChat official account that sends.")
WEIXIN_ACCOUNT_SECRET = Setting("ZHITONG_WEIXIN_ACCOUNT_SECRET", "", "Secret of that official account.")
WEIXIN_TEMPLATE = Setting("ZHITONG_WEIXIN_TEMPLATE", "", "Number of the template of its messages.")
MAIL_ADAPTER = Setting(
    "ZHITONG_MAIL_ADAPTER",
    "zhitong.notices.adapters.console.ConsoleMail",
    "Class that sends e-mail (dotted path).",
)
MAIL_FROM = Setting("ZHITONG_MAIL_FROM", "zhitong@localhost", "Address from which e-mail is sent.")
SMTP_HOST = Setting("ZHITONG_SMTP_HOST", "localhost", "Host of the mail server.")
SMTP_PORT = Setting("ZHITONG_SMTP_PORT", "587", "Port of the mail server.")
SMTP_USER = Setting("ZHITONG_SMTP_USER", "", "Name at the mail server; empty for none.")
SMTP_PASSWORD = Setting("ZHITONG_SMTP_PASSWORD", "", "Password at the mail server.")
SMTP_SECURITY = Setting(
    "ZHITONG_SMTP_SECURITY", "starttls", "starttls, tls, or empty for a mail server on the same machine."
)
IMAP_HOST = Setting(
    "ZHITONG_IMAP_HOST", "", "Host of the mailbox from which e-mail is taken in; empty for none."
)
IMAP_PORT = Setting("ZHITONG_IMAP_PORT", "993", "Port of that mailbox.")
IMAP_SECURITY = Setting(
    "ZHITONG_IMAP_SECURITY", "tls", "tls, starttls, or empty for a mailbox on the same machine."
)
IMAP_USER = Setting("ZHITONG_IMAP_USER", "", "Name at that mailbox.")
IMAP_PASSWORD = Setting("ZHITONG_IMAP_PASSWORD", "", "Password at that mailbox.")
IMAP_FOLDER = Setting("ZHITONG_IMAP_FOLDER", "INBOX", "Folder of it that is read.")
IMAP_UNIT = Setting("ZHITONG_IMAP_UNIT", "", "Code or name of the unit that takes its mails in.")
SPEECH_ADAPTER = Setting(
    "ZHITONG_SPEECH_ADAPTER",
    "zhitong.drafts.speech.HttpSpeech",
    "Class that has recordings written down (dotted path).",
)
SPEECH_URL = Setting(
    "ZHITONG_SPEECH_URL", "", "Address of a service that writes recordings down; empty for none."
)
SPEECH_KEY = Setting("ZHITONG_SPEECH_KEY", "", "Key for that service.")
SITE_URL = Setting(
    "ZHITONG_SITE_URL", "", "Address of this site, which messages lead to, such as https://zhitong.example."
)
OIDC_NAME = Setting(
    "ZHITONG_OIDC_NAME", "", "Name of an OpenID Connect provider on the sign-in page; empty for none."
)
OIDC_SERVER = Setting("ZHITONG_OIDC_SERVER", "", "Address of the OpenID Connect provider's configuration.")
OIDC_CLIENT_ID = Setting("ZHITONG_OIDC_CLIENT_ID", "", "Client number at the OpenID Connect provider.")
OIDC_SECRET = Setting("ZHITONG_OIDC_SECRET", "", "Client secret at the OpenID Connect provider.")
WEIXIN_APP_ID = Setting(
    "ZHITONG_WEIXIN_APP_ID", "", "WeChat application number for firms' sign-in; empty for none."
)
WEIXIN_SECRET = Setting("ZHITONG_WEIXIN_SECRET", "", "WeChat application secret.")
COLLECT = Setting(
    "ZHITONG_COLLECT", "0", "1 while static files are collected: they get content hashes in their names."
)
API_PER_MINUTE = Setting(
    "ZHITONG_API_PER_MINUTE", "600", "How many requests a minute are heard from a program with one key."
)
WEBHOOK_NETWORKS = Setting(
    "ZHITONG_WEBHOOK_NETWORKS",
    "",
    "Private networks (10.8.0.0/16, …) into which programs may be told of cases, separated by commas.",
)
WEBHOOK_LOOPBACK = Setting(
    "ZHITONG_WEBHOOK_LOOPBACK",
    "0",
    "1 lets programs be told on this machine itself, without HTTPS; for trying out only.",
)
CITY_PREFIX = Setting("ZHITONG_CASE_PREFIX", "ZT", "Letters before a case number.")

SETTINGS = [value for value in list(globals().values()) if isinstance(value, Setting)]
