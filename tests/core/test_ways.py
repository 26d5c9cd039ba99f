"""Addresses from memory are those that Django's own tag writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.template import Context, Template
from django.template.defaulttags import URLNode
from django.test import override_settings
from django.urls import NoReverseMatch, get_resolver, path, set_script_prefix

from zhitong.core.templatetags.ways import Way

if TYPE_CHECKING:
    from django.template import NodeList


def plain_addresses() -> list[str]:
    """Every address of the project that takes no argument."""
    found, resolvers = [], [("", get_resolver())]
    while resolvers:
        space, resolver = resolvers.pop()
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                resolvers.append((inner, pattern))
            elif pattern.name:
                found.append(f"{space}{pattern.name}")
    return found


def _all_ways(text: str, **known: Any) -> list[str]:
    """What Django's tag writes, what ours writes, and what ours writes from memory."""
    ours = Template(text)
    ways: NodeList = ours.nodelist.get_nodes_by_type(Way)
    assert ways, "our tag is read"
    node = ways[0]
    django = URLNode(node.view_name, node.args, node.kwargs, node.asvar)
    context = Context(known)
    written = [django.render(context) + context.get("kept", "")]
    return [*written, *(ours.render(Context(known)) for _ in range(2))]


def test_addresses_are_those_of_djangos_tag() -> None:
    seen = 0
    for name in plain_addresses():
        try:
            told = _all_ways(f"{{% url '{name}' %}}")
        except NoReverseMatch:
            continue  # it takes an argument
        seen += 1
        assert len(set(told)) == 1, name
        assert len(set(_all_ways(f"{{% url '{name}' as kept %}}{{{{ kept }}}}"))) == 1, name
    assert seen > 60


def test_addresses_with_arguments_and_unknown_ones_are_left_to_django() -> None:
    assert set(_all_ways("{% url 'cases:detail' pk %}", pk=7)) == {"/cases/7/"}
    assert set(_all_ways("{% url 'cases:detail' pk=pk %}", pk=8)) == {"/cases/8/"}
    assert set(_all_ways("{% url 'cases:nothing' as kept %}[{{ kept }}]", kept="old")) == {"[]", ""}
    with pytest.raises(NoReverseMatch):
        Template("{% url 'cases:nothing' %}").render(Context())


class Elsewhere:
    """Other addresses under a name that the project has too."""

    app_name = None
    urlpatterns = [path("other&place/", lambda _request: None, name="home")]


def test_memory_knows_the_table_of_addresses_and_the_prefix() -> None:
    home = Template("{% url 'home' %}")
    assert home.render(Context()) == "/"
    with override_settings(ROOT_URLCONF=Elsewhere):
        assert home.render(Context()) == "/other&amp;place/"
        assert home.render(Context(autoescape=False)) == "/other&place/"
    set_script_prefix("/zhitong/")
    try:
        assert home.render(Context()) == "/zhitong/"
    finally:
        set_script_prefix("/")
    assert home.render(Context()) == "/"
