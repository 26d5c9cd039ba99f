"""A book as a workbook, as officials exchange it: policies, conditions, examples; written and read.

Each sheet has a row for each thing and a column for each part of it, with headings in either language. What
is read goes through the loader of YAML, so everything that is wrong is told, with its cell.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from zhitong.kernel.rules.book.telling import LANGUAGES, words
from zhitong.kernel.rules.book.writing import plain
from zhitong.kernel.rules.facts.places import Place
from zhitong.kernel.rules.problems import Problem, RulesError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from zhitong.kernel.rules.book.policy import Policy
    from zhitong.kernel.rules.facts.dictionary import Dictionary

SHEETS = ("policies", "conditions", "examples")
OF = "policy"  # the column that says of which policy a condition or an example is
COLUMNS = {
    "policies": (
        *("key", "title", "number", "level", "region", "effective.from", "effective.to", "window.from"),
        *("window.to", "link", "award.amount", "award.once", "award.family", "award.tier", "award.group"),
        *("award.cap.group", "award.cap.limit", "award.share.of", "award.share.ratio", "award.budget.total"),
        *("award.budget.rule", "award.budget.unit", "award.budget.partly"),
    ),
    "conditions": (OF, "key", "article", "label", "if"),
    "examples": (OF, "state"),
}
MOST_ROWS = 100_000
WIDTHS = {"title": 40, "number": 26, "if": 70, "label": 30, "article": 26}


@cache
def _known() -> dict[str, str]:
    """What a heading in any language, or a plain name, stands for."""
    found = {name: name for columns in COLUMNS.values() for name in columns} | {name: name for name in SHEETS}
    for language in LANGUAGES:
        found |= {said: name for name, said in words(language)["sheets"].items()}
    return found


# ---------------------------------------------------------------- out


def write(policies: Iterable[Policy], dictionary: Dictionary, path: Path, *, language: str = "zh") -> None:
    """Write a book into a workbook."""
    made = [plain(policy, dictionary) for policy in policies]
    keys = [policy["key"] for policy in made]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        message = f"Two versions have one key: {', '.join(twice)}. Write them as YAML."
        raise ValueError(message)
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in SHEETS}
    for policy in made:
        rows["policies"].append(dict(_flat(policy, COLUMNS["policies"])))
        rows["conditions"] += [{OF: policy["key"], **row} for row in policy["conditions"]]
        rows["examples"] += [
            {OF: policy["key"], "state": row["state"], **row.get("firm", {})}
            for row in policy.get("examples", [])
        ]
    facts = dict.fromkeys(name for row in rows["examples"] for name in row if name not in COLUMNS["examples"])
    if odd := sorted(name for name in facts if _known().get(name) in COLUMNS["examples"]):
        message = f"A fact is called as a column is: {', '.join(odd)}. Rename it in the dictionary first."
        raise ValueError(message)
    book = Workbook()
    for number, name in enumerate(SHEETS):
        sheet = book.active if not number else book.create_sheet()
        columns = (*COLUMNS[name], *(facts if name == "examples" else ()))
        _sheet(sheet, name, columns, rows[name], language)
    book.save(path)


def _flat(tree: dict[str, Any], columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    for column in columns:
        here: Any = tree
        for part in column.split("."):
            here = here.get(part, {}) if isinstance(here, dict) else {}
        if isinstance(here, str):
            yield column, here


def _sheet(
    sheet: Worksheet, name: str, columns: tuple[str, ...], rows: list[dict[str, str]], language: str
) -> None:
    headings = words(language)["sheets"]
    sheet.title = headings[name]
    sheet.freeze_panes = "C2"
    lines = [{column: headings.get(column, column) for column in columns}, *rows]
    for at, line in enumerate(lines, start=1):
        for number, column in enumerate(columns, start=1):
            if column in line:
                cell = sheet.cell(at, number, line[column])
                cell.data_type = "s"  # a text, whatever it begins with
                cell.number_format = "@"
                cell.alignment = Alignment(vertical="top", wrap_text=column in WIDTHS)
                cell.font = Font(bold=at == 1)
    for number, column in enumerate(columns, start=1):
        letter = sheet.cell(1, number).column_letter
        sheet.column_dimensions[letter].width = WIDTHS.get(column, 16)


# ---------------------------------------------------------------- in


def read(path: Path) -> Place:
    """Return the policies of a workbook as the loader takes them; RulesError where it is none."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, OSError, ValueError, EOFError, BadZipFile) as error:
        problem = Problem(str(path), 1, 1, "", f"This is no workbook: {error}", "Save it as .xlsx.")
        raise RulesError([problem]) from None
    try:
        sheets = {_known().get(sheet.title, sheet.title): sheet for sheet in book.worksheets}
        if "policies" not in sheets:
            problem = Problem(str(path), 1, 1, "", "It has no sheet of policies.", "Call one 'policies'.")
            raise RulesError([problem])
        there = [name for name in SHEETS if name in sheets]
        tables = {name: _rows(sheets[name], f"{path}!{sheets[name].title}", name) for name in there}
    finally:
        book.close()
    return _policies(tables, str(path))


def _rows(sheet: Any, file: str, name: str) -> list[Place]:
    """The rows of a sheet: dicts of texts by column, each with its place."""
    found: list[Place] = []
    names: list[str] = []
    for at, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = [_text(value) for value in row]
        if at > MOST_ROWS:
            message = f"A sheet has at most {MOST_ROWS} rows."
            raise RulesError([Problem(file, at, 1, "", message, "Divide it.")])
        if at == 1:
            names = _names(texts, file, name)
            continue
        cells = {
            column: Place(text, f"{file}!{get_column_letter(number)}{at}", 1, 1)
            for number, (column, text) in enumerate(zip(names, texts, strict=False), start=1)
            if column and text
        }
        if cells:
            row_of = f"{file}!{at}"
            found.append(Place(_deep(cells, row_of) if name == "policies" else cells, row_of, 1, 1))
    return found


def _names(texts: list[str], file: str, name: str) -> list[str]:
    """What the headings of a sheet stand for; in the examples, those that are none are facts."""
    names = [_known()[text] if _known().get(text) in COLUMNS[name] else text for text in texts]
    for number, column in enumerate(names, start=1):
        if column and column in names[: number - 1]:
            said = "Two columns have this heading."
            raise RulesError(
                [Problem(f"{file}!{get_column_letter(number)}1", 1, 1, column, said, "Drop one.")]
            )
    return names


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "date"):  # a day that the workbook keeps as one
        return str(value.date().isoformat())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _deep(cells: dict[str, Place], file: str) -> dict[str, Place]:
    """Columns such as `award.cap.limit` become parts of parts."""
    found: dict[str, Place] = {}
    for column, cell in cells.items():
        *above, last = column.split(".") if column in COLUMNS["policies"] else [column]
        here = found
        for part in above:
            here = here.setdefault(part, Place({}, file, 1, 1)).value
        here[last] = cell
    return found


def _policies(tables: dict[str, list[Place]], file: str) -> Place:
    by_key: dict[str, Place] = {}
    problems: list[Problem] = []
    for row in tables["policies"]:
        key = row.value["key"].value if "key" in row.value else ""
        if key in by_key:
            problems.append(row.problem(f"The key {key} stands here twice.", "One row for each policy."))
        by_key[key] = row
        row.value["conditions"] = Place([], row.file, row.line, 1)
        row.value["examples"] = Place([], row.file, row.line, 1)
    for name in ("conditions", "examples"):
        for row in tables.get(name, []):
            of = row.value.pop(OF, None)
            policy = by_key.get(of.value if of is not None else "")
            if policy is None:
                mend = "Name a key of the first sheet."
                problems.append((of or row).problem("No policy has this key.", mend))
                continue
            policy.value[name].value.append(_example(row) if name == "examples" else row)
    if problems:
        raise RulesError(problems)
    return Place({"policies": Place(tables["policies"], file, 1, 1)}, file, 1, 1)


def _example(row: Place) -> Place:
    state = {"state": row.value.pop("state")} if "state" in row.value else {}
    firm = {"firm": Place(row.value, row.file, row.line, row.column)} if row.value else {}
    return Place({**state, **firm}, row.file, row.line, row.column)
