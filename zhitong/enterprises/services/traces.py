"""What every change of a firm leaves beside it: a note for other programs, words to be found by."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from zhitong.core import permissions, search, slots
from zhitong.core.clock import local_date
from zhitong.core.service import Work, service
from zhitong.enterprises.models import Enterprise, EnterpriseChange, FormerName
from zhitong.enterprises.queries import INDEX, newest_size, same_firm, standing, statements

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.enterprises.queries import Sized

BATCH = 500


def tell(firm: Enterprise, *, now: datetime, action: str) -> None:
    """Leave a line in the feed of changes."""
    EnterpriseChange.objects.create(
        enterprise=firm.pk, code=firm.code, region=firm.region, action=action, at=now
    )


def index(firms: Iterable[Enterprise]) -> None:
    """Write the names, the former ones too, by which firms are found, and what other rooms keep of them."""
    firms = list(firms)
    _write(firms)
    for follow in slots.firm_names:
        follow(enterprises=frozenset(firm.pk for firm in firms))


def _write(firms: list[Enterprise]) -> None:
    former: dict[int, list[str]] = {}
    rows = FormerName.objects.filter(enterprise__in=[firm.pk for firm in firms])
    for pk, name in rows.values_list("enterprise", "name"):
        former.setdefault(pk, []).append(name)
    search.put(INDEX, [(firm.pk, " ".join([firm.name, *former.get(firm.pk, ())])) for firm in firms])


@service("enterprises.reindex")
def reindex(work: Work, *, by: Actor, now: datetime) -> int:
    """Write the search index of all firms anew; return how many."""
    del now
    permissions.require(by, "enterprises.import_rows")
    rows = Enterprise.objects.filter(merged_into__isnull=True).order_by("pk").iterator(chunk_size=BATCH)
    done = 0
    while firms := list(islice(rows, BATCH)):
        _write(firms)
        done += len(firms)
    work.record("enterprises.enterprise", indexed=done)
    return done


def resize(firm: Enterprise, *, now: datetime) -> None:
    """Remember the size that follows from what is known now, on every entry of the firm."""
    today = local_date(now)
    # The entry that stands for the firm says what it does; a merged one may not know.
    activity = standing(firm).activity
    found = size_columns(newest_size(activity, statements(firm), today))
    Enterprise.objects.filter(pk__in=same_firm(firm)).update(**found)
    for name, value in found.items():
        setattr(firm, name, value)


def size_columns(sized: Sized) -> dict[str, str]:
    """Return the columns that remember a size."""
    scale = {True: "above", False: "below", None: "unknown"}[sized.scale.above]
    return {"size": sized.size.size.value, "scale": scale, "sized_for": sized.period}


def resize_stale(*, now: datetime, limit: int = 2000) -> int:
    """Work out anew the sizes that rest on a year which is too old by now; return how many changed."""
    today = local_date(now)
    old = Enterprise.objects.filter(merged_into__isnull=True).exclude(sized_for="")
    changed = 0
    for firm in old.filter(sized_for__lt=_oldest(today)).order_by("pk")[:limit]:
        resize(firm, now=now)
        changed += 1
    return changed


def _oldest(today: date) -> str:
    # A year is fresh for eighteen months after its end: until the middle of the second year after it.
    return str(today.year - (1 if today.month < 7 else 0) - 1)  # noqa: PLR2004 - July
