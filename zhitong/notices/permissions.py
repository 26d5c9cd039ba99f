"""Who may choose how they are told, and who sees what left the system."""

from __future__ import annotations

from zhitong.core.actor import Role
from zhitong.core.permissions import holds, signed_in, system_only

PERMISSIONS = {
    "notices.choose": signed_in,
    "notices.see_deliveries": holds(Role.SYSTEM_ADMIN),
    "notices.retry": holds(Role.SYSTEM_ADMIN),
    "notices.report": system_only,
}
