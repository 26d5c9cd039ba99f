from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.models.signals import post_migrate

from tests.support.office import NOW
from zhitong.core import audit, checks, sqlite_version, triggers
from zhitong.core.actor import system
from zhitong.core.models import AuditEvent

SQLITE = "sqlite"


def drop(name: str, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == SQLITE else f" ON {table}"))


def rebuild_table() -> None:
    """Change a column as a migration would; on SQLite this makes the table anew."""
    old = AuditEvent._meta.get_field("action")
    new = models.CharField(max_length=61)
    new.set_attributes_from_name("action")
    new.model = AuditEvent
    with connection.schema_editor() as editor:
        editor.alter_field(AuditEvent, old, new, strict=True)


def migrated() -> None:
    """What every migrate run says at its end."""
    config = apps.get_app_config("core")
    post_migrate.send(sender=config, app_config=config, verbosity=0, interactive=False, using="default")


def guarded() -> bool:
    try:
        with transaction.atomic():
            AuditEvent.objects.update(actor="x")
    except DatabaseError:
        return True
    return False


def test_a_migrated_database_misses_no_trigger(db) -> None:
    assert triggers.missing() == []
    names = {trigger.name for trigger in triggers.expected(connection.vendor)}
    verbs = ("update", "delete") if connection.vendor == SQLITE else ("update", "delete", "truncate")
    assert names >= {f"core_{table}_no_{verb}" for table in ("auditevent", "auditseal") for verb in verbs}


def test_triggers_survive_the_rebuilding_of_their_table(committed_db) -> None:
    audit.append(by=system("test"), now=NOW, action="test.act")
    rebuild_table()
    if connection.vendor == SQLITE:
        assert triggers.missing() == ["core_auditevent_no_update", "core_auditevent_no_delete"], (
            "Django keeps triggers now: this project's care can go"
        )
        assert not guarded()
        AuditEvent.objects.update(actor="system:test")
    migrated()
    assert triggers.missing() == []
    assert guarded()
    assert audit.verify().ok


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_a_dropped_trigger_is_a_reason_not_to_start(db, verb: str) -> None:
    name = f"core_auditseal_no_{verb}"
    drop(name, "core_auditseal")
    assert triggers.missing() == [name]
    reasons = [reason for reason in checks.reasons_not_to_start() if "trigger" in reason]
    assert len(reasons) == 1
    assert name in reasons[0]
    assert "zhitong migrate" in reasons[0]
    triggers.install()
    assert triggers.missing() == []


def test_a_trigger_that_does_nothing_does_not_pass(db) -> None:
    name, table = "core_auditevent_no_update", "core_auditevent"
    with connection.cursor() as cursor:
        if connection.vendor == SQLITE:
            drop(name, table)
            cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END")
        else:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    assert triggers.missing() == [name]
    triggers.install()
    assert triggers.missing() == []


# ---------------------------------------------------------------- reasons not to start


def test_a_sound_system_may_start(db, settings) -> None:
    settings.DEBUG = False
    assert checks.reasons_not_to_start() == []


@pytest.mark.parametrize(
    ("name", "value"), [("SECRET_KEY", "short"), ("AUDIT_KEY", b"x" * 31), ("AUDIT_KEY", b"")]
)
def test_short_secrets_are_named(db, settings, name: str, value: Any) -> None:
    settings.DEBUG = settings.DEMO = False
    setattr(settings, name, value)
    reasons = checks.reasons_not_to_start()
    assert len(reasons) == 1
    assert reasons[0].startswith(f"ZHITONG_{name} is missing or shorter than 32 characters.")
    settings.DEMO = True
    assert checks.reasons_not_to_start() == []


def test_debugging_is_a_reason_outside_the_demo(db, settings) -> None:
    settings.DEBUG, settings.DEMO = True, False
    assert checks.reasons_not_to_start() == ["ZHITONG_DEBUG is on outside the demo. Turn it off."]


def test_an_old_sqlite_is_named_where_it_is_used(db, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = False
    monkeypatch.setattr(sqlite_version, "version", lambda: (3, 51, 2))
    reasons = checks.reasons_not_to_start()
    if connection.vendor != SQLITE:
        assert reasons == []
    else:
        assert len(reasons) == 1
        assert reasons[0].startswith("SQLite 3.51.2 can corrupt the database")


def test_the_running_sqlite_is_new_enough() -> None:
    assert sqlite_version.version() >= sqlite_version.MINIMUM >= (3, 51, 3)


def test_migrations_not_yet_run_are_named(db, settings) -> None:
    settings.DEBUG = False
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'feedback'")
    assert checks.reasons_not_to_start() == ["The database is not up to date. Run `zhitong migrate` first."]
