"""Who a session belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend

from zhitong.core.prepared import prepared
from zhitong.orgs.models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet


@prepared
def _active(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk, is_active=True)


class SignInBackend(AuthenticationBackend):
    """allauth's way of signing in; the person behind a session is asked for by a prepared query."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person, or None if they are gone or may sign in no longer."""
        return _active.first(int(user_id))
