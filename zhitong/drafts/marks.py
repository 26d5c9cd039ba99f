"""What is said against a draft: what is missing or unreadable, what came in before, what is very like it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.cases import queries as case_queries
from zhitong.cases.models import Case
from zhitong.drafts.models import Draft
from zhitong.drafts.states import TEXT, DraftState, Weight, sheet_rules
from zhitong.enterprises import queries as enterprise_queries
from zhitong.kernel.text import Corpus, Near

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.enterprises.models import Enterprise
    from zhitong.orgs.models import Department

ORDER = (Weight.ERROR, Weight.TWIN, Weight.DOUBT)

NO_TEXT = gettext_noop("It does not say what the trouble is.")
TOO_LONG = gettext_noop(
    "The text is longer than %(limit)d signs. Please shorten it; the whole text stays below."
)
NOBODY = gettext_noop("It names neither a firm nor a person.")
NO_FIRM = gettext_noop(
    "No firm of the register is called “%(name)s”. Find it, or leave it with the person's name."
)
SEVERAL = gettext_noop("Several firms may be meant: %(names)s. Choose one.")
NOT_SAID = {
    enterprise_queries.Why.PHONE: gettext_noop(
        "The firm was not named; a contact person of it has this telephone number. Please check."
    ),
    enterprise_queries.Why.CODE: gettext_noop("The firm was found by its credit code. Please check."),
}
NO_TIME = gettext_noop("The time “%(text)s” cannot be read. Write it as 2026-06-05 09:30.")
BY_ADDRESS = gettext_noop("The firm was found by the sender's e-mail address. Please check.")
NOT_KEPT = gettext_noop("The attachment “%(name)s” was not kept: %(reason)s")
TOO_MANY = gettext_noop(
    "The mail has more attachments than are kept; “%(name)s” and what follows stay in the mailbox."
)
TOO_BIG = gettext_noop(
    "The mail is larger than %(limit)d MB: only its beginning was read, its attachments stay in the mailbox."
)
FUTURE = gettext_noop("The time lies in the future.")
NO_PHONE = gettext_noop("“%(text)s” is no telephone number.")
NO_CHANNEL = gettext_noop("The way “%(text)s” is not known. Choose how it came in.")
NO_UNIT = gettext_noop("No department is called “%(name)s”.")
KNOWN_NUMBER = gettext_noop("Number %(original)s has come in already, as case %(number)s.")
SAME_NUMBER = gettext_noop("Number %(original)s stands in row %(line)d, too.")
SAME_WORDS = gettext_noop("Row %(line)d says the same.")
SAME_DRAFT = gettext_noop("A draft that waits already says the same.")
LIKE_CASE = gettext_noop("Case %(number)s is about the same, it seems: %(percent)d%% alike.")


@dataclass(slots=True)
class Row:
    """One trouble as it was read: columns of a draft, names to look up, and what could not be read."""

    line: int
    columns: dict[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()  # of the firm, as written
    phone: str = ""
    senders: tuple[Enterprise, ...] = ()  # firms that wrote from the same address
    unit: str = ""  # the department that should answer, as written
    remarks: list[dict[str, Any]] = field(default_factory=list)

    def remark(self, weight: Weight, msgid: str, **params: Any) -> None:
        """Say something against the row."""
        self.remarks.append({"weight": weight.value, "msgid": msgid, "params": params})


def heaviest(remarks: Iterable[dict[str, Any]]) -> str:
    """Return the weight of the heaviest remark; empty where there is none."""
    weights = {row["weight"] for row in remarks}
    return next((weight.value for weight in ORDER if weight in weights), "")


def judge(rows: Sequence[Row], *, by: Actor, unit: Department, now: datetime, own: int | None = None) -> None:
    """Find the firms of rows, and say what is against each; `own` is the draft that is judged again."""
    for row in rows:
        _complete(row, now)
        if row.columns.get("firm") is None:
            _find_firm(row, by)
    _numbers(rows, unit, own)
    _likeness(rows, by, unit, now, own)
    for row in rows:
        row.columns["remarks"] = row.remarks
        row.columns["weight"] = heaviest(row.remarks)


def _complete(row: Row, now: datetime) -> None:
    text, said_at = row.columns.get("text", ""), row.columns.get("said_at")
    if not text.strip():
        row.remark(Weight.ERROR, NO_TEXT)
    if len(text) > TEXT:
        row.remark(Weight.ERROR, TOO_LONG, limit=TEXT)
    if said_at is not None and said_at > now:
        row.remark(Weight.ERROR, FUTURE)


def _find_firm(row: Row, by: Actor) -> None:
    found = enterprise_queries.named(by, text=row.columns.get("text", ""), names=row.names, phone=row.phone)
    firm = enterprise_queries.meant(found)
    if firm is not None:
        row.columns["firm"] = firm
        why = next(named.why for named in found if named.firm == firm)
        if why in NOT_SAID and not row.names:
            row.remark(Weight.DOUBT, NOT_SAID[why])
    elif (firm := _writer(row, by)) is not None:
        row.columns["firm"] = firm
        row.remark(Weight.DOUBT, BY_ADDRESS)
    elif found:
        row.remark(Weight.DOUBT, SEVERAL, names=_listed([named.firm for named in found]))
    elif row.names:
        row.remark(Weight.DOUBT, NO_FIRM, name=row.names[0][:60])
    if firm is None and not row.columns.get("contact") and not row.names:
        row.remark(Weight.ERROR, NOBODY)


def _writer(row: Row, by: Actor) -> Enterprise | None:
    """Return the one firm in sight that wrote from the sender's address."""
    firms = enterprise_queries.visible(by).filter(pk__in=[firm.pk for firm in row.senders])
    found = list(firms[:2]) if row.senders else []
    return found[0] if len(found) == 1 else None


def _listed(firms: Iterable[Enterprise]) -> str:
    return " / ".join(firm.name for firm in firms)


def _numbers(rows: Sequence[Row], unit: Department, own: int | None) -> None:
    """Name rows and cases that have the same number of another platform."""
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        number = row.columns.get("original_number", "")
        if number:
            lines[row.columns["channel"], number].append(row.line)
    known = {
        (case.channel, case.original_number): case
        for case in Case.objects.filter(original_number__in=[number for _channel, number in lines])
    }
    del unit, own  # a number means the same trouble in every unit
    for row in rows:
        number = row.columns.get("original_number", "")
        case = known.get((row.columns.get("channel", ""), number)) if number else None
        if case is not None:
            row.remark(Weight.ERROR, KNOWN_NUMBER, original=number, number=case.number)
        others = [line for line in lines.get((row.columns.get("channel", ""), number), ()) if line < row.line]
        if others:
            row.remark(Weight.ERROR, SAME_NUMBER, original=number, line=others[0])


def _likeness(rows: Sequence[Row], by: Actor, unit: Department, now: datetime, own: int | None) -> None:
    """Name earlier rows, waiting drafts and recent cases that say the same or nearly so."""
    first: dict[str, int] = {}
    waiting = set(
        Draft.objects.filter(unit=unit, state=DraftState.OPEN).exclude(pk=own).values_list("text", flat=True)
    )
    rules = sheet_rules()
    recent = list(
        case_queries.visible(by)
        .filter(confidential=False, created_at__gte=now - timedelta(days=rules["days"]))
        .order_by("-id")[: rules["remembered"]]
    )
    corpus = Corpus(case.text for case in recent)
    for row in rows:
        text = row.columns.get("text", "").strip()
        if not text:
            continue
        if text in first:
            row.remark(Weight.TWIN, SAME_WORDS, line=first[text])
        elif text in waiting:
            row.remark(Weight.TWIN, SAME_DRAFT)
        first.setdefault(text, row.line)
        near = _nearest(corpus, recent, row, rules["alike"])
        if near is not None:
            case = recent[near.place]
            row.columns["near"] = case
            row.remark(
                Weight.TWIN, LIKE_CASE, number=case.number, percent=min(100, round(100 * near.likeness))
            )


def _nearest(corpus: Corpus, recent: list[Case], row: Row, least: float) -> Near | None:
    """The most alike case; one of another firm is no duplicate but the same matter of two firms."""
    firm = row.columns.get("firm")
    for near in corpus.nearest(row.columns["text"], 10, least=least):
        case = recent[near.place]
        if firm is None or case.enterprise_id in {None, firm.pk}:
            return near
    return None
