"""The surroundings of one test run, set before Django reads its settings.

The controlling process makes a temporary home and, if asked for by ZHITONG_TEST_DB=postgres, starts a private server;
workers of pytest-xdist inherit both through the environment.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.support import postgres

SETTINGS = "zhitong.config.settings"
ROOT_VARIABLE = "ZHITONG_TEST_ROOT"


def prepare() -> None:
    """Set the environment for this process and for the processes it starts."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    wanted = os.environ.get("ZHITONG_TEST_DB", "sqlite")
    if wanted not in {"sqlite", "postgres"}:
        raise ValueError(f"ZHITONG_TEST_DB is sqlite or postgres, not {wanted!r}.")
    # What a developer's shell may hold must not change what the tests see.
    for name in [name for name in os.environ if name.startswith("ZHITONG_") and name not in HARNESS]:
        del os.environ[name]
    root = Path(tempfile.mkdtemp(prefix="zhitong-tests-"))
    owner = os.getpid()
    atexit.register(lambda: os.getpid() == owner and shutil.rmtree(root, ignore_errors=True))
    # With an empty static folder: WhiteNoise warns where there is none, and serves uncollected files meanwhile.
    (root / "home/static").mkdir(parents=True)
    server = postgres.Server() if wanted == "postgres" else None
    os.environ |= {
        ROOT_VARIABLE: str(root),
        "ZHITONG_HOME": str(root / "home"),
        "ZHITONG_DATABASE_URL": server.url("zhitong") if server else f"sqlite:///{root / 'zhitong.sqlite3'}",
        "ZHITONG_SECRET_KEY": "only-for-tests-" + "0" * 40,
        "ZHITONG_AUDIT_KEY": "only-for-tests-" + "1" * 40,
        "ZHITONG_DATA_KEY": "only-for-tests-" + "2" * 40,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }


HARNESS = frozenset(
    {
        "ZHITONG_TEST_DB",
        "ZHITONG_DATA",
        "ZHITONG_REQUIRE",
        "ZHITONG_CHROMIUM",
        "ZHITONG_LONG",
        "ZHITONG_PICTURES",
        "ZHITONG_CHECK_NPM",
    }
)


def root() -> Path:
    """Return the folder shared by all processes of this run."""
    return Path(os.environ[ROOT_VARIABLE])


def on_postgres() -> bool:
    """Say whether this run uses PostgreSQL."""
    return os.environ.get("ZHITONG_TEST_DB") == "postgres"
