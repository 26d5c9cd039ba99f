"""The tasks on django-helpdesk; run in an environment that has it, with what is wanted on standard input."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import time
from pathlib import Path
from statistics import median, quantiles

GIVEN = json.load(sys.stdin)
HOME = Path(GIVEN["home"])
sys.path[0] = str(HOME)  # in place of this folder: this file is called as the package is

URLS = """
from django.urls import include, path
urlpatterns = [path("helpdesk/", include("helpdesk.urls", namespace="helpdesk"))]
"""


def set_up() -> None:
    """Configure as its documentation says, with a SQLite file."""
    (HOME / "peer_urls.py").write_text(URLS)
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        SECRET_KEY="peer", ALLOWED_HOSTS=["testserver"], ROOT_URLCONF="peer_urls", USE_TZ=True, SITE_ID=1,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "peer.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
            "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.sites",
            "django.contrib.humanize", "django.contrib.admin", "rest_framework", "helpdesk",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
        STATIC_URL="/static/", MEDIA_ROOT=str(HOME / "media"), MEDIA_URL="/media/",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", HELPDESK_TEAMS_MODE_ENABLED=False,
        HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[], HELPDESK_ACTIVATE_API_ENDPOINT=True,
    )  # fmt: skip
    django.setup()
    call_command("migrate", verbosity=0)


def fill() -> tuple[int, int]:
    """Ten queues, tickets with a line each; return a queue and the number of tickets."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone
    from helpdesk.models import FollowUp, Queue, Ticket

    user = get_user_model().objects.create_superuser("peer", "peer@localhost", "peer")
    queues = [Queue.objects.create(title=f"Unit {n}", slug=f"unit-{n}") for n in range(10)]
    rows = []
    for n in range(GIVEN["count"]):
        text = GIVEN["texts"][n % len(GIVEN["texts"])]
        if n % GIVEN["rare_every"] == GIVEN["rare_every"] // 2:
            text += GIVEN["rare"]
        state = Ticket.OPEN_STATUS if n > GIVEN["count"] * 0.96 else Ticket.CLOSED_STATUS
        rows.append(Ticket(
            title=text[:80], queue=queues[n % 10], description=text, status=state, created=timezone.now(),
            modified=timezone.now(), submitter_email="firm@localhost", assigned_to=user, secret_key=f"{n}",
        ))  # fmt: skip
    Ticket.objects.bulk_create(rows, batch_size=1000)
    lines = [
        FollowUp(
            ticket=ticket, date=timezone.now(), title="Opened", comment="Taken in", public=True, user=user
        )
        for ticket in Ticket.objects.iterator()
        for _ in range(3)
    ]
    FollowUp.objects.bulk_create(lines, batch_size=1000)
    return queues[3].pk, Ticket.objects.count()


def tasks(queue: int) -> dict:
    """Return the tasks by name; each says how many rows it showed."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from helpdesk.models import Ticket
    from helpdesk.query import query_to_base64

    client = Client()
    client.force_login(get_user_model().objects.get())
    newest = list(Ticket.objects.order_by("-pk").values_list("pk", flat=True)[:50])

    def listed(filtering: dict, word: str = "") -> object:
        query = {"filtering": filtering, "filtering_null": {}, "sorting": "created", "sortreverse": False,
                 "search_string": word}  # fmt: skip
        address = f"/helpdesk/datatables_ticket_list/{query_to_base64(query)}"
        table = {
            "draw": 1,
            "start": 0,
            "length": 50,
            "order[0][column]": 0,
            "order[0][dir]": "desc",
            "search[value]": "",
        }

        def work(turn: int) -> int:
            # The page asks for its rows itself: both are one list to whoever waits.
            page = client.get("/helpdesk/tickets/", {"q": word} if word else {"queue": queue})
            answer = client.get(address, table)
            assert page.status_code == answer.status_code == 200, (page.status_code, answer.status_code)
            return len(answer.json()["data"])

        return work

    def page(turn: int) -> int:
        answer = client.get(f"/helpdesk/tickets/{newest[turn % 50]}/")
        assert answer.status_code == 200, answer.status_code
        return int(bool(re.search("ticket", answer.content.decode())))

    def create(turn: int) -> int:
        text = GIVEN["texts"][turn % len(GIVEN["texts"])]
        given = {
            "queue": queue,
            "title": text[:80],
            "body": text,
            "priority": 3,
            "submitter_email": "f@localhost",
        }
        answer = client.post("/helpdesk/tickets/submit/", given)
        assert answer.status_code == 302, (answer.status_code, answer.content.decode()[-3000:])
        return 1

    def api(_turn: int) -> int:
        answer = client.get("/helpdesk/api/tickets/?page_size=50")
        assert answer.status_code == 200, answer.status_code
        found = answer.json()
        return len(found.get("results", found) if isinstance(found, dict) else found)

    return {
        "list of 50 by queue": listed({"queue__id__in": [queue]}),
        "list of 50 by state": listed({"status__in": [Ticket.OPEN_STATUS]}),
        "search rare word": listed({}, GIVEN["rare"]),
        "search common word": listed({}, GIVEN["common"]),
        "ticket page": page,
        "create": create,
        "API list": api,
    }


def measure(work: dict) -> dict:
    """Milliseconds of processor time of each task, in turns."""
    taken, rows = {name: [] for name in work}, {}
    for name, step in work.items():
        rows[name] = step(0)
        assert rows[name], f"{name} is empty: that is no result"
    for turn in range(1, GIVEN["runs"] + 1):
        for name, step in work.items():
            begin = time.process_time()
            step(turn)
            taken[name].append(1000 * (time.process_time() - begin))
    return {
        name: {
            "p50_ms": round(median(times), 1),
            "p95_ms": round(quantiles(times, n=20, method="inclusive")[-1], 1),
            "best_ms": round(min(times), 1),
            "rows": rows[name],
        }
        for name, times in taken.items()
    }


if __name__ == "__main__":
    set_up()
    chosen, number = fill()
    print(
        json.dumps(
            {
                "database": f"SQLite {sqlite3.sqlite_version}",
                "tickets": number,
                "tasks": measure(tasks(chosen)),
            }
        )
    )
