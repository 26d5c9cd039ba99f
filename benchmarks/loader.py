"""A city with very many cases: a few real ones from the services, the others copied by set-based SQL.

    loader.build(1_000_000)

The copies have lines, stretches, clocks, words in the search index and a sealed audit event each. Check
constraints stay on; `check` looks at everything that is not a constraint. The first cases are the demo's.
"""

from __future__ import annotations

import json
import random
import re
import time
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

BASE, MONTHS, DAYS_BEFORE = 80, 3, 150
CLONES = 10  # firms beside each of the demo's
RUNNING_FROM, OPEN = 0.97, 2  # in the last part of the numbers every second case runs
SPAN_WEEKS = 250
LATE_EVERY = 6  # of the running ones: begun longer ago
TEXTS = tomllib.loads((Path(__file__).parents[1] / "data" / "demo" / "bench.toml").read_text("utf-8"))
RARE, RARE_EVERY = TEXTS["rare"], 1_499  # a prime: any number of models gets the word in turn
HEAVY, SEED = 10, 2026
BATCH = 20_000
PAIR = "\ue000"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def build(count: int, *, heavy: bool = False, base: int = BASE, clones: int = CLONES) -> dict[str, Any]:
    """Build a city with `count` cases in the empty database; return what it has and how long parts took."""
    from django.utils import timezone

    from zhitong.config import demo_city, simulation
    from zhitong.config.commands import load_calendar

    now = timezone.now()
    took: dict[str, float] = {}
    with _timed(took, "real cases"):
        load_calendar.load()
        demo_city.build(now=now - timedelta(days=DAYS_BEFORE))
        simulation.fill_demo(now, months=MONTHS, cases=base)
        _firms(now, clones)
    multiply(count, now=now, heavy=heavy, took=took)
    with _timed(took, "checks"):
        found = check()
    return {**found, "seconds": took}


class _timed:  # noqa: N801 - reads as a word
    def __init__(self, into: dict[str, float], name: str) -> None:
        self.into, self.name = into, name

    def __enter__(self) -> None:
        self.begin = time.monotonic()

    def __exit__(self, *_error: object) -> None:
        self.into[self.name] = round(time.monotonic() - self.begin, 1)


def _firms(now: datetime, clones: int) -> None:
    """More firms in the regions of the demo's, so that a firm has as many cases as a firm has."""
    from zhitong.config.synthetic.names import PREFIX, RESERVED
    from zhitong.core.actor import system
    from zhitong.enterprises import services
    from zhitong.enterprises.models import Enterprise
    from zhitong.kernel.codes import check_sign

    for place, firm in enumerate(Enterprise.objects.order_by("pk")):
        for clone in range(clones):
            number = f"{place * 100 + clone:05d}"
            first = (
                f"{PREFIX}{firm.region if firm.region.isdigit() else '350100'}{RESERVED}{number}{clone % 10}"
            )
            code = first + check_sign(first)
            services.register(
                by=system("bench"), now=now, code=code, name=TEXTS["clone"].format(name=firm.name[:40], number=clone + 2),
                region=firm.region, address=firm.address,
            )  # fmt: skip


def multiply(count: int, *, now: datetime, heavy: bool = False, took: dict[str, float] | None = None) -> None:
    """Copy the cases there are until there are `count`; `heavy` gives one firm ten times its share."""
    from zhitong.cases.models import Case
    from zhitong.core import audit

    took = {} if took is None else took
    while audit.seal_pending():
        pass
    missing = count - Case.objects.count()
    if missing <= 0:
        return
    _quick()
    with transaction.atomic():
        with _timed(took, "plan"):
            bases = _bases()
            rows = _plan(bases, missing, heavy=heavy)
        with _timed(took, "cases"):
            tables = _Tables(missing)
            tables.copy_all(bases, rows)
        with _timed(took, "clocks"):
            _clocks(rows)
        with _timed(took, "words"):
            _words(bases)
        with _timed(took, "audit"):
            _audit(bases, rows)
        tables.close()
    with _timed(took, "analyze"), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _quick() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA cache_size = -400000")
            if not connection.in_atomic_block:
                cursor.execute("PRAGMA synchronous = OFF")
        else:  # foreign keys are looked at afterwards, as a whole; checks are no triggers
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '512MB'")


def _bases() -> list[Any]:
    """The cases that are copied: those that hang on no other one."""
    from zhitong.cases.models import Case

    rows = Case.objects.filter(
        merged_into=None, split_from=None, repeats=None, protected=False, members=None, splits=None,
        enterprise__isnull=False,
    )  # fmt: skip
    return list(rows.select_related("enterprise").order_by("pk"))


def _plan(bases: list[Any], missing: int, *, heavy: bool) -> list[tuple[int, int, int, int, int, int]]:
    """Say of each copy its place, number, model, days back, firm and whether it has the rare word."""
    from zhitong.cases.models import Case
    from zhitong.enterprises.models import Enterprise

    ended = [case for case in bases if case.ended_at]
    running = [case for case in bases if not case.ended_at]
    newest = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    near: dict[str, list[int]] = {}
    for pk, region in Enterprise.objects.order_by("pk").values_list("pk", "region"):
        near.setdefault(region, []).append(pk)
    heavy_one = near[ended[0].enterprise.region][0]
    rows, chance = [], random.Random(SEED)
    for n in range(1, missing + 1):
        if n > missing * RUNNING_FROM and n % OPEN == 0:
            case = running[n // OPEN % len(running)]
            days = n % 36 if n // OPEN % LATE_EVERY == 0 else n % 3
        else:
            case = ended[n % len(ended)]
            days = 7 * ((missing - n) * SPAN_WEEKS // missing)
        firms = near[case.enterprise.region]
        place = chance.randrange(len(firms) + (HEAVY - 1 if heavy and heavy_one in firms else 0))
        firm = firms[place] if place < len(firms) else heavy_one
        rows.append((n, newest + n, case.pk, days, firm, int(n % RARE_EVERY == RARE_EVERY // 2)))
    _table(
        "bench_plan",
        "n bigint PRIMARY KEY, new_id bigint, base_id bigint, days integer, firm_id bigint, rare integer",
    )
    _write("bench_plan", ("n", "new_id", "base_id", "days", "firm_id", "rare"), rows)
    return rows


def _table(name: str, columns: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns})")


def _write(table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            return
        rows = list(rows)  # whatever asks the database has to have asked before the copying begins
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


class _Tables:
    """Copies the rows of every table that hangs on cases."""

    def __init__(self, missing: int) -> None:
        from zhitong.cases import models as cases
        from zhitong.feedback import models as feedback

        self.case = cases.Case
        self.missing = missing
        self.children = [
            *(cases.Entry, cases.Stretch, cases.Ask, cases.Stage, cases.Assist, cases.Alarm, cases.Call),
            *(cases.CategoryChoice, feedback.Rating, feedback.ReturnVisit, feedback.Effect),
            *(feedback.Exclusion, feedback.Thanks),
        ]
        self.numbering: dict[str, str] = {}
        self.made = ["bench_plan", "bench_deadline"]

    def copy_all(self, bases: list[Any], rows: list[tuple[int, ...]]) -> None:
        """Copy cases, then their children, in the order in which they name each other."""
        _table(
            "bench_deadline",
            "name varchar(40), row_id bigint, days integer, text text, PRIMARY KEY (name, row_id, days)",
        )
        wanted = {(row[2], row[3]) for row in rows}
        days_of: dict[int, set[int]] = {}
        for base, days in wanted:
            days_of.setdefault(base, set()).add(days)
        pks = [case.pk for case in bases]
        for model in (self.case, *self.children):
            if any(field.attname == "deadline" for field in model._meta.concrete_fields):
                owner = "pk" if model is self.case else "case_id"
                found = model.objects.filter(**{f"{owner}__in": pks}).values_list("pk", owner, "deadline")
                _write("bench_deadline", ("name", "row_id", "days", "text"), _moved(model, found, days_of))
        self._copy(self.case, "bench_cases")
        for model in self.children:
            self._copy(model, None)

    def _copy(self, model: type[models.Model], _name: str | None) -> None:
        table = model._meta.db_table
        of_case = model is not self.case
        source = f"bench_{table}"
        place = "ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY id)" if of_case else "1"
        belongs = "case_id" if of_case else "id"
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMPORARY TABLE {source} AS SELECT *, {place} AS nth_ FROM {table} "
                f"WHERE {belongs} IN (SELECT DISTINCT base_id FROM bench_plan)"
            )
            self.made.append(source)
            cursor.execute(f"CREATE INDEX {source}_of ON {source} ({belongs})")
            cursor.execute(f"SELECT max(nth_) FROM {source}")
            stride = cursor.fetchone()[0]
            if stride is None:
                return
            cursor.execute(f"SELECT max(id) FROM {table}")
            first = cursor.fetchone()[0]
            new = f"{first} + (p.n - 1) * {stride} +" if of_case else ""
            self.numbering[table] = new
            fields = model._meta.concrete_fields
            names = ", ".join(f'"{field.column}"' for field in fields)
            values = ", ".join(self._value(field, model) for field in fields)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM bench_plan p "
                f"JOIN {source} s ON s.{belongs} = p.base_id ORDER BY p.n" + (", s.nth_" if of_case else "")
            )

    def _value(self, field: models.Field, model: type[models.Model]) -> str:
        column = f's."{field.column}"'
        if model is self.case:
            own = {
                "id": "p.new_id",
                "number": f"'BENCH-' || {_digits()}",
                "enterprise_id": "p.firm_id",
                "text": f"CASE WHEN p.rare = 1 THEN s.text || '{RARE}' ELSE s.text END",
            }
            if field.column in own:
                return own[field.column]
        elif field.primary_key:
            return f"{self.numbering[model._meta.db_table]} s.nth_"
        related = field.related_model
        if related is self.case:
            return column if model is self.case else "p.new_id"  # a copied case hangs on no other one
        if related in self.children:
            table = related._meta.db_table
            return f"(SELECT {self.numbering[table]} o.nth_ FROM bench_{table} o WHERE o.id = {column})"
        if isinstance(field, models.DateTimeField):
            return _back(column, moment=True)
        if isinstance(field, models.DateField):
            return _back(column, moment=False)
        if field.column == "deadline":
            cast = "::jsonb" if connection.vendor == "postgresql" else ""
            return (
                f"(SELECT d.text{cast} FROM bench_deadline d WHERE d.name = '{model.__name__}' "
                "AND d.row_id = s.id AND d.days = p.days)"
            )
        return column

    def close(self) -> None:
        """Take the help tables away and let the counters of numbers go on from the copies."""
        from django.core.management.color import no_style

        from zhitong.core.models import AuditEvent

        with connection.cursor() as cursor:
            for table in [*self.made, "bench_words", "bench_firm"]:
                cursor.execute(f"DROP TABLE {table}")
            every = [self.case, *self.children, AuditEvent]
            for statement in connection.ops.sequence_reset_sql(no_style(), every):
                cursor.execute(statement)
            if connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = DEFAULT")


def _digits() -> str:
    return (
        "printf('%%08d', p.new_id)".replace("%%", "%")
        if connection.vendor == "sqlite"
        else "lpad(p.new_id::text, 8, '0')"
    )


def _back(column: str, *, moment: bool) -> str:
    if connection.vendor == "postgresql":
        return f"{column} - p.days * interval '1 day'" if moment else f"{column} - p.days"
    moved = f"date({column}, '-' || p.days || ' days')"
    return f"{moved} || substr({column}, 11)" if moment else moved


def _moved(model: Any, found: Iterable[Any], days_of: dict[int, set[int]]) -> Iterable[tuple[Any, ...]]:
    """Deadlines as they stand when every day in them is so many days earlier."""
    for pk, case, deadline in found:
        text = json.dumps(deadline)
        for days in days_of.get(case, ()):
            back = timedelta(days=days)
            moved = DAY.sub(lambda day, back=back: str(date.fromisoformat(day[0]) - back), text)
            yield model.__name__, pk, days, moved


def _clocks(rows: list[tuple[int, ...]]) -> None:
    """Count the running clocks anew from their first day: the calendar is not the same there."""
    from zhitong.cases.models import Assist, Case
    from zhitong.cases.services import clocks
    from zhitong.kernel.calendar import Deadline

    first, known = rows[0][1], {}
    for model, running in (
        (Case, Case.objects.filter(pk__gte=first, ended_at__isnull=True)),
        (Assist, Assist.objects.filter(case__gte=first, ended_at__isnull=True)),
    ):
        changes = []
        for pk, deadline in running.values_list("pk", "deadline").iterator():
            key = json.dumps(deadline, sort_keys=True)
            if key not in known:
                columns = clocks._columns(clocks._again(Deadline.from_json(deadline)))
                known[key] = (columns["due_at"], json.dumps(columns["deadline"]), columns["provisional"])
            due, text, provisional = known[key]
            due = connection.ops.adapt_datetimefield_value(due)
            changes.append((due, text, provisional, pk))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {model._meta.db_table} SET due_at = %s, deadline = %s, provisional = %s WHERE id = %s",
                changes,
            )


def _words(bases: list[Any]) -> None:
    """Write the search index from the words of the models; number, firm and rare word are the copy's own."""
    from zhitong.cases import finding
    from zhitong.core.search.tables import document
    from zhitong.enterprises.models import Enterprise

    lite = connection.vendor == "sqlite"
    kind = "text" if lite else "tsvector"
    _table("bench_words", f"base_id bigint PRIMARY KEY, said {kind}, answer {kind}, draft {kind}")
    _table("bench_firm", f"firm_id bigint PRIMARY KEY, whose {kind}")

    def kept(text: str, weight: str) -> str:
        words = document(text)
        if lite:
            return " ".join(words)
        return " ".join(f"'{word}':{at}{weight}" for at, word in enumerate(words, start=2) if word != PAIR)

    rows = []
    for case in bases:
        of = finding.document(case)
        said = f"{case.original_number}\n{case.title}\n{case.text}\n{case.place}"
        rows.append(
            (case.pk, kept(said, "A"), kept(of.get("answer", ""), "C"), kept(of.get("draft", ""), "D"))
        )
    _write("bench_words", ("base_id", "said", "answer", "draft"), rows)
    names = Enterprise.objects.values_list("pk", "name")
    _write("bench_firm", ("firm_id", "whose"), [(pk, kept(name, "B")) for pk, name in names])
    cut = [f"substr({_digits()}, {at}, 2)" for at in range(1, 8)]
    begin = document("BENCH")
    if lite:
        number = f"'{' '.join(begin)} ' || " + " || ' ' || ".join(cut) + f" || ' {PAIR} '"
        rare = f"CASE WHEN p.rare = 1 THEN ' ' || '{kept(RARE, '')}' ELSE '' END"
        columns, values = (
            "rowid, said, whose, answer, draft",
            f"{number} || w.said || {rare}, f.whose, w.answer, w.draft",
        )
    else:
        pieces = [f"'{word}':{at}A" for at, word in enumerate(begin, start=1) if word != PAIR]
        text = "'" + " ".join(pieces).replace("'", "''") + "'"
        for at, piece in enumerate(cut, start=len(begin) + 1):
            text += f" || ' ''' || {piece} || ''':{at}A'"
        spare = kept(RARE, "A").replace("'", "''")
        rare = f"CASE WHEN p.rare = 1 THEN '{spare}'::tsvector ELSE ''::tsvector END"
        columns, values = (
            "id, words",
            f"({text})::tsvector || w.said || {rare} || f.whose || w.answer || w.draft",
        )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_cases ({columns}) SELECT p.new_id, {values} FROM bench_plan p "
            "JOIN bench_words w ON w.base_id = p.base_id JOIN bench_firm f ON f.firm_id = p.firm_id ORDER BY p.n"
        )


def _audit(bases: list[Any], rows: list[tuple[int, ...]]) -> None:
    """Append an event for each copy, keyed and sealed with the log's own functions."""
    from django.conf import settings

    from zhitong.core import audit
    from zhitong.core.actor import system
    from zhitong.core.crypto import hmac_sm3
    from zhitong.core.models import AuditEvent

    by, begun = system("bench"), {case.pk: case.created_at for case in bases}
    fields = AuditEvent._meta.concrete_fields
    seq, digest = audit.head()
    newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in range(0, len(rows), BATCH):
        events, seals = [], []
        for n, new, base, days, firm, _rare in rows[start : start + BATCH]:
            event = AuditEvent(
                pk=newest + n, at=begun[base] - timedelta(days=days), actor=by.principal, actor_label=by.label[:100],
                action="cases.submit", target=f"cases.case:{new}", tenant=firm, result="done",
                payload=f'{{"copied":{base}}}', request_id="",
            )  # fmt: skip
            event.mac = hmac_sm3(settings.AUDIT_KEY, audit.canonical(event)).hex()
            seq, digest = seq + 1, audit.link_digest(seq + 1, digest, event)
            seals.append((seq, event.pk, digest))
            events.append(tuple(f.get_db_prep_value(getattr(event, f.attname), connection) for f in fields))
        _write("core_auditevent", tuple(f.column for f in fields), events)
        _write("core_auditseal", ("seq", "event_id", "digest"), seals)


def check() -> dict[str, Any]:
    """Look at what the copies must keep; AssertionError names what is wrong. Return what there is."""
    from zhitong.cases.models import Case, Entry, Stretch
    from zhitong.core import audit

    orphans = {name: number for name, number in _orphans() if number}
    begin = time.monotonic()
    report = audit.verify()
    verified = round(time.monotonic() - begin, 1)
    running = Case.objects.filter(ended_at__isnull=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM cases_entry e WHERE e.case_id = c.id)"
        )
        silent = cursor.fetchone()[0]
    faults = {
        "foreign keys": orphans,
        "audit": report.fault or list(report.unsealed),
        "running cases without a clock": running.filter(models.Q(due_at=None) | models.Q(clock="")).count(),
        "cases without a line": silent,
        "cases that are not in the index": _unindexed(),
    }
    wrong = {name: found for name, found in faults.items() if found}
    if wrong:
        raise AssertionError(wrong)
    return {
        "cases": Case.objects.count(),
        "running": running.count(),
        "due times": running.values("due_at").distinct().count(),
        "lines": Entry.objects.count(),
        "stretches": Stretch.objects.count(),
        "sealed events": report.sealed,
        "verify_audit_seconds": verified,
    }


def _unindexed() -> int:
    key = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT id FROM cases_case EXCEPT SELECT {key} FROM search_cases) AS gone"
        )
        return int(cursor.fetchone()[0])


def _orphans() -> Iterable[tuple[str, int]]:
    from django.apps import apps

    for label in ("cases", "feedback"):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields:
                if not isinstance(field, models.ForeignKey):
                    continue
                table, target = model._meta.db_table, field.related_model._meta.db_table
                with connection.cursor() as cursor:
                    cursor.execute(
                        f'SELECT count(*) FROM {table} a WHERE a."{field.column}" IS NOT NULL AND NOT EXISTS '
                        f'(SELECT 1 FROM {target} b WHERE b.id = a."{field.column}")'
                    )
                    yield f"{table}.{field.column}", cursor.fetchone()[0]
