"""E-mail through the city's mail server."""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from zhitong.core.messaging import RejectedError, UnreachableError

SMTP = "django.core.mail.backends.smtp.EmailBackend"
PERMANENT = 500  # from here on a mail server means it


class SmtpMail:
    """Sends one e-mail through Django's mail to the server in the settings."""

    def send(self, *, to: str, subject: str, body: str, reference: str = "") -> None:
        """Send; the reference becomes the Message-ID, so that a repeat is recognised."""
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
        headers = {
            "Message-ID": f"<{reference}@{domain}>",
            "Auto-Submitted": "auto-generated",
        }
        message = EmailMessage(
            subject,
            body,
            to=[to],
            headers=headers,
            connection=get_connection(SMTP, timeout=settings.EMAIL_TIMEOUT),
        )
        try:
            message.send()
        except SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise _meant(code) from error
        except SMTPResponseException as error:
            raise _meant(error.smtp_code) from error
        except (SMTPException, OSError) as error:
            raise UnreachableError(type(error).__name__) from error


def _meant(code: int) -> RejectedError | UnreachableError:
    return RejectedError(f"SMTP {code}") if code >= PERMANENT else UnreachableError(f"SMTP {code}")
