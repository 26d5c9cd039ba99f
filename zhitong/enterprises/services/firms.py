"""Changes to firms: entered, changed, wanting rest."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service
from zhitong.enterprises.caps import caps_on
from zhitong.enterprises.codes import checked
from zhitong.enterprises.facts import LARGEST
from zhitong.enterprises.models import Enterprise, FormerName, FurtherActivity, Product, Tag
from zhitong.enterprises.services.traces import index, resize, tell
from zhitong.enterprises.states import activities, regions, streets
from zhitong.enterprises.words import Listing

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department

MOST = 20  # products, tags or further activities of one firm
LONGEST = {"products": 60, "tags": 20, "further": 5}


@dataclasses.dataclass(frozen=True, slots=True)
class Particulars:
    """What the office keeps about a firm itself; `capital` in whole fen, the first product leads."""

    name: str
    region: str
    street: str = ""
    park: Department | None = None
    address: str = ""
    activity: str = ""
    further: tuple[str, ...] = ()
    founded_on: date | None = None
    capital: int | None = None
    listing: str = ""
    stock_code: str = ""
    products: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    @classmethod
    def of(cls, firm: Enterprise) -> Particulars:
        """What is kept now."""
        columns = {field.name: getattr(firm, field.name) for field in dataclasses.fields(cls)
                   if field.name not in LISTS}  # fmt: skip
        return cls(**columns, **_lists(firm))


LISTS: dict[str, tuple[Any, str]] = {
    "further": (FurtherActivity, "activity"),
    "products": (Product, "name"),
    "tags": (Tag, "text"),
}


def _lists(firm: Enterprise) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, (model, column) in LISTS.items():
        rows = model.objects.filter(enterprise=firm)
        found[name] = tuple(rows.values_list(column, flat=True))
    return found


@service("enterprises.register")
def register(
    work: Work, *, by: Actor, now: datetime, code: str, name: str, region: str, address: str = ""
) -> Enterprise:
    """Enter a firm in the register under its code."""
    permissions.require(by, "enterprises.register")
    code = checked(code)
    found = Enterprise.objects.filter(code=code).first()
    if found is not None:
        raise FieldError(
            "code", gettext_noop("A firm with this code is already registered: %(name)s."), name=found.name
        )
    firm = Enterprise.objects.create(
        code=code, name=name.strip(), region=region, address=address, created_at=now
    )
    index([firm])
    tell(firm, now=now, action="register")
    work.record(firm, tenant=firm.pk, code=code)
    return firm


@service("enterprises.change")
def change(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    enterprise: Enterprise,
    given: Particulars,
    version: int | None = None,
) -> Enterprise:
    """Change what is known about a firm; a name that it gives up is kept."""
    permissions.require(by, "enterprises.change", enterprise)
    after = checked_particulars(given, local_date(now))
    before = Particulars.of(enterprise)
    seen = enterprise.version if version is None else version
    columns = {
        field.name: getattr(after, field.name)
        for field in dataclasses.fields(after)
        if field.name not in LISTS
    }
    rows = Enterprise.objects.filter(pk=enterprise.pk, version=seen, merged_into__isnull=True)
    if not rows.update(**columns, version=seen + 1, changed_at=now):
        raise FasterError
    _replace_lists(enterprise, before, after)
    if before.name != after.name:
        FormerName.objects.create(enterprise=enterprise, name=before.name, until=now)
    enterprise.refresh_from_db()
    index([enterprise])
    resize(enterprise, now=now)
    tell(enterprise, now=now, action="change")
    work.record(enterprise, tenant=enterprise.pk, **_differences(before, after))
    return enterprise


def _replace_lists(firm: Enterprise, before: Particulars, after: Particulars) -> None:
    for name, (model, column) in LISTS.items():
        wanted = getattr(after, name)
        if getattr(before, name) == wanted:
            continue
        model.objects.filter(enterprise=firm).delete()
        rows = [model(enterprise=firm, **{column: text}) for text in wanted]
        if name == "products" and rows:
            rows[0].leading = True
        model.objects.bulk_create(rows)


def _differences(before: Particulars, after: Particulars) -> dict[str, Any]:
    found = {}
    for field in dataclasses.fields(after):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            found[field.name] = [getattr(value, "pk", value) for value in (old, new)]
    return found


def checked_particulars(given: Particulars, today: date) -> Particulars:
    """Return particulars as they are kept; FieldError on the first that cannot be right."""
    _check_columns(given)
    found = activities().find(given.activity)
    if given.activity and found is None:
        raise FieldError("activity", gettext_noop("There is no such activity in GB/T 4754-2017."))
    if given.founded_on is not None and given.founded_on > today:
        raise FieldError("founded_on", gettext_noop("This day has not come yet."))
    if given.street and streets().get(given.street, ("", ""))[1] != given.region:
        raise FieldError("street", gettext_noop("This town or street lies in another district."))
    if given.listing not in {"", *Listing.values} or (given.stock_code and not given.listing):
        raise FieldError("listing", gettext_noop("Choose the exchange where the shares are traded."))
    lists = {name: _checked_list(name, getattr(given, name)) for name in LISTS}
    return dataclasses.replace(given, name=given.name.strip(), activity=found.code if found else "", **lists)


def _check_columns(given: Particulars) -> None:
    """Raise FieldError on what no column can keep: a form asks for it, a file may not."""
    if not given.name.strip():
        raise FieldError("name", gettext_noop("Give the firm's name."))
    for name in ("name", "address", "stock_code"):
        text = getattr(given, name).strip()
        longest = Enterprise._meta.get_field(name).max_length  # noqa: SLF001 - Django's public name
        if len(text) > longest:
            raise FieldError(
                name,
                gettext_noop("“%(text)s…” is longer than %(longest)d signs."),
                text=text[:20],
                longest=longest,
            )
    if given.region not in regions():
        raise FieldError(
            "region", gettext_noop("“%(text)s” is no district of the city."), text=given.region[:40]
        )
    if given.capital is not None and given.capital < 0:
        raise FieldError("capital", gettext_noop("Capital cannot be negative."))
    if given.capital is not None and given.capital > LARGEST:
        raise FieldError(
            "capital", gettext_noop("This value cannot be right. Check the number and its unit.")
        )


def _checked_list(name: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if len(kept) > MOST or any(len(text) > LONGEST[name] for text in kept):
        raise FieldError(
            name,
            gettext_noop("At most %(most)d entries of at most %(longest)d signs, please."),
            most=MOST,
            longest=LONGEST[name],
        )
    if name != "further":
        return kept
    known = [activities().find(text) for text in kept]
    if None in known:
        raise FieldError(name, gettext_noop("There is no such activity in GB/T 4754-2017."))
    return tuple(dict.fromkeys(row.code for row in known if row))


@service("enterprises.rest")
def rest(work: Work, *, by: Actor, now: datetime, enterprise: Enterprise, until: date | None) -> Enterprise:
    """Let a firm ask not to be visited until a day; None ends its rest."""
    permissions.require(by, "enterprises.rest", enterprise)
    today = local_date(now)
    longest = caps_on(today).longest_rest
    if until is not None and not today < until <= today + timedelta(days=longest):
        raise FieldError("until", gettext_noop("Choose a day within the next %(days)d days."), days=longest)
    Enterprise.objects.filter(pk=enterprise.pk).update(quiet_until=until)
    enterprise.refresh_from_db()
    work.record(enterprise, tenant=enterprise.pk, until=until)
    return enterprise
