"""Who may change departments, staff and the calendar."""

from __future__ import annotations

from zhitong.core.actor import STAFF_ROLES, Role, Side
from zhitong.core.permissions import Predicate, holds, is_side, signed_in, system_only
from zhitong.orgs.states import ROSTER_ROLES

itself = Predicate("the absentee themselves", lambda actor, user: actor.user == getattr(user, "pk", user))

keeps_roster = Predicate(
    "dispatcher, section_head or leader_in_charge of the unit",
    lambda actor, unit: unit.pk in actor.departments(*ROSTER_ROLES),
    frozenset(ROSTER_ROLES),
)

own_view = Predicate("whose view it is", lambda actor, view: actor.user == view.user_id, STAFF_ROLES)

PERMISSIONS = {
    "orgs.see_departments": is_side(Side.STAFF),
    "orgs.edit_departments": holds(Role.SYSTEM_ADMIN),
    # Accounts are the system administrator's, what they may do the security administrator's.
    "orgs.edit_staff": holds(Role.SYSTEM_ADMIN),
    "orgs.edit_posts": holds(Role.SECURITY_ADMIN),
    "orgs.erase_accounts": system_only,
    "orgs.delegate": itself | holds(Role.SECURITY_ADMIN),
    "orgs.see_roster": is_side(Side.STAFF),
    "orgs.edit_roster": keeps_roster | holds(Role.SECURITY_ADMIN),
    "orgs.see_permissions": is_side(Side.STAFF),
    "orgs.read_notices": signed_in,
    # Which lists somebody may keep views of, each list says.
    "orgs.keep_views": is_side(Side.STAFF),
    "orgs.delete_view": own_view,
    "calendar.see": is_side(Side.STAFF),
    "calendar.edit": holds(Role.SYSTEM_ADMIN),
    "audit.read": holds(Role.AUDIT_ADMIN),
}
