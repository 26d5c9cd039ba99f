from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from django import template
from django.apps import apps
from django.template import engines
from django.template.base import Lexer, TokenType
from django.template.defaulttags import URLNode
from django.template.loader_tags import BlockNode, ExtendsNode
from django.urls import URLPattern, URLResolver, get_resolver

from tests.support import markup, source
from tests.support.strict import UndefinedVariableError

# Django looks these up by itself.
FRAMEWORK_NAMES = frozenset({"400.html", "403.html", "403_csrf.html", "404.html", "500.html"})
NAME = re.compile(r"[\w./{}*-]+\.(?:html|txt|xml)")


def name_of(path: Path) -> str:
    """Return the name under which the loader finds a template."""
    parts = path.parts
    return "/".join(parts[len(parts) - parts[::-1].index("templates") :])


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# ---------------------------------------------------------------- they compile


@cache
def compiled() -> dict[str, template.Template]:
    return {
        name_of(path): engines["django"].get_template(name_of(path)).template for path in source.templates()
    }


def test_every_template_compiles() -> None:
    assert compiled()


def nodes(found: template.Template, kind: type) -> list:
    return found.nodelist.get_nodes_by_type(kind)


# ---------------------------------------------------------------- they are used


def names_in_python(text: str) -> Iterator[str]:
    """Yield template names of a Python file; what an f-string fills in becomes a star."""
    for node in ast.walk(source.parsed(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
            yield node.value
        if isinstance(node, ast.JoinedStr):
            value = "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
            if NAME.fullmatch(value):
                yield value


def names_in_template(text: str) -> Iterator[str]:
    """Yield template names that tags of a template mention."""
    for token in Lexer(text).tokenize():
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            yield from re.findall(r"""["']([\w./-]+\.(?:html|txt|xml))["']""", token.contents)


def unused(names: Iterable[str], mentioned: Iterable[str]) -> list[str]:
    """List templates that no name and no pattern reaches."""
    wanted = set(mentioned) | FRAMEWORK_NAMES
    patterns = [name for name in wanted if "*" in name]
    return sorted(
        name
        for name in names
        if name not in wanted and not any(fnmatch(name, pattern) for pattern in patterns)
    )


@cache
def foreign_folders() -> tuple[Path, ...]:
    """List the template folders of installed apps that are not ours."""
    folders = (
        Path(config.path) / "templates" for config in apps.get_app_configs() if not is_ours(config.path)
    )
    return tuple(folder for folder in folders if folder.is_dir())


def is_ours(path: str) -> bool:
    return Path(path).is_relative_to(source.PACKAGE)


def overrides(name: str) -> bool:
    """Whether a template takes the place of one of Django's or allauth's."""
    return any((folder / name).exists() for folder in foreign_folders())


def test_every_template_is_used() -> None:
    mentioned = {name for module in source.modules() for name in names_in_python(module.text)}
    for path in source.templates():
        mentioned |= set(names_in_template(text_of(path))) - {name_of(path)}
    names = [name_of(path) for path in source.templates() if not overrides(name_of(path))]
    found = unused(names, mentioned)
    assert not found, "nobody renders, extends or includes: " + ", ".join(found)


def test_an_unused_template_is_found() -> None:
    mentioned = [
        *names_in_python('render(r, "a/list.html")\nf"a/{kind}_row.html"'),
        *names_in_template('{% include "a/_b.html" %}'),
    ]
    assert unused(["a/list.html", "a/case_row.html", "a/_b.html", "a/old.html"], mentioned) == ["a/old.html"]


# ---------------------------------------------------------------- their blocks have a place


def parent_of(found: template.Template) -> template.Template | None:
    """Return the template that this one extends by a literal name."""
    extends = nodes(found, ExtendsNode)
    if not extends or not isinstance(extends[0].parent_name.var, str):
        return None
    return engines["django"].get_template(extends[0].parent_name.var).template


def block_faults(found: template.Template) -> Iterator[str]:
    """Find blocks that no ancestor defines: their content would never be shown."""
    parent = parent_of(found)
    if parent is None:
        return
    known: set[str] = set()
    while parent is not None:
        known |= {node.name for node in nodes(parent, BlockNode)}
        parent = parent_of(parent)
    top = [node for node in nodes(found, ExtendsNode)[0].nodelist if isinstance(node, BlockNode)]
    for node in top:
        if node.name not in known:
            yield f"{found.name}: no ancestor has a block {node.name}"


def test_every_block_has_a_place() -> None:
    faults = [fault for found in compiled().values() for fault in block_faults(found)]
    assert not faults, "\n".join(faults)


def test_a_block_without_a_place_is_found() -> None:
    some = next(
        name
        for name, found in compiled().items()
        if nodes(found, BlockNode) and not nodes(found, ExtendsNode)
    )
    child = engines["django"].from_string(
        f'{{% extends "{some}" %}}{{% block nowhere_at_all %}}x{{% endblock %}}'
    )
    assert list(block_faults(child.template))


# ---------------------------------------------------------------- their links exist


@cache
def url_names() -> frozenset[str]:
    return frozenset(walk_names(get_resolver()))


def walk_names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield prefix + pattern.name
        else:
            yield from walk_names(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))


OPTIONAL = frozenset(
    {"socialaccount_connections"}
)  # pages that exist only where an outside account is configured


def link_faults(found: template.Template, known: frozenset[str]) -> Iterator[str]:
    """Find links to URL names that do not exist."""
    for node in nodes(found, URLNode):
        name = node.view_name.var
        asked_first = node.asvar is not None and name in OPTIONAL
        if isinstance(name, str) and name not in known and not asked_first:
            yield f"{found.name}:{node.token.lineno} links to {node.view_name.var!r}"


def test_every_link_has_a_page() -> None:
    faults = [fault for found in compiled().values() for fault in link_faults(found, url_names())]
    assert not faults, "\n".join(faults)


def test_a_dead_link_is_found() -> None:
    found = engines["django"].from_string("{% url 'cases:gone' pk=1 %}").template
    assert list(link_faults(found, frozenset({"cases:list"})))


# ---------------------------------------------------------------- the content security policy holds


def inline_faults(text: str) -> Iterator[tuple[int, str]]:
    """Find scripts, styles and handlers written into the page, which our policy does not run."""
    for number, line in enumerate(markup.visible_source(text).splitlines(), start=1):
        for pattern, what in INLINE.items():
            if re.search(pattern, line, re.IGNORECASE):
                yield number, what


INLINE = {
    r"<script(?![^>]*\bsrc=)(?![^>]*type=.?application/json)": "an inline script",
    r"<style\b": "an inline style sheet",
    r"\sstyle\s*=": "a style attribute",
    r"\son\w+\s*=": "an event handler attribute",
    r"javascript:": "a javascript: link",
    r"\shx-on\b|\shx-vals=.?js": "htmx code that needs eval",
    r"(?:src|href)=[\"']https?://": "an outside address",
}


def test_templates_have_nothing_inline() -> None:
    faults = [
        f"{path.relative_to(source.ROOT)}:{line} has {what}"
        for path in source.templates()
        if path.suffix == ".html"
        for line, what in inline_faults(text_of(path))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "text",
    [
        "<script>go()</script>",
        '<p style="color: red">',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        "<style>p {}</style>",
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_something_inline_is_found(text: str) -> None:
    assert list(inline_faults(text))


def test_scripts_by_address_and_data_islands_are_fine() -> None:
    assert not list(inline_faults('<script src="{% static "app.js" %}" defer></script>'))
    assert not list(inline_faults('<script type="application/json">{}</script>'))


# ---------------------------------------------------------------- undefined variables


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody }}",
        "{{ case.nothing }}",
        "{{ nobody|default:'x' }}",
        "{% for x in nobody %}{{ x }}{% endfor %}",
        "{% with a=nobody %}{{ a }}{% endwith %}",
        "{% load i18n %}{% blocktranslate with n=nobody %}{{ n }}{% endblocktranslate %}",
    ],
)
def test_an_undefined_variable_is_an_error(text: str) -> None:
    with pytest.raises(UndefinedVariableError, match="undefined"):
        engines["django"].from_string(text).render({"case": object()})


def test_what_is_defined_renders() -> None:
    found = engines["django"].from_string("{{ a }}{% for x in b %}{{ x }}{% endfor %}{% if c %}c{% endif %}")
    assert found.render({"a": "", "b": [1, 2]}) == "12"
