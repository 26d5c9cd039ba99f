"""The tasks on Roundup; run in an environment that has it, with what is wanted on standard input.

Its own index does not cut Chinese into words, so the words are looked for in the titles, as its search form
does it.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

GIVEN = json.load(sys.stdin)
HOME = Path(GIVEN["home"]) / "tracker"
sys.path[0] = str(GIVEN["home"])  # in place of this folder: this file is called as the package is
BATCH = 1000


def set_up() -> None:
    """Install its classic tracker on SQLite."""
    admin = [Path(sys.executable).parent / "roundup-admin", "-i", HOME]
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(
        [*admin, "install", "classic", "sqlite", "mail_domain=localhost,tracker_web=http://localhost/"],
        **quiet,
    )
    subprocess.run([*admin, "initialise", "peer"], **quiet)


def fill() -> int:
    """Tickets with a message each; return how many."""
    from roundup import instance

    db = instance.open(str(HOME)).open("admin")
    states = db.status.list()
    for n in range(GIVEN["count"]):
        text = GIVEN["texts"][n % len(GIVEN["texts"])]
        title = text[:70]
        if n % GIVEN["rare_every"] == GIVEN["rare_every"] // 2:
            title += GIVEN["rare"]
        # Past its auditors, which would write a mail for each; through its classes, so with its journal.
        said = db.msg.create_inner(content=text, author="1", summary=text[:40])
        state = states[n % 7] if n > GIVEN["count"] * 0.96 else states[-1]
        db.issue.create_inner(title=title, messages=[said], status=state)
        if n % BATCH == 0:
            db.commit()
    db.commit()
    number = len(db.issue.list())
    db.close()
    return number


class Visitor:
    """Asks the tracker's WSGI application as a browser that is signed in would."""

    def __init__(self) -> None:
        from roundup.cgi.wsgi_handler import RequestDispatcher

        self.app = RequestDispatcher(str(HOME), feature_flags={"cache_tracker": ""})
        self.cookie = ""
        # By form and cookie: with a password in every request its hash would be most of the time.
        self.ask("/", body=b"@action=login&__login_name=admin&__login_password=peer", form=True)
        assert self.cookie, "not signed in"

    def ask(
        self, path: str, query: str = "", body: bytes | None = None, *, form: bool = False
    ) -> tuple[int, str]:
        """Return status and text of an answer."""
        kind = "application/x-www-form-urlencoded" if form else "application/json" if body else ""
        environ = {
            "REQUEST_METHOD": "GET" if body is None else "POST", "PATH_INFO": path, "QUERY_STRING": query,
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookie, "HTTP_REFERER": "http://localhost/",
            "HTTP_ORIGIN": "http://localhost", "HTTP_X_REQUESTED_WITH": "rest", "HTTP_ACCEPT": "*/*",
            "REMOTE_ADDR": "127.0.0.1", "SCRIPT_NAME": "", "CONTENT_LENGTH": str(len(body or b"")),
            "CONTENT_TYPE": kind, "wsgi.input": io.BytesIO(body or b""),
            "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, "wsgi.version": (1, 0),
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        said: list = []
        wrote: list = []

        def start(status: str, headers: list, *_: object) -> object:
            said.append(int(status.split(maxsplit=1)[0]))
            for name, value in headers:
                if name.lower() == "set-cookie":
                    self.cookie = value.split(";")[0]
            return wrote.append

        rest = b"".join(
            part if isinstance(part, bytes) else part.encode() for part in self.app(environ, start)
        )
        whole = b"".join(part if isinstance(part, bytes) else part.encode() for part in wrote) + rest
        return said[0], whole.decode("utf-8", "replace")


def tasks() -> dict:
    """Return the tasks by name; each says how many rows it showed."""
    visitor = Visitor()
    columns = "@columns=id,activity,title,creator,status&@pagesize=50&@startwith=0&@sort=-id"

    def listed(query: str) -> object:
        def work(_turn: int) -> int:
            status, text = visitor.ask("/issue", f"{columns}&{query}")
            assert status == 200, (status, text[:2000])
            return len(set(re.findall(r'href="issue(\d+)', text)))

        return work

    def page(turn: int) -> int:
        status, text = visitor.ask(f"/issue{GIVEN['count'] - turn % 50}")
        assert status == 200, (status, text[:2000])
        return int('name="title"' in text)

    def create(turn: int) -> int:
        title = GIVEN["texts"][turn % len(GIVEN["texts"])][:70]
        body = json.dumps({"title": title, "status": "1"}).encode()
        status, text = visitor.ask("/rest/data/issue", body=body)
        assert status == 201, (status, text[:2000])
        return 1

    def api(_turn: int) -> int:
        status, text = visitor.ask("/rest/data/issue", "@page_size=50&@fields=title,status&@sort=-id")
        assert status == 200, (status, text[:2000])
        return len(json.loads(text)["data"]["collection"])

    return {
        "list of 50": listed(""),
        "list of 50 by state": listed("@filter=status&status=1"),
        "search rare word (titles)": listed(f"@filter=title&title={quote(GIVEN['rare'])}"),
        "search common word (titles)": listed(f"@filter=title&title={quote(GIVEN['common'])}"),
        "ticket page": page,
        "create (its API)": create,
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
    counted = fill()
    print(
        json.dumps(
            {"database": f"SQLite {sqlite3.sqlite_version}", "tickets": counted, "tasks": measure(tasks())}
        )
    )
