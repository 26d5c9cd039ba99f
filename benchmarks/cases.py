"""The office's lists at 200 and at 20,000 cases.

    python benchmarks/cases.py [--large 20000]

Each page is asked for as the browser asks, through every middleware, in this process; processor time is
taken, since the machine is shared. The cases are those of the demo's months, copied past the services with
their lines and stretches: only reading is measured. Beside the pages stands what a plain Django list of the
same cases costs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
RESULTS = Path(__file__).with_name("results") / "cases.json"
SEED, RUNS, BATCH, BASE = 2026, 15, 1_000, 60
SIGNS, SEARCHED = 2, "\u505c\u7535"
FIGURES = "/ratings/figures/?group=department"
PAGES = {
    "dispatcher": {
        "desk": "/",
        "all": "/cases/",
        "in handling": "/cases/?state=handling",
        "overdue": "/cases/?late=on",
        "words": "/cases/?q=%E5%81%9C%E7%94%B5",
        "rare word": "/cases/?q=BENCH-100",
        "two words": "/cases/?q=%E4%BC%81%E4%B8%9A+%E5%81%9C%E7%94%B5",
        "no such word": "/cases/?q=%E6%A6%95%E6%99%B6%E9%A3%9E",
        "common word": "common",
        "common word and state": "common&state=handling",
        "last page": "/cases/?page=last",
        "plans": "/cases/plans/",
        "visits": "/ratings/visits/",
        "effects": "/ratings/effects/",
        "figures": FIGURES,
        "week": "week",
    },
    "handler": {"desk": "/", "all": "/cases/", "common word": "common"},
    "supervisor": {"all": "/cases/", "figures": FIGURES, "leader list": "/supervision/leader/"},
}


def main() -> None:
    """Measure everything, print it and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=200)
    parser.add_argument("--large", type=int, default=20_000)
    options = parser.parse_args()
    found: dict[str, Any] = {"seed": SEED, "database": "sqlite"}
    with tempfile.TemporaryDirectory(prefix="zhitong-bench-") as folder:
        for name, count in (("small", options.small), ("large", options.large)):
            found[name] = _in_a_process(Path(folder) / name, count)
    pages = found["large"]["pages"]
    found["ratios"] = {
        name: round(row["cpu_ms"] / found["small"]["pages"][name]["cpu_ms"], 2) for name, row in pages.items()
    }
    text = json.dumps(found, ensure_ascii=False, indent=2)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)


def _in_a_process(home: Path, count: int) -> dict[str, Any]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHITONG_")}
    settings = kept | {
        "ZHITONG_HOME": str(home),
        "ZHITONG_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "zhitong.config.settings",
    }
    command = [sys.executable, __file__, "--inside", str(home), str(count)]
    done = subprocess.run(command, env=settings, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def inside(count: int) -> dict[str, Any]:
    """Build a city with so many cases and ask for its pages."""
    import django  # noqa: PLC0415 - settings come from the environment of this process

    django.setup()
    from django.conf import settings  # noqa: PLC0415 - same
    from django.core.management import call_command  # noqa: PLC0415 - same
    from django.db import connection  # noqa: PLC0415 - same

    settings.HOME.mkdir(parents=True, exist_ok=True)
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    week = _fill(count)
    word = _common()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pages = {}
    for who, addresses in PAGES.items():
        client = _signed_in(who)
        for name, address in addresses.items():
            address = address.replace("common", f"/cases/?q={word}")  # noqa: PLW2901 - the one of this city
            pages[f"{who}: {name}"] = _asked(client, week if address == "week" else address)
    return {**_counted(), "pages": pages, "index": _index(word), "plain": _plain()}


def _fill(count: int) -> str:
    """The demo's city and months; its cases again and again; this week's list of the busiest unit."""
    from django.utils import timezone  # noqa: PLC0415 - Django is up only now

    from zhitong.cases.models import Case  # noqa: PLC0415 - same
    from zhitong.config import demo_city, simulation  # noqa: PLC0415 - same
    from zhitong.config.commands import load_calendar  # noqa: PLC0415 - same
    from zhitong.core.actor import system  # noqa: PLC0415 - same
    from zhitong.core.clock import local_date  # noqa: PLC0415 - same
    from zhitong.supervision import queries, services  # noqa: PLC0415 - same

    now = timezone.now()
    load_calendar.load()
    demo_city.build(now=now - timedelta(days=150))
    simulation.fill_demo(now, months=3, cases=BASE)
    base = list(Case.objects.exclude(state="merged").order_by("pk"))
    while (missing := count - Case.objects.count()) > 0:
        _copy(base[:missing])
    made = [
        services.make_week(by=system("bench"), now=now, department=unit)
        for unit in queries.without_list(services.monday_of(local_date(now)))
    ]
    longest = Counter({week.pk: week.items.count() for week in made}).most_common(1)[0][0]
    return f"/supervision/weeks/{longest}/"


def _copy(base: list[Any]) -> None:
    from django.db import transaction  # noqa: PLC0415 - Django is up only now

    from zhitong.cases import finding  # noqa: PLC0415 - same
    from zhitong.cases.models import Case, Charge, Entry, Stretch  # noqa: PLC0415 - same
    from zhitong.feedback.models import Rating  # noqa: PLC0415 - same

    newest = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    new, columns = {}, Case._meta.concrete_fields  # noqa: SLF001 - Django's own way to the columns
    for place, case in enumerate(base, start=1):
        values = {field.attname: getattr(case, field.attname) for field in columns}
        new[case.pk] = Case(**values | {"id": newest + place, "number": f"BENCH-{newest + place}"})
    with transaction.atomic():
        Case.objects.bulk_create(new.values())
        finding.index(
            Case.objects.filter(pk__in=[case.pk for case in new.values()]).select_related("enterprise")
        )
        for model in (Entry, Stretch, Charge, Rating):
            rows = []
            for row in model.objects.filter(case__in=new):
                row.pk, row.case_id = None, new[row.case_id].pk
                rows.append(row)
            model.objects.bulk_create(rows, batch_size=BATCH)


def _common() -> str:
    """The word of two signs that stands in most of the texts."""
    import rjieba  # noqa: PLC0415 - only here

    from zhitong.cases.models import Case  # noqa: PLC0415 - Django is up only now

    texts = Case.objects.order_by("pk").values_list("text", flat=True)[:BASE]
    seen = Counter(word for text in texts for word in set(rjieba.cut(text)) if len(word) == SIGNS)
    return seen.most_common(1)[0][0]


def _index(word: str) -> dict[str, Any]:
    """The index alone: finding a word, and writing a case."""
    from zhitong.cases import finding, queries  # noqa: PLC0415 - Django is up only now
    from zhitong.cases.models import Case  # noqa: PLC0415 - same
    from zhitong.core.actor import system  # noqa: PLC0415 - same

    rows = queries.visible(system("bench")).order_by("-id")
    case = Case.objects.select_related("enterprise").first()
    work = {
        f"find {name}": lambda query=query: list(queries.by_words(system("bench"), rows, query).rows[:50])
        for name, query in (("a word", SEARCHED), ("a number", "BENCH 100"), ("a common word", word))
    }
    found: dict[str, Any] = {name: _took(step) for name, step in work.items()}
    return found | {"write": _took(lambda: finding.index([case]))}


def _took(step: Any) -> dict[str, float]:
    taken = []
    for _ in range(RUNS):
        begin = time.process_time()
        step()
        taken.append(1000 * (time.process_time() - begin))
    return {"cpu_ms": round(median(taken), 2), "best_ms": round(min(taken), 2)}


def _signed_in(username: str) -> Any:
    from django.conf import settings  # noqa: PLC0415 - Django is up only now
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415 - same
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - same
    from django.test import Client  # noqa: PLC0415 - same

    from zhitong.orgs.models import User  # noqa: PLC0415 - same
    from zhitong.orgs.signin import second_factor  # noqa: PLC0415 - same

    user, session = User.objects.get(username=username), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "zhitong.orgs.signin.backends.SignInBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    second_factor.vouch(session, user)
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def _asked(client: Any, address: str) -> dict[str, float]:
    """Ask for a page again and again: processor milliseconds of the whole request, and its questions."""
    from django.db import connection  # noqa: PLC0415 - Django is up only now
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - same

    taken = []
    for _ in range(RUNS):
        begin = time.process_time()
        answer = client.get(address, follow=True)
        taken.append(1000 * (time.process_time() - begin))
        if answer.status_code != 200:  # noqa: PLR2004 - the page itself
            message = f"{address}: {answer.status_code}"
            raise SystemExit(message)
    with CaptureQueriesContext(connection) as asked:
        client.get(address, follow=True)
    return {"cpu_ms": round(median(taken), 1), "best_ms": round(min(taken), 1), "queries": len(asked)}


def _counted() -> dict[str, int]:
    from zhitong.cases.models import Case, Entry, Stretch  # noqa: PLC0415 - Django is up only now

    return {
        "cases": Case.objects.count(),
        "running": Case.objects.filter(ended_at__isnull=True).count(),
        "lines": Entry.objects.count(),
        "stretches": Stretch.objects.count(),
    }


def _plain() -> dict[str, float]:
    """What a plain list does: count all rows, take fifty out of the middle by offset."""
    from zhitong.cases.models import Case  # noqa: PLC0415 - Django is up only now

    taken = []
    for _ in range(RUNS):
        begin = time.process_time()
        total = Case.objects.count()
        list(Case.objects.select_related("enterprise", "lead").order_by("-pk")[total // 2 : total // 2 + 50])
        taken.append(1000 * (time.process_time() - begin))
    return {"cpu_ms": round(median(taken), 1)}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        print(json.dumps(inside(int(sys.argv[3]))))
    else:
        main()
