"""The faults: those that a person thought of, and those that are made from every line of one kind."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.mutants.cut import GONE, Mutant, functions
from tests.support import source
from tests.support.source import Module

FILE = Path(__file__).with_name("faults.toml")
ACCESS = "tests/test_access.py"
SERVICES = "tests/access/test_services.py"


def rows(*names: str) -> tuple[str, ...]:
    """The rows of these addresses in the access table."""
    return (ACCESS, "-k", " or ".join(names))


def read(document: dict[str, Any]) -> list[Mutant]:
    """The faults of a table."""
    found = []
    for row in document["fault"]:
        module, _, function = row["in"].partition(":")
        killers = rows(*row["rows"]) if "rows" in row else tuple(row["tests"])
        found.append(
            Mutant(row["name"], f"zhitong.{module}", function, row["old"], row.get("new", GONE), killers)
        )
    return found


BY_HAND = read(tomllib.loads(FILE.read_text(encoding="utf-8")))
# A change that changes nothing: no test may notice it.
HARMLESS = Mutant(
    "harmless",
    "zhitong.cases.sight",
    "visible",
    "rows.filter(scope)",
    "rows.filter(scope).filter(scope)",
    rows("cases:submit"),
)
# Few enough for every run: one of each kind.
CHOSEN = ("sight-firm", "entry-inside", "require-cases.views.action_view.view", "log-no-request", "no-mark")


# ---------------------------------------------------------------- one for each line of a kind


# Views that are made by a function, by the beginning of their names.
MADE = {
    "assist_": "assist_view",
    "action_": "action_view",
    "step_": "step_view",
    "part_": "part_view",
    "issue_": "issue_view",
    "item_": "item_view",
    "referral_": "referral_view",
}


def _addresses() -> dict[str, set[str]]:
    """Which addresses a view serves: `module.function` -> names."""
    from django.urls import URLPattern, get_resolver

    found: dict[str, set[str]] = {}
    waiting = [("", entry) for entry in get_resolver().url_patterns]
    while waiting:
        prefix, entry = waiting.pop()
        if isinstance(entry, URLPattern):
            view = entry.callback
            if not hasattr(view, "__name__"):
                continue  # the API's: asked with keys, in tests/enterprises/test_api.py
            made = next((maker for sign, maker in MADE.items() if view.__name__.startswith(sign)), "")
            name = f"{made}.view" if made else view.__name__
            found.setdefault(f"{view.__module__}.{name}", set()).add(f"{prefix}{entry.name}")
        else:
            inner = f"{entry.namespace}:" if entry.namespace else ""
            waiting += [(prefix + inner, one) for one in entry.url_patterns]
    return found


def _calls(module: Module, called: str) -> Iterator[tuple[str, str]]:
    """(function, call) of each statement that calls `called`, in the innermost function."""
    seen = {}
    for name, node in functions(module.tree):
        for inner in ast.walk(node):
            called_here = isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call)
            if called_here and ast.unparse(inner.value.func) == called:
                seen[inner.lineno] = (name, ast.unparse(inner.value))
    yield from seen.values()


def services(module: Module) -> dict[str, str]:
    """Function -> name of the service."""
    found = {}
    for name, node in functions(module.tree):
        for mark in getattr(node, "decorator_list", []):
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "service":
                found[name] = ast.literal_eval(mark.args[0])
    return found


def in_views() -> Iterator[Mutant]:
    """Each permission check and each `@signed_in` of a view, left out."""
    addresses = _addresses()
    for module in source.modules():
        if module.layer != "views":
            continue
        for function, call in _calls(module, "permissions.require"):
            where = f"{module.name}.{function}"
            killers = rows(*sorted(addresses[where])[:2])
            yield Mutant(
                f"require-{where.removeprefix('zhitong.')}", module.name, function, call, GONE, killers
            )
        for function, node in functions(module.tree):
            marks = [ast.unparse(mark) for mark in getattr(node, "decorator_list", [])]
            if "signed_in" in marks:
                where = f"{module.name}.{function}"
                killers = rows(*sorted(addresses[where])[:1])
                name = f"visitors-{where.removeprefix('zhitong.')}"
                yield Mutant(name, module.name, function, "@signed_in", GONE, killers)


def in_services() -> Iterator[Mutant]:
    """Each permission check and each line for the log of a service, left out."""
    for module in source.modules():
        named = services(module)
        short = module.name.removeprefix("zhitong.")
        for function, call in _calls(module, "permissions.require"):
            if module.layer == "views":
                continue
            wanted = named.get(function, "cases.accept")  # moves.move stands behind all steps of a case
            killers = (SERVICES, "-k", wanted)
            yield Mutant(f"require-{short}.{function}", module.name, function, call, GONE, killers)
        for function, call in _calls(module, "work.record"):
            if (short, function, call.split(",")[0]) in BESIDE:
                continue
            killers = _loggers(named.get(function, ""))
            yield Mutant(f"record-{short}.{function}", module.name, function, call, GONE, killers)


# The second lines for the log of some services: those are in faults.toml.
BESIDE = {
    ("cases.services.clocks", "_recompute", "work.record(case"),
    ("cases.services.kinds", "reclassify", "work.record(moved"),
    ("cases.services.submitting", "submit", "work.record(said"),
    ("supervision.services.clocks", "_recompute", "work.record(task"),
}
# Services that no page calls.
ELSEWHERE = {
    "cases.link_firm": ("tests/cases/test_services.py", "-k", "stray"),
    "drafts.take_mail": ("tests/drafts/test_mail.py", "-k", "nobody_but"),
    **dict.fromkeys(
        ["drafts.ask_transcript", "drafts.take_recording", "drafts.recognise"],
        ("tests/drafts/test_speech.py", "-k", "suggestion"),
    ),
    "cases.recompute_deadlines": rows("cases:list"),
    **dict.fromkeys(
        ["enterprises.change", "enterprises.state_fact", "enterprises.confirm_fact"],
        ("tests/enterprises/test_facts.py",),
    ),
    "signin.send_code": rows("cases:list"),
    "notices.confirm_address": ("tests/notices/test_pages.py", "-k", "used_once"),
    "notices.report": ("tests/notices/test_reports.py", "-k", "what_arrived"),
    "notices.prune": ("tests/notices/test_pages.py", "-k", "forgotten"),
    "supervision.remind_week": ("tests/supervision/test_weeks.py", "-k", "reminded"),
    "insight.reindex": ("tests/insight/test_precedents.py", "-k", "words_find"),
    "supervision.hand_over": ("tests/supervision/test_matters.py", "-k", "leaves"),
}


def _loggers(name: str) -> tuple[str, ...]:
    """The tests that call a service: a service without its line for the log fails loudly, as soon as it is called."""
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    room, _, verb = name.partition(".")
    pages = {
        "calendar": {"remove_local_day": "orgs:remove_day", "load_year": "orgs:load_year"},
        "signin": {"reset_second_factor": "orgs:reset_second_factor"},
        "supervision": {verb: f"supervision:{verb}" for verb in ("transcribe", "say_why", "take_off")},
        "insight": {
            "use": "insight:use",
            "say_helped": "insight:solved",
            "change_canned": "insight:change_canned",
            "drop_canned": "insight:drop_canned",
        },
        "feedback": {verb: f"feedback:{verb}" for verb in ("rate", "withdraw_thanks")},
        "notices": {
            "choose": "notices:choose",
            "ask_address": "notices:address",
            "remove_address": "notices:remove_address",
            "retry": "notices:retry",
        },
        "orgs": {
            "read_notices": "portal:notices",
            "change_department": "orgs:department",
            "create_department": "orgs:new_department",
            "create_staff": "orgs:new_staff",
        },
    }
    return rows(pages.get(room, {}).get(verb, f"orgs:{verb}" if room == "orgs" else "cases:list"))


@cache
def every() -> dict[str, Mutant]:
    """All faults by their names."""
    found: dict[str, Mutant] = {}
    for mutant in (*BY_HAND, *in_views(), *in_services()):
        if mutant.name in found:
            raise ValueError(f"Two mutants are called {mutant.name}.")
        found[mutant.name] = mutant
    return found
