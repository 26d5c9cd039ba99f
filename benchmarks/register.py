"""The register at 6,000 and at 1,000,000 firms, and the import of a list of 100,000 rows.

    python benchmarks/register.py [--large 1000000] [--rows 100000]

A list of fifty is asked for as the browser asks, through every middleware, in this process; processor time
is taken, since the machine is shared. Beside the list stands what a plain Django list would do (count
everything, page by offset), beside the search a scan for the same two signs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
RESULTS = Path(__file__).with_name("results") / "register.json"
SEED = 2026
BATCH = 5_000
RUNS = 31
YEAR, KINDS = "2025", frozenset({"revenue", "people"})
COLUMNS = ("code", "name", "region", "street", "address", "activity", "founded_on", "capital", "listing")
LISTS = {
    "all": "",
    "district": "region=350111",
    "size": "size=large",
    "industry and size": "activity=C39&size=small",
    "title": "title=srdi",
}


def main() -> None:
    """Measure everything, print it and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=6_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the list; 0 leaves the import out")
    options = parser.parse_args()
    found: dict[str, Any] = {"seed": SEED, "database": "sqlite"}
    with tempfile.TemporaryDirectory(prefix="zhitong-bench-") as folder:
        if options.rows:
            found["import"] = imported(Path(folder), options.rows)
            print(json.dumps(found["import"]), file=sys.stderr)
        for name, count in (("small", options.small), ("large", options.large)):
            found[name] = _in_a_process(Path(folder) / name, count)
    found["ratios"] = {
        name: round(found["large"]["lists"][name]["cpu_ms"] / found["small"]["lists"][name]["cpu_ms"], 2)
        for name in LISTS
    }
    text = json.dumps(found, ensure_ascii=False, indent=2)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)


def _settings(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHITONG_")}
    return kept | {
        "ZHITONG_HOME": str(home),
        "ZHITONG_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "zhitong.config.settings",
    }


def imported(folder: Path, rows: int) -> dict[str, Any]:
    """Bring a list in by the command, from an empty register; seconds, rows a second, peak memory."""
    home, out = folder / "import", {}
    settings = _settings(home)
    zhitong = [sys.executable, "-m", "zhitong"]
    subprocess.run([*zhitong, "migrate", "--verbosity", "0"], env=settings, cwd=ROOT, check=True)
    path = folder / "firms.csv"
    subprocess.run(
        [*zhitong, "make-firms", "--count", str(rows), "--seed", str(SEED), "--out", str(path)],
        cwd=ROOT,
        check=True,
    )
    for name in ("first", "again"):
        begin = time.monotonic()
        process = subprocess.Popen(
            [*zhitong, "import-firms", str(path), "--source", "bench", "--skip-doubles"],
            env=settings,
            cwd=ROOT,
        )
        _, _status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begin
        out[name] = {
            "seconds": round(seconds, 1),
            "rows_a_second": round(rows / seconds),
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
            "peak_mb": round(usage.ru_maxrss / 1024),
        }
    return {"rows": rows, "csv_mb": round(path.stat().st_size / 1e6, 1), **out}


def _in_a_process(home: Path, count: int) -> dict[str, Any]:
    """Measure a register of one size in a process of its own, so that memory and caches are its own."""
    command = [sys.executable, __file__, "--inside", str(home), str(count)]
    done = subprocess.run(command, env=_settings(home), cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def inside(count: int) -> dict[str, Any]:
    """Build a register and ask for its lists."""
    import django  # noqa: PLC0415 - settings come from the environment of this process

    django.setup()
    from django.conf import settings  # noqa: PLC0415 - same
    from django.core.management import call_command  # noqa: PLC0415 - same

    settings.HOME.mkdir(parents=True, exist_ok=True)
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    begin = time.monotonic()
    codes = _fill(count)
    built = time.monotonic() - begin
    client = _officer()
    lists = {name: _list(client, query) for name, query in LISTS.items()}
    return {
        "firms": count,
        "built_seconds": round(built),
        "lists": lists,
        "plain": _plain(),
        "search": _searches(client, codes),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _fill(count: int) -> list[str]:
    """Write firms, revenue, people, titles and the index past the services: only reading is measured."""
    from datetime import date  # noqa: PLC0415 - beside its use

    from django.db import connection, transaction  # noqa: PLC0415 - Django is up only now

    from zhitong.config import synthetic  # noqa: PLC0415 - same

    today, names = date(2026, 6, 5), []
    rows = synthetic.firms(count=count, seed=SEED, today=today)
    while chunk := list(islice(rows, BATCH)):
        with transaction.atomic():
            names += _chunk(chunk, today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return names


def _chunk(chunk: list[Any], today: Any) -> list[str]:
    from django.utils import timezone  # noqa: PLC0415 - Django is up only now

    from zhitong.core import search  # noqa: PLC0415 - same
    from zhitong.enterprises import models, queries  # noqa: PLC0415 - same
    from zhitong.enterprises.services.traces import size_columns  # noqa: PLC0415 - same

    now, firms, facts, titles = timezone.now(), [], [], []
    for row in chunk:
        said: dict[str, list[Any]] = {}
        for one in row.facts:
            if one.kind in KINDS and one.period == YEAR:
                fact = models.Fact(kind=one.kind, period=YEAR, source=one.source, stated_at=now)
                fact.state, fact.value = one.state, one.value
                said.setdefault(one.kind, []).append(fact)
        sized = size_columns(queries.newest_size(row.activity, said, today))
        columns = {name: getattr(row, name) for name in COLUMNS}
        firms.append((models.Enterprise(created_at=now, **columns, **sized), said, row))
    models.Enterprise.objects.bulk_create([firm for firm, _, _ in firms])
    for firm, said, row in firms:
        for fact in (fact for stated in said.values() for fact in stated):
            fact.enterprise = firm
            facts.append(fact)
        for held in row.titles:
            title = models.Title(enterprise=firm, kind=held.kind, recorded_at=now)
            title.granted_on, title.expires_on = held.granted_on, held.expires_on
            titles.append(title)
    models.Fact.objects.bulk_create(facts)
    models.Title.objects.bulk_create(titles)
    search.put(queries.INDEX, [(firm.pk, firm.name) for firm, _, _ in firms])
    return [firm.name for firm, _, _ in firms[:20]]


def _officer() -> Any:
    """A dispatcher of the city, signed in."""
    from django.conf import settings  # noqa: PLC0415 - Django is up only now
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415 - same
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - same
    from django.test import Client  # noqa: PLC0415 - same
    from django.utils import timezone  # noqa: PLC0415 - same

    from zhitong.core.actor import system  # noqa: PLC0415 - same
    from zhitong.orgs import services  # noqa: PLC0415 - same
    from zhitong.orgs.signin import demo, second_factor  # noqa: PLC0415 - same

    by, now = system("bench"), timezone.now()
    unit = services.create_department(
        by=by,
        now=now,
        name="Example City",
        name_en="Example",
        tier="city",
        local_code="city",
        region="350100",
        intake=True,
    )
    user = services.create_staff(by=by, now=now, username="bench", name="Example")
    services.add_post(by=by, now=now, user=user, department=unit, role="dispatcher")
    demo.enrol_totp(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "zhitong.orgs.signin.backends.SignInBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    second_factor.vouch(session, user)
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def _list(client: Any, query: str) -> dict[str, float]:
    """Ask for a list again and again; processor milliseconds of the whole request."""
    taken = []
    for _ in range(RUNS):
        begin = time.process_time()
        answer = client.get(f"/firms/?{query or 'q='}")
        taken.append(1000 * (time.process_time() - begin))
        if answer.status_code != 200:  # noqa: PLR2004 - the page itself
            message = f"{query}: {answer.status_code}"
            raise SystemExit(message)
    return {"cpu_ms": round(median(taken), 1), "best_ms": round(min(taken), 1)}


def _plain() -> dict[str, float]:
    """What a plain list does: count all rows, sort by name, take the middle page by offset."""
    from zhitong.enterprises.models import Enterprise  # noqa: PLC0415 - Django is up only now

    taken = []
    for _ in range(5):
        begin = time.process_time()
        total = Enterprise.objects.count()
        list(Enterprise.objects.order_by("name")[total // 2 : total // 2 + 50])
        taken.append(1000 * (time.process_time() - begin))
    return {"cpu_ms": round(median(taken), 1)}


def _searches(client: Any, names: list[str]) -> dict[str, Any]:
    """Search by two signs out of the middle of names; beside it a scan for the same signs."""
    from zhitong.core import search  # noqa: PLC0415 - Django is up only now
    from zhitong.enterprises.models import Enterprise  # noqa: PLC0415 - same

    rng = random.Random(SEED)
    words = [name[at : at + 2] for name in rng.sample(names, RUNS) for at in [rng.randint(2, 4)]]
    taken: dict[str, list[float]] = {"index": [], "page": [], "scan": []}
    wrong = 0
    for word in words:
        begin = time.process_time()
        found = search.find("firms", word)
        taken["index"].append(1000 * (time.process_time() - begin))
        begin = time.process_time()
        client.get("/firms/", {"q": word})
        taken["page"].append(1000 * (time.process_time() - begin))
    for word in words[:5]:
        begin = time.process_time()
        scanned = Enterprise.objects.filter(name__icontains=word).count()
        taken["scan"].append(1000 * (time.process_time() - begin))
        found = search.find("firms", word)
        wrong += found is not None and len(found) != scanned
    return {f"{name}_cpu_ms": round(median(times), 2) for name, times in taken.items()} | {
        "worst_page_cpu_ms": round(max(taken["page"]), 1),
        "different_from_scan": wrong,
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        print(json.dumps(inside(int(sys.argv[3]))))
    else:
        main()
