"""The office's day at 20,000 and at 1,000,000 cases, on SQLite and on PostgreSQL, beside two other systems.

    make bench                      everything (half an hour and more)
    make bench ARGS="--small"       20,000 cases on SQLite only
    make bench ARGS="--only postgres --count 1000000 --no-peers"

Each request goes through every middleware in one process; what is taken is processor time: of this process,
and on PostgreSQL that of the backend which answers it (read from /proc, so Linux only). The tasks take
turns. A list or a search without a row is an error, not a time.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
RESULTS = Path(__file__).with_name("results")
SMALL, LARGE, RUNS, OK, FOUND, MADE = 20_000, 1_000_000, 21, 200, 302, 201
TARGETS = {"list": 30, "case page": 30, "create": 15}
LINE = re.compile(r'href="/cases/(\d+)/')


def main() -> None:
    """Measure what is asked for, write it down, and write the table anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--small", action="store_true", help="20,000 cases on SQLite only, no peers")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--count", type=int)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    path = RESULTS / "day.json"
    databases = [options.only] if options.only else ["sqlite"] if options.small else ["sqlite", "postgres"]
    counts = [options.count] if options.count else [SMALL] if options.small else [SMALL, LARGE]
    for count in counts:
        for database in databases:
            _keep(path, f"{database} {count}", _city(database, count, options.runs, heavy=False))
            if count == SMALL:
                heavy = _city(database, count, options.runs, heavy=True)
                _keep(path, f"{database} {count} heavy", heavy)
    if not (options.small or options.no_peers):
        from benchmarks import peers

        _keep(path, "peers", peers.measure(SMALL, options.runs))
    print((RESULTS / "day.md").read_text("utf-8"))


def _keep(path: Path, name: str, part: dict[str, Any]) -> None:
    from benchmarks import table

    found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    found[name] = part
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (RESULTS / "day.md").write_text(table.of(found, TARGETS), encoding="utf-8")


def _city(database: str, count: int, runs: int, *, heavy: bool) -> dict[str, Any]:
    """Build and measure one city in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHITONG_")}
    server = None
    with tempfile.TemporaryDirectory(prefix="zhitong-bench-") as home:
        settings = kept | {
            "ZHITONG_HOME": home,
            "ZHITONG_DEMO": "1",
            "ZHITONG_API_PER_MINUTE": "1000000",
            "DJANGO_SETTINGS_MODULE": "zhitong.config.settings",
        }
        if database == "postgres":
            from tests.support.postgres import Server

            server = Server()
            settings["ZHITONG_DATABASE_URL"] = server.url("postgres")
        try:
            inside = ["--inside", str(count), str(runs), str(int(heavy))]
            done = subprocess.run(
                [sys.executable, __file__, *inside],
                env=settings,
                cwd=ROOT,
                check=True,
                stdout=subprocess.PIPE,
            )
        finally:
            if server is not None:
                server.stop()
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def inside(count: int, runs: int, *, heavy: bool, build: bool = True) -> dict[str, Any]:
    """Build a city with so many cases and do its tasks."""
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.conf import settings
    from django.core.management import call_command

    from benchmarks import loader

    settings.HOME.mkdir(parents=True, exist_ok=True)
    settings.ALLOWED_HOSTS = ["testserver"]
    loaded: dict[str, Any] = {}
    if build:
        call_command("migrate", verbosity=0)
        loaded = loader.build(count, heavy=heavy)
    from zhitong.config import warming

    warming.settle()  # as the server does
    return {"loaded": loaded, "version": _version(), "tasks": measure(tasks(), runs)}


def _version() -> str:
    from django.db import connection

    if connection.vendor == "sqlite":
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        # A second process would not be counted.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


class Cpu:
    """Processor milliseconds of this process and of the database's, where that is another one."""

    def __init__(self) -> None:
        from django.db import connection

        self.path = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.path = Path(f"/proc/{cursor.fetchone()[0]}")

    def read(self) -> float:
        """Return what was used so far."""
        return 1000 * time.process_time() + self._backend()

    def _backend(self) -> float:
        if self.path is None:
            return 0.0
        schedule = self.path / "schedstat"
        if schedule.exists():  # in nanoseconds; the other file counts in hundredths of a second
            return int(schedule.read_text().split()[0]) / 1e6
        parts = (self.path / "stat").read_text().rsplit(")", 1)[1].split()
        return 1000 * (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def tasks() -> dict[str, Callable[[int], int]]:
    """Return what is measured by name: each does it once more and says how many rows it showed."""
    from benchmarks import loader
    from zhitong.orgs.models import Department

    unit = Department.objects.get(local_code="works").pk
    word = common_word()
    found: dict[str, Callable[[int], int]] = {}
    lists = {
        "list": "",
        "list by department": f"department={unit}",
        "list by state": "state=handling",
        "list of closed": "state=closed",
        "list by lamp": "late=on",
        "search rare word": f"q={loader.RARE}",
        "search common word": f"q={word}",
    }
    for who in ("city-dispatcher", "dispatcher", "handler", "supervisor"):
        for name, query in lists.items():  # each its own session, for it keeps the filters
            found[f"{who}: {name}"] = _page(signed_in(who), f"/cases/?{query}")
        found[f"{who}: case page"] = _cases(signed_in(who), who)
    client = signed_in("firm-1")
    found["firm: list"] = _page(client, "/cases/")
    found["firm: case page"] = _cases(client, "firm-1")
    found["firm: create (form sent)"] = _create(client)
    found["firm: create (service)"] = _submit()
    return found | _program() | {"the machine: a fixed piece of work": _machine}


def _machine(_turn: int) -> int:
    """Always the same work without a database: how fast the machine was while this was measured."""
    return len(json.dumps([{"at": n, "text": str(n)} for n in range(5_000)]))


def common_word() -> str:
    """Return the word of two signs that stands in most of the real texts."""
    from collections import Counter

    import rjieba

    from zhitong.cases.models import Case

    texts = Case.objects.order_by("pk").values_list("text", flat=True)[:80]
    seen = Counter(word for text in texts for word in set(rjieba.cut(text)) if len(word) == 2)
    return seen.most_common(1)[0][0]


def signed_in(username: str) -> Any:
    """Return a client with the session of a person."""
    from benchmarks.cases import _signed_in

    return _signed_in(username)


def _page(client: Any, address: str) -> Callable[[int], int]:
    def work(_turn: int) -> int:
        answer = client.get(address)
        if answer.status_code != OK:
            raise AssertionError(address, answer.status_code)
        return len(set(LINE.findall(answer.content.decode())))

    return work


def _cases(client: Any, username: str) -> Callable[[int], int]:
    body = client.get("/cases/").content.decode()
    numbers = sorted(set(LINE.findall(body)))
    if not numbers:
        raise AssertionError(username, "sees no case")

    def work(turn: int) -> int:
        answer = client.get(f"/cases/{numbers[turn % len(numbers)]}/")
        if answer.status_code != OK:
            raise AssertionError(username, answer.status_code)
        return 1

    return work


def _create(client: Any) -> Callable[[int], int]:
    from benchmarks import loader
    from zhitong.enterprises.models import Membership

    firm = Membership.objects.filter(user__username="firm-1").values_list("enterprise", flat=True)[0]

    def work(turn: int) -> int:
        text = loader.TEXTS["road"].format(turn=turn, mark=uuid.uuid4().hex[:6])
        given = {"firm": firm, "text": text, "key": uuid.uuid4().hex}
        answer = client.post("/cases/new/", given)
        if answer.status_code != FOUND:
            raise AssertionError(answer.status_code, answer.content.decode()[:3000])
        return 1

    return work


def _submit() -> Callable[[int], int]:
    from benchmarks import loader
    from zhitong.cases import services
    from zhitong.core import clock
    from zhitong.enterprises import queries
    from zhitong.enterprises.models import Membership

    seat = Membership.objects.select_related("user", "enterprise").get(user__username="firm-2")

    def work(turn: int) -> int:
        now = clock.now()
        draft = services.Draft(text=loader.TEXTS["power"].format(turn=turn, mark=uuid.uuid4().hex[:6]))
        services.submit(by=queries.firm_actor(seat.user, now), now=now, draft=draft, firm=seat.enterprise)
        return 1

    return work


def _program() -> dict[str, Callable[[int], int]]:
    from django.test import Client

    from zhitong.core import clock
    from zhitong.enterprises import services
    from zhitong.orgs import queries
    from zhitong.orgs.models import User

    now = clock.now()
    admin = queries.staff_actor(User.objects.get(username="sysadmin"), now)
    issued = services.issue_token(
        by=admin, now=now, name="bench", scopes=["cases.read", "cases.submit"], regions=["350111", "350100", "350102", "350121"],
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    client = Client(HTTP_AUTHORIZATION=f"Bearer {issued.secret}")

    def asked(query: str) -> Callable[[int], int]:
        def work(_turn: int) -> int:
            answer = client.get(f"/api/v1/cases?limit=50&{query}")
            if answer.status_code != OK:
                raise AssertionError(answer.status_code, answer.content.decode()[:500])
            return len(answer.json()["items"])

        return work

    return {"program: API list": asked(""), "program: API list by state": asked("state=handling")}


def measure(work: dict[str, Callable[[int], int]], runs: int) -> dict[str, Any]:
    """Do every task so many times in turns; milliseconds, questions to the database and rows of each."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cpu = Cpu()
    taken: dict[str, list[float]] = {name: [] for name in work}
    rows: dict[str, int] = {}
    asked: dict[str, int] = {}
    for name, step in work.items():  # warm
        with CaptureQueriesContext(connection) as questions:
            rows[name] = step(0)
        asked[name] = len(questions)
        if not rows[name]:
            raise AssertionError(name, "is empty: that is no result")
    for turn in range(1, runs + 1):
        for name, step in work.items():
            begin = cpu.read()
            step(turn)
            taken[name].append(cpu.read() - begin)
    return {name: {**summary(taken[name]), "queries": asked[name], "rows": rows[name]} for name in work}


def summary(taken: list[float]) -> dict[str, float]:
    """Return the median, the 95th of a hundred and the best of some milliseconds."""
    p95 = quantiles(taken, n=20, method="inclusive")[-1] if len(taken) > 1 else taken[0]
    return {"p50_ms": round(median(taken), 1), "p95_ms": round(p95, 1), "best_ms": round(min(taken), 1)}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        print(json.dumps(inside(int(sys.argv[2]), int(sys.argv[3]), heavy=sys.argv[4] == "1")))
    else:
        main()
