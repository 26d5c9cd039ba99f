"""Who may keep the subscriptions of programs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhitong.core.actor import Role
from zhitong.core.permissions import Predicate, has_scope, holds, system_only
from zhitong.core.slots import Scope

KEEP = "webhooks.keep"
KEY_SCOPES = {KEEP: Scope(_("Be told by itself what happens to cases"))}

own_key = Predicate(
    "for itself", lambda actor, token: token is not None and token == actor.token, frozenset()
)

PERMISSIONS = {
    # Of a subscription the id of its key is asked.
    "webhooks.keep": holds(Role.SYSTEM_ADMIN) | (has_scope(KEEP) & own_key),
    "webhooks.pause": system_only,
}
