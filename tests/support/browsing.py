"""Somebody of the small office at a browser without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.test import Client

if TYPE_CHECKING:
    from tests.support.office import Office

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def signed_in(office: Office, name: str) -> Client:
    """Return a client whom the pages know as this person, with the second factor where one is due."""
    from zhitong.orgs.signin import demo, second_factor

    client, user = Client(), office.users[name]
    client.force_login(user, backend="zhitong.orgs.signin.backends.SignInBackend")
    if user.needs_second_factor:
        demo.enrol_totp(user, SECRET)
        session = client.session
        second_factor.vouch(session, user)
        session.save()
    return client
