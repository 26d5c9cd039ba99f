from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

from tests.support import source
from tests.support.source import Module

# What one app may import of another: how it stores, what it answers, what it does, which states it has.
OPEN_TO_OTHERS = frozenset({"models", "queries", "services", "states"})
# Layers that ask the database only through queries and services.
WITHOUT_TABLES = frozenset({"views", "api", "templatetags"})
# Layers that are given `now` and `today`.
WITHOUT_CLOCK = frozenset({"models", "states", "queries", "permissions", "services"})
CLOCK_CALLS = frozenset(
    {
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("datetime", "today"),
        ("date", "today"),
        ("timezone", "now"),
        ("timezone", "localdate"),
        ("time", "time"),
        ("time", "time_ns"),
    }
)
KERNEL_FORBIDDEN = frozenset(
    {
        "django",
        "time",
        "sqlite3",
        "pysqlite3",
        "psycopg",
        "socket",
        "subprocess",
        "threading",
        "requests",
        "uuid",
    }
)
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


# ---------------------------------------------------------------- who may import whom


def test_layers() -> None:
    result = lint_imports(source.ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("room", "line", "says"),
    [
        (
            "core/thing",
            "from zhitong.cases import services",
            "zhitong.core is not allowed to import zhitong.cases",
        ),
        ("feedback/services", "import zhitong.insight.services", "not allowed to import zhitong.insight"),
        (
            "cases/models",
            "from zhitong.cases import queries",
            "zhitong.cases.models is not allowed to import",
        ),
        ("kernel/calendar/days", "import django.db", "zhitong.kernel is not allowed to import django"),
        (
            "kernel/calendar/days",
            "from zhitong.kernel import workflow",
            "zhitong.kernel.calendar is not allowed",
        ),
        ("newroom/models", "", "zhitong.newroom"),
    ],
)
def test_a_planted_import_is_found(tmp_path: Path, room: str, line: str, says: str) -> None:
    files = {
        "cases/services": "",
        "cases/queries": "",
        "cases/models": "",
        "insight/services": "",
        "core/errors": "",
        "kernel/workflow/flow": "",
        "kernel/calendar/days": "",
    }
    files[room] = line
    floors = source.contract("house")["layers"]
    built = [name.strip() for floor in floors for name in floor.split("|") if "(" not in name]
    files |= {f"{name}/__init__": "" for name in built if name != "__main__"} | {"__main__": ""}
    for name, text in files.items():
        path = tmp_path / "zhitong" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        for folder in path.relative_to(tmp_path).parents:
            if folder != Path():
                (tmp_path / folder / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text((source.ROOT / "pyproject.toml").read_text())
    result = lint_imports(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert says in " ".join(result.stdout.split()), result.stdout


def foreign_imports(graph: grimp.ImportGraph) -> list[str]:
    """List imports between apps that reach past models, queries, services and states."""
    faults = []
    for importer in sorted(graph.modules):
        here = importer.split(".")
        if len(here) < 2 or here[1] in source.SHARED_ROOMS | {source.COMPOSITION, "__main__"}:
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            there = imported.split(".")
            if len(there) < 2 or there[0] != here[0] or there[1] in source.SHARED_ROOMS | {here[1]}:
                continue
            if len(there) < 3 or there[2] not in OPEN_TO_OTHERS:
                faults.append(
                    f"{importer} imports {imported}; apps know each other's {', '.join(sorted(OPEN_TO_OTHERS))}"
                )
    return faults


def inner_imports(graph: grimp.ImportGraph) -> list[str]:
    """List imports inside an app that run upwards; views_lists.py counts as views, which import-linter cannot say."""
    heights = source.heights("rooms")
    apps = {name.split(".")[1] for name in source.contract("rooms")["containers"]}
    faults = []
    for importer in sorted(graph.modules):
        room, layer = importer.split(".")[1:2], source.layer_of(importer)
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            other = source.layer_of(imported)
            if (
                not room
                or room[0] not in apps
                or imported.split(".")[1:2] != room
                or layer == other
                or not {layer, other} <= heights.keys()
            ):
                continue
            if heights[other] >= heights[layer]:
                faults.append(f"{importer} imports {imported}; inside an app {layer} lie below {other}")
    return faults


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("zhitong", cache_dir=None)


def test_apps_import_only_what_is_open_to_others() -> None:
    faults = foreign_imports(graph())
    assert not faults, "\n".join(faults)


def test_inside_an_app_imports_run_downwards() -> None:
    faults = inner_imports(graph())
    assert not faults, "\n".join(faults)


def test_an_upward_import_inside_an_app_is_found() -> None:
    planted = grimp.ImportGraph()
    planted.add_import(importer="zhitong.cases.queries", imported="zhitong.cases.views_lists")
    planted.add_import(importer="zhitong.cases.views_lists", imported="zhitong.cases.services.dispatch")
    planted.add_import(importer="zhitong.cases.views_lists", imported="zhitong.cases.views")
    assert len(inner_imports(planted)) == 1


def test_an_import_of_another_apps_views_is_found() -> None:
    planted = grimp.ImportGraph()
    planted.add_import(importer="zhitong.feedback.services", imported="zhitong.cases.views")
    planted.add_import(importer="zhitong.feedback.services", imported="zhitong.cases.services")
    planted.add_import(importer="zhitong.config.urls", imported="zhitong.cases.urls")
    assert len(foreign_imports(planted)) == 1


# ---------------------------------------------------------------- the kernel


def imported_names(node: ast.AST) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each module that an import statement names, with what it takes out of it."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name, frozenset()
    elif isinstance(node, ast.ImportFrom):
        yield node.module or "", frozenset(alias.name for alias in node.names)


def impurities(node: ast.AST) -> Iterator[str]:
    """Say what a statement of the kernel reads that is no argument."""
    for module, names in imported_names(node):
        if module.split(".")[0] in KERNEL_FORBIDDEN:
            yield f"imports {module}"
        if module == "random" and names - {"Random"}:
            yield "draws from the shared generator; take a seeded random.Random"
        if module == "os" and "environ" in names:
            yield "reads the environment"
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.value.id == "random" and node.attr != "Random":
            yield "draws from the shared generator; take a seeded random.Random"
        if ast.unparse(node) in {"os.environ", "os.getenv"}:
            yield "reads the environment"


def kernel_faults(module: Module) -> Iterator[str]:
    """Find clocks, databases, processes and shared random numbers in a kernel module."""
    for node in ast.walk(module.tree):
        yield from (f"{module.where}:{node.lineno} {fault}" for fault in impurities(node))
        yield from clock_reads(module, node)


def clock_reads(module: Module, node: ast.AST) -> Iterator[str]:
    """Find `datetime.now`, `timezone.now` and the like, called or handed on."""
    if not isinstance(node, ast.Attribute):
        return
    owner = node.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    if (name, node.attr) in CLOCK_CALLS:
        yield f"{module.where}:{node.lineno} reads the clock ({name}.{node.attr}); take now= or today= as an argument"


def test_the_kernel_is_pure() -> None:
    found = [
        fault for module in source.modules() if module.room == "kernel" for fault in kernel_faults(module)
    ]
    assert not found, "\n".join(found)


def test_each_kernel_package_has_its_own_entry() -> None:
    packages = sorted(path.parent for path in (source.PACKAGE / "kernel").glob("*/__init__.py"))
    assert packages
    without = [path.name for path in packages if not (path / "__main__.py").exists()]
    assert not without, f"`python -m zhitong.kernel.<name>` must work for {', '.join(without)}"


@pytest.mark.parametrize(
    "line",
    [
        "import time",
        "from django.db import models",
        "import random\nrandom.shuffle([])",
        "from random import choice",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import date\ndate.today()",
        "import os\nos.environ['X']",
    ],
)
def test_a_planted_impurity_is_found(line: str) -> None:
    assert list(kernel_faults(source.module(line, "zhitong.kernel.calendar.days")))


# ---------------------------------------------------------------- tables and clocks


def table_faults(module: Module) -> Iterator[str]:
    """Find ways around queries and services in the layers that face the outside."""
    if module.layer not in WITHOUT_TABLES or module.room == source.COMPOSITION:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_base_manager", "_default_manager"}:
            yield f"{module.where}:{node.lineno} uses .{node.attr}; ask the app's queries or services"
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db"):
            names = {alias.name for alias in node.names} & {"connection", "connections", "transaction"}
            if names:
                yield f"{module.where}:{node.lineno} imports {', '.join(sorted(names))}; transactions belong to services"


def test_pages_ask_queries_and_services() -> None:
    found = [fault for module in source.modules() for fault in table_faults(module)]
    assert not found, "\n".join(found)


def clock_faults(module: Module) -> Iterator[str]:
    """Find reads of the clock outside the places that may: config, management commands and core.clock."""
    if (
        module.room in {source.COMPOSITION, ""}
        or module.layer == "management"
        or module.name == "zhitong.core.clock"
    ):
        return
    for node in ast.walk(module.tree):
        yield from clock_reads(module, node)
        if module.layer not in WITHOUT_CLOCK:
            continue
        imported = isinstance(node, ast.ImportFrom) and node.module == "zhitong.core.clock"
        if (imported and "now" in {alias.name for alias in node.names}) or ast.unparse(node) == "clock.now":
            yield f"{module.where}:{node.lineno} asks for the time; take now= as an argument"


def test_the_domain_has_no_clock() -> None:
    found = [fault for module in source.modules() for fault in clock_faults(module)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("zhitong.cases.views", "Case.objects.get(pk=1)"),
        ("zhitong.cases.views.lists", "Case._base_manager.all()"),
        ("zhitong.cases.templatetags.cases", "Case._default_manager.all()"),
        ("zhitong.cases.api", "from django.db import connection"),
    ],
)
def test_a_planted_way_around_queries_is_found(name: str, text: str) -> None:
    assert list(table_faults(source.module(text, name)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("zhitong.cases.views", "from django.utils import timezone\ntimezone.now()"),
        ("zhitong.cases.models", "models.DateTimeField(default=timezone.now)"),
        ("zhitong.cases.services", "from zhitong.core import clock\nclock.now()"),
        ("zhitong.cases.queries", "from zhitong.core.clock import now"),
        ("zhitong.core.outbox", "datetime.datetime.now(tz=UTC)"),
    ],
)
def test_a_planted_clock_is_found(name: str, text: str) -> None:
    assert list(clock_faults(source.module(text, name)))


# ---------------------------------------------------------------- services and models


def offered(module: Module) -> frozenset[str] | None:
    """What a services package offers in its __init__; None for a services.py, which offers all that is public."""
    front = module.path.parent / "__init__.py"
    if module.path.parent.name != "services" or not front.exists():
        return None
    nodes = ast.walk(source.parsed(front.read_text(encoding="utf-8")))
    return frozenset(alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names)


def service_faults(module: Module) -> Iterator[str]:
    """Find public services with positional arguments, a request among them, or without actor and time."""
    if module.layer != "services":
        return
    names = offered(module)
    for node in module.tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        if names is not None and node.name not in names and not node.decorator_list:
            continue
        arguments = node.args
        every = {
            argument.arg for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        }
        if not node.decorator_list and not {"by", "now", "request"} & every:
            continue  # a helper that changes nothing
        positional = [
            argument.arg for argument in [*arguments.posonlyargs, *arguments.args] if argument.arg != "work"
        ]
        if positional or arguments.vararg:
            yield f"{module.where}:{node.lineno} {node.name}({', '.join(positional)}) takes keywords only"
        named = {argument.arg for argument in arguments.kwonlyargs}
        if "request" in named | set(positional):
            yield f"{module.where}:{node.lineno} {node.name} takes a request; give it what it needs from it"
        decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        if any(text.startswith("service") for text in decorators) and not {"by", "now"} <= named:
            yield f"{module.where}:{node.lineno} {node.name} needs by= and now="


def model_faults(module: Module) -> Iterator[str]:
    """Find logic in save() and delete(), which bulk writes pass by."""
    if module.layer != "models":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}:
            yield f"{module.where}:{node.lineno} overrides {node.name}(); constraints and services hold the rules"


def test_services_and_models_keep_the_house_rules() -> None:
    found = [
        fault
        for module in source.modules()
        for check in (service_faults, model_faults)
        for fault in check(module)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "def accept(case, *, by, now): ...",
        "def accept(*, request): ...",
        "@service('cases.accept')\ndef accept(work, *, by, case): ...",
    ],
)
def test_a_planted_service_fault_is_found(text: str) -> None:
    assert list(service_faults(source.module(text, "zhitong.cases.services")))


def test_logic_in_save_is_found() -> None:
    text = textwrap.dedent(
        """
        class Case(models.Model):
            def save(self):
                self.number = 1
        """
    )
    assert list(model_faults(source.module(text, "zhitong.cases.models")))


# ---------------------------------------------------------------- foreign keys


def upward_keys(models: Iterable[type]) -> list[str]:
    """List foreign keys that point at a room above or beside the model's own."""
    heights = source.heights()
    faults = []
    for model in models:
        room = room_of(model)
        if room is None:
            continue
        for field in model._meta.get_fields(include_hidden=True):
            target = getattr(field, "related_model", None)
            if not field.is_relation or field.auto_created or target is None or target is model:
                continue
            there = room_of(target)
            if there is not None and there != room and heights[there] >= heights[room]:
                faults.append(
                    f"{model.__name__}.{field.name} points from {room} up to {there}.{target.__name__}"
                )
        faults += [
            f"{model.__name__}.{field.name} is a generic foreign key; keep a plain id and a kind"
            for field in model._meta.private_fields
            if type(field).__name__ == "GenericForeignKey"
        ]
    return faults


def room_of(model: type) -> str | None:
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "zhitong" else None


def test_foreign_keys_point_downwards() -> None:
    from django.apps import apps

    models = [model for model in apps.get_models(include_auto_created=True) if room_of(model)]
    assert models, "no models found: is INSTALLED_APPS empty?"
    faults = upward_keys(models)
    assert not faults, "\n".join(faults)


def test_an_upward_foreign_key_is_found() -> None:
    class Meta:
        private_fields: tuple = ()

        def __init__(self, *targets: type) -> None:
            self.targets = targets

        def get_fields(self, **_options: bool) -> list:
            class Field:
                is_relation, auto_created = True, False

            found = []
            for target in self.targets:
                field = Field()
                field.name, field.related_model = target.__name__.lower(), target
                found.append(field)
            return found

    case = type("Case", (), {"__module__": "zhitong.cases.models"})
    firm = type("Firm", (), {"__module__": "zhitong.enterprises.models"})
    firm._meta, case._meta = Meta(case), Meta(firm)
    assert upward_keys([firm, case]) == ["Firm.case points from enterprises up to cases.Case"]


def test_every_room_of_the_contract_matches_the_package() -> None:
    """Parentheses mark rooms that do not exist yet; a room that was built must lose them."""
    floors = source.contract("house")["layers"]
    optional = {name.strip() for floor in floors for name in floor.split("|") if "(" in name}
    built = {path.parent.name for path in source.PACKAGE.glob("*/__init__.py")} | {"__main__"}
    stale = sorted(name for name in optional if name.strip("()") in built)
    assert not stale, f"take the parentheses off {', '.join(stale)} in pyproject.toml"
    assert source.contract("rooms")["containers"] == [f"zhitong.{room}" for room in source.rooms()]
