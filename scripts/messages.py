"""Message catalogues without gettext's programs.

    python scripts/messages.py extract   bring the .po files up to the texts in code and templates
    python scripts/messages.py compile   write the .mo files that Django reads

`extract` keeps every translation whose English text still stands, adds new texts with an empty translation
and drops texts that nobody uses any more; `tests/test_texts.py` fails until the empty ones are filled.
`compile` needs polib only, so an installation without the development tools can do it.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "zhitong"
LANGUAGES = ("zh_Hans",)
# Shared templates and catalogues may lie beside the package as well as in it.
SOURCES = (PACKAGE, ROOT / "templates")
SKIPPED_FOLDERS = frozenset({"migrations", "locale", "static", "vendor", "node_modules", "__pycache__"})
TEMPLATE_SUFFIXES = frozenset({".html", ".txt", ".xml", ".md"})
KEYWORDS: dict[str, tuple | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PERCENT = re.compile(r"%\(\w+\)[sdif]|%[sdif]")
BRACES = re.compile(r"\{\w*\}")


class Key(NamedTuple):
    """What identifies a message: its context (None without one) and its English text."""

    context: str | None
    text: str


class Message(NamedTuple):
    """A text in use: its English plural (None without one) and the files that use it."""

    plural: str | None
    files: tuple[str, ...]


def files(suffixes: frozenset[str], sources: tuple[Path, ...] = SOURCES) -> Iterator[Path]:
    """List the source files with these suffixes, in a stable order."""
    for source in sources:
        for folder, below, names in sorted(os.walk(source)):
            below[:] = sorted(set(below) - SKIPPED_FOLDERS)
            for name in sorted(names):
                path = Path(folder, name)
                if path.suffix in suffixes and (path.suffix == ".py" or "templates" in path.parts):
                    yield path


def _calls(source: str) -> Iterator[tuple[Key, str | None]]:
    """Find the gettext calls of a Python text."""
    from babel.messages.extract import extract  # noqa: PLC0415 - not installed where only `compile` runs

    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for _line, message, _comments, context in found:
        single, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, None)
        if single:
            yield Key(context, single), plural


def of_python(source: str) -> list[tuple[Key, str | None]]:
    """List the messages of a Python source text."""
    return list(_calls(source))


def of_template(source: str, origin: str = "") -> list[tuple[Key, str | None]]:
    """List the messages of a Django template."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - `compile` starts quicker

    # What is left is words of X between calls; without indentation it reads as Python.
    calls = "\n".join(line.lstrip() for line in templatize(source, origin).splitlines())
    return list(_calls(calls))


def collect(sources: tuple[Path, ...] = SOURCES, root: Path = ROOT) -> dict[Key, Message]:
    """Collect every message in use, with its files relative to `root`."""
    found: dict[Key, tuple[str | None, list[str]]] = {}
    for path in files(TEMPLATE_SUFFIXES | {".py"}, sources):
        name = path.relative_to(root).as_posix()
        source = path.read_text(encoding="utf-8")
        for key, plural in of_python(source) if path.suffix == ".py" else of_template(source, name):
            known_plural, places = found.setdefault(key, (plural, []))
            found[key] = (known_plural or plural, places)
            if name not in places:
                places.append(name)
    return {key: Message(plural, tuple(places)) for key, (plural, places) in found.items()}


def catalogue_path(language: str, package: Path = PACKAGE) -> Path:
    """Return where a language's catalogue lies."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def _entry(key: Key, message: Message, old: polib.POEntry | None) -> polib.POEntry:
    """Make the catalogue entry of a message, with the old translation where it fits."""
    entry = polib.POEntry(
        msgid=key.text,
        msgctxt=key.context,
        # Files without line numbers: a moved line is no change of the catalogue.
        occurrences=[(name, "") for name in message.files],
        tcomment=old.tcomment if old else "",
    )
    if PERCENT.search(key.text + (message.plural or "")):
        entry.flags.append("python-format")
    elif BRACES.search(key.text):
        entry.flags.append("python-brace-format")
    if old and "fuzzy" in old.flags:
        entry.flags.append("fuzzy")
    if message.plural is None:
        entry.msgstr = (old.msgstr or old.msgstr_plural.get(0, "")) if old else ""
    else:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: (old.msgstr_plural.get(0) or old.msgstr) if old else ""}
    return entry


def merge(old: polib.POFile, messages: dict[Key, Message], language: str) -> polib.POFile:
    """Return a catalogue of exactly `messages`, with the translations of `old`."""
    known = {Key(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=110)
    # No dates: two people who extract the same texts get the same file.
    new.metadata = {
        "Project-Id-Version": "zhitong",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for key in sorted(messages, key=lambda key: (messages[key].files[0], key.text, key.context or "")):
        new.append(_entry(key, messages[key], known.get(key)))
    return new


def extract() -> int:
    """Update the catalogues; return how many texts still have no translation."""
    messages = collect()
    empty = 0
    for language in LANGUAGES:
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        old = polib.pofile(str(path)) if path.exists() else polib.POFile()
        new = merge(old, messages, language)
        new.save(str(path))
        missing = new.untranslated_entries()
        empty += len(missing)
        print(f"{path.relative_to(ROOT)}: {len(new)} texts, {len(missing)} without a translation")
        for entry in missing:
            print(f"  {entry.occurrences[0][0]}: {entry.msgid!r}")
    return empty


def compile_all() -> int:
    """Write the .mo file of each catalogue; return how many."""
    paths = sorted(PACKAGE.glob("locale/*/LC_MESSAGES/*.po")) + sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    for path in paths:
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return len(paths)


def main(arguments: list[str]) -> int:
    """Run one of the two commands."""
    if arguments == ["extract"]:
        extract()
        return 0
    if arguments == ["compile"]:
        print(f"{compile_all()} message catalogues compiled")
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
