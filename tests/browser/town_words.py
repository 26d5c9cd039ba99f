"""What the parts of the town share: its odd texts, who lives there, and a case that its firm has rated."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.support import office as offices
from zhitong.cases.models import Case
from zhitong.feedback import services as feedback_services
from zhitong.orgs.models import User

AGO = timedelta(days=40)
ODD = "Anlage\u00a0" + "https://example.invalid/" + "sehr-langes-wort" * 9
LONG = "示例市高新区第十七工业园三号厂房北侧主干道路面严重破损并伴有长期积水导致重型货车无法通行。" * 3
LONG_NAME = "示例国际新材料科技发展(集团)股份有限公司高新区第三分公司"
LONG_FILE = "IMG_20261123_090000_" + "northern-gate-" * 9 + ".jpg"
BUSY = 5  # cases of the third firm that wait for the city's dispatcher


@dataclass
class Town:
    """People by short name, and the keys of addresses: states of cases and a row of each other kind."""

    people: dict[str, User] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)


def rated(office: offices.Office, now: datetime) -> Any:
    """A case that its firm has rated."""
    case = office.until("reviewed", now=now)
    feedback_services.rate(by=office.actor("firm_a", now), now=now, case=case, stars=5)
    return Case.objects.get(pk=case.pk)
