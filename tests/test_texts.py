from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
import pytest

from scripts import messages
from tests.support import markup, source
from tests.support.source import Module

HAN = re.compile(r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]")
CODE_SUFFIXES = frozenset(
    {".py", ".html", ".txt", ".css", ".js", ".svg", ".xml", ".toml", ".sh", ".json", ""}
)
# Where Chinese belongs: catalogues, dated data, documents, tests; vendored files are as their authors made them.
CHINESE_PLACES = (
    *("data", "docs", "tests", "zhitong/locale/zh_Hans", "README.zh-CN.md"),
    "zhitong/kernel/rules/book/words.toml",  # a catalogue too: the kernel is used without the others
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*\}")
TRANSLATING = frozenset(messages.KEYWORDS)
# Words that the people who use it would not use, and what they say.
WORDS = {
    "待办收件箱": "待办",
    "联席会商": "一企一议 / 协调会",
    "函件文书": "公文",
    "符合全部条件": "初步符合,以申报通知为准",
    "最高可享": "最高补助(以审定为准)",
    "企业画像": "企业档案",
    "督办预警": "督办",
    "办结占比": "办结率",
    "部门办理排行": "各单位办理情况",
    "活动对接": "产销对接",
    "服务专员": "挂钩干部",
    "退回补正": "退回补充",
    "提级": "上报市级 / 直报省厅",
}
# Sentences a person reads; a bare string here would stay English for everybody.
SPOKEN_KEYWORDS = frozenset({"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label"})
SPOKEN_CALLS = {"RefusedError": 0, "FieldError": 1, "ValidationError": 0}


# ---------------------------------------------------------------- Chinese stays in its places


def code_files() -> list[Path]:
    """List the tracked or trackable files that are code, outside the places for Chinese and vendored folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=source.ROOT,
        capture_output=True,
        check=False,
    )
    names = listed.stdout.decode().split("\0")
    if listed.returncode:  # an unpacked archive has no git
        names = [
            path.relative_to(source.ROOT).as_posix() for path in source.ROOT.rglob("*") if path.is_file()
        ]
    return [
        source.ROOT / name
        for name in names
        if name and is_code(Path(name)) and (source.ROOT / name).is_file()
    ]


def is_code(path: Path) -> bool:
    chinese = any(
        path.as_posix() == place or place in {p.as_posix() for p in path.parents} for place in CHINESE_PLACES
    )
    return path.suffix in CODE_SUFFIXES and not chinese and not source.FOREIGN.intersection(path.parts)


def han_faults(text: str, where: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if HAN.search(line):
            yield f"{where}:{number} {line.strip()[:80]}"


def test_code_and_templates_are_english() -> None:
    files = code_files()
    assert len(files) > 20
    found = []
    for path in files:
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += han_faults(text, path.relative_to(source.ROOT).as_posix())
    assert not found, "Chinese belongs into the catalogue or into data files:\n" + "\n".join(found)


def test_planted_chinese_is_found() -> None:
    assert list(han_faults("<p>\n诉求</p>", "a.html")) == ["a.html:2 诉求</p>"]
    assert list(han_faults('x = "OK，"', "a.py"))
    assert is_code(Path("zhitong/cases/templates/cases/list.html"))
    assert is_code(Path("Makefile"))
    assert not is_code(Path("zhitong/locale/zh_Hans/LC_MESSAGES/django.po"))
    assert not is_code(Path("zhitong/portal/static/vendor/htmx.js"))


# ---------------------------------------------------------------- the catalogue is complete


@cache
def catalogue(language: str = "zh_Hans") -> polib.POFile:
    path = messages.catalogue_path(language)
    assert path.exists(), f"{path} is missing: run `make messages`"
    return polib.pofile(str(path))


@cache
def used() -> dict[messages.Key, messages.Message]:
    return messages.collect()


def catalogue_faults(po: polib.POFile, wanted: dict[messages.Key, messages.Message]) -> Iterator[str]:
    """Find missing, empty, fuzzy, stale and misfitting translations."""
    entries = {messages.Key(entry.msgctxt, entry.msgid): entry for entry in po if not entry.obsolete}
    for key, message in wanted.items():
        entry = entries.get(key)
        if entry is None:
            yield f"missing: {key.text!r} ({message.files[0]})"
        else:
            yield from entry_faults(entry, message)
    for key in entries.keys() - wanted.keys():
        yield f"stale: {key.text!r} is no longer used"
    for entry in po.obsolete_entries():
        yield f"stale: {entry.msgid!r} is commented out"


def entry_faults(entry: polib.POEntry, message: messages.Message) -> Iterator[str]:
    """Find what is wrong with one translation."""
    if "fuzzy" in entry.flags:
        yield f"fuzzy: {entry.msgid!r}"
    if (entry.msgid_plural or None) != message.plural:
        yield f"plural: {entry.msgid!r} is used with {message.plural!r}"
    for text in list(entry.msgstr_plural.values()) or [entry.msgstr]:
        if not text.strip():
            yield f"empty: {entry.msgid!r}"
            continue
        known = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        if not entry.msgid_plural and set(PLACEHOLDER.findall(text)) != known:
            yield f"placeholders: {entry.msgid!r} -> {text!r}"
        if set(PLACEHOLDER.findall(text)) - known:
            yield f"unknown placeholder: {entry.msgid!r} -> {text!r}"
        if text == entry.msgid and " " in text.strip() and markup.untranslated_words(text):
            yield f"not translated: {entry.msgid!r}"
        if text.endswith("\n") != entry.msgid.endswith("\n"):
            yield f"line end: {entry.msgid!r}"


def test_every_text_has_a_chinese_translation() -> None:
    found = list(catalogue_faults(catalogue(), used()))
    assert used(), "no texts found at all"
    assert not found, "run `make messages` and fill in what is empty:\n" + "\n".join(sorted(found))


def test_the_catalogue_is_in_the_form_that_make_messages_writes() -> None:
    old = catalogue()
    new = messages.merge(old, used(), "zh_Hans")
    assert [entry.msgid for entry in old] == [entry.msgid for entry in new], "run `make messages`"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (None, "missing"),
        (polib.POEntry(msgid="Accept %(n)s", msgstr=""), "empty"),
        (polib.POEntry(msgid="Accept %(n)s", msgstr="受理 %(n)s", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="Accept %(n)s", msgstr="受理"), "placeholders"),
        (polib.POEntry(msgid="Accept %(n)s", msgstr="Accept %(n)s"), "not translated"),
        (polib.POEntry(msgid="Accept %(n)s", msgid_plural="x", msgstr_plural={0: "受理 %(n)s"}), "plural"),
    ],
)
def test_a_planted_catalogue_fault_is_found(entry: polib.POEntry | None, says: str) -> None:
    po = polib.POFile()
    if entry:
        po.append(entry)
    wanted = {messages.Key(None, "Accept %(n)s"): messages.Message(None, ("a.py",))}
    assert says in " ".join(catalogue_faults(po, wanted))


def test_a_stale_entry_is_found() -> None:
    po = polib.POFile()
    po.append(polib.POEntry(msgid="Gone", msgstr="没了"))
    assert "stale" in " ".join(catalogue_faults(po, {}))


def test_extraction_sees_code_and_templates(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "a.py").write_text('x = _("In code")\ny = ngettext("%(n)d case", "%(n)d cases", n)\n')
    (tmp_path / "templates" / "a.html").write_text(
        '{% load i18n %}<p title="{% translate "In a tag" %}">it\'s {{ x|default:_("In a filter") }}\n'
        "  {% blocktranslate count n=n trimmed %}\n    One case\n  {% plural %}{{ n }} cases\n"
        '{% endblocktranslate %}{% translate "May" context "month" %}</p>'
    )
    found = messages.collect((tmp_path,), tmp_path)
    assert {(key.context, key.text): message.plural for key, message in found.items()} == {
        (None, "In code"): None,
        (None, "%(n)d case"): "%(n)d cases",
        (None, "In a tag"): None,
        (None, "In a filter"): None,
        (None, "One case"): "%(n)s cases",
        ("month", "May"): None,
    }


def test_merge_keeps_translations_and_drops_what_is_gone() -> None:
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Kept", msgstr="留"))
    old.append(polib.POEntry(msgid="Gone", msgstr="去"))
    wanted = {
        messages.Key(None, "Kept"): messages.Message(None, ("a.py",)),
        messages.Key(None, "New"): messages.Message(None, ("a.py",)),
    }
    assert {entry.msgid: entry.msgstr for entry in messages.merge(old, wanted, "zh_Hans")} == {
        "Kept": "留",
        "New": "",
    }


def test_compile_needs_no_development_tools() -> None:
    hidden = "import sys; sys.modules['babel'] = None; from scripts import messages; messages.compile_all()"
    subprocess.run([sys.executable, "-c", hidden], cwd=source.ROOT, check=True)


# ---------------------------------------------------------------- no sentence escapes translation


def template_faults() -> Iterator[str]:
    for path in source.templates():
        text = path.read_text(encoding="utf-8")
        for line, words in markup.untranslated(text, html=path.suffix == ".html"):
            yield f"{path.relative_to(source.ROOT).as_posix()}:{line} {words[:80]!r}"


def test_templates_show_translated_texts_only() -> None:
    assert source.templates()
    found = list(template_faults())
    assert not found, "put these through {% translate %}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        ("<p>\nHello</p>", [2]),
        ('<img alt="A firm" src="x">', [1]),
        ('<input type="submit" value="Send">', [1]),
        ('<input type="text" value="code" name="q">', []),
        ("{% blocktranslate %}Hello <b>there</b>\n{% endblocktranslate %}<i>Bye</i>", [2]),
        ('<a href="/about" class="plain">{{ name }} ({{ count }})</a> &middot; 3', []),
        ("{# a remark #}{% comment %}more{% endcomment %}<!-- and more -->", []),
        ('<p title="{% translate "Hello" %}">{% translate "Hello" %}</p>', []),
        ("<script>var x = 1;</script><style>p { color: red }</style>", []),
        ("{% if a %}<b>Yes</b>{% else %}–{% endif %}", [1]),
        ("<kbd>Ctrl K</kbd> Open", [1]),
        ("<kbd>Ctrl K</kbd>{% block body_data %} data-a=b{% endblock %}", []),
    ],
)
def test_untranslated_words_are_found(template: str, lines: list[int]) -> None:
    assert [line for line, _ in markup.untranslated(template)] == lines


def test_untranslated_plain_text_is_found() -> None:
    assert [line for line, _ in markup.untranslated("{{ name }},\nyour case", html=False)] == [2]


def code_faults(module: Module) -> Iterator[str]:
    """Find sentences built from pieces, and sentences for people that gettext never sees."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        here = f"{module.where}:{node.lineno}"
        if name in TRANSLATING and any(built_from_pieces(argument) for argument in node.args):
            yield f"{here} translates a text built from pieces; use placeholders and fill them in afterwards"
        spoken = [keyword.value for keyword in node.keywords if keyword.arg in SPOKEN_KEYWORDS]
        if name in SPOKEN_CALLS:
            spoken += node.args[SPOKEN_CALLS[name] :][:1]
        for argument in spoken:
            if is_sentence(argument):
                yield f"{here} {ast.unparse(argument)} is for people: put it through gettext"


def built_from_pieces(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"format", "join"}
    )


def is_sentence(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    # A lower-case word alone is a name for machines.
    return bool(re.search(r"[A-Z]|[^\W\d_].* ", node.value))


def gettext_in_fstrings(module: Module) -> Iterator[str]:
    """Find gettext calls inside f-strings, which the extraction does not see before Python 3.12."""
    for outer in ast.walk(module.tree):
        if isinstance(outer, ast.JoinedStr):
            for node in ast.walk(outer):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATING:
                    yield f"{module.where}:{node.lineno} translates inside an f-string; take it out"


def test_code_speaks_through_gettext() -> None:
    outside = [module for module in source.modules() if module.room != "kernel"]
    found = [
        fault for module in outside for check in (code_faults, gettext_in_fstrings) for fault in check(module)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        'gettext(f"Case {number}")',
        '_("Case " + number)',
        '_("Case {}".format(number))',
        'forms.CharField(label="Name of the firm")',
        'RefusedError("Wait a moment.")',
        'FieldError("name", "Give a name.")',
        "f\"{_('Case')} 1\"",
    ],
)
def test_a_planted_untranslated_sentence_is_found(text: str) -> None:
    module = source.module(text, "zhitong.cases.forms")
    assert [*code_faults(module), *gettext_in_fstrings(module)]


# ---------------------------------------------------------------- data files and words


def pairs(node: object, where: str) -> Iterator[tuple[str, dict]]:
    """Yield each table of texts by language below a parsed data file."""
    if isinstance(node, dict):
        if "zh" in node or "en" in node:
            yield where, node
        for key, value in node.items():
            yield from pairs(value, f"{where}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from pairs(value, f"{where}[{number}]")


def pair_faults(node: object, where: str) -> Iterator[str]:
    for place, pair in pairs(node, where):
        for language in ("zh", "en"):
            if not str(pair.get(language, "")).strip():
                yield f"{place} has no {language} text"
        if HAN.search(str(pair.get("en", ""))):
            yield f"{place} has Chinese in its English text"


def data_files() -> list[Path]:
    return sorted((source.ROOT / "data").rglob("*.toml"))


def test_data_files_speak_both_languages() -> None:
    assert data_files()
    found = []
    for path in data_files():
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        found += pair_faults(document, path.relative_to(source.ROOT).as_posix())
    assert not found, "\n".join(found)


def test_a_text_without_its_other_language_is_found() -> None:
    assert list(pair_faults({"label": {"zh": "是"}}, "x"))
    assert list(pair_faults({"label": [{"zh": "是", "en": "是"}]}, "x"))


def test_screens_use_the_words_of_the_people_who_read_them() -> None:
    texts = {
        path.relative_to(source.ROOT).as_posix(): path.read_text(encoding="utf-8") for path in data_files()
    }
    texts["zh_Hans"] = messages.catalogue_path("zh_Hans").read_text(encoding="utf-8")
    found = [
        f"{where}: {word} -> {WORDS[word]}" for where, text in texts.items() for word in WORDS if word in text
    ]
    assert not found, "\n".join(found)
