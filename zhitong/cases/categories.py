"""What a case is about: the tree of categories, and what its words suggest; a person confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from zhitong.cases import learnt
from zhitong.core import data
from zhitong.kernel.text import Lexicon, decided, rolled_up

if TYPE_CHECKING:
    from datetime import date

CATEGORIES = "categories"
NONE = "none"  # how filters call the cases whose category nobody has determined yet
UNDETERMINED = _("Not determined yet")
WEIGHTS = ("strong", "usual", "weak")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category by its key, and the words of the text that speak for it, the heaviest first.

    `source` is empty where the tree's own words made it, else the name of the model that did.
    """

    key: str
    words: tuple[str, ...]
    source: str = ""

    @property
    def label(self) -> str:
        """The category in the reader's language."""
        return label_of(self.key)


@cache
def tree(version: int) -> dict[str, Any]:
    """Return the tree of categories at a version."""
    return data.read(CATEGORIES, f"{CATEGORIES}-{version}")


def version_on(day: date) -> int:
    """Return the version of the tree that is in force on a day."""
    return data.version_on(CATEGORIES, CATEGORIES, day)


@cache
def _known() -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """All roots and leaves by key, and the root of each leaf; the newest version says how a key is called."""
    roots: dict[str, Any] = {}
    leaves: dict[str, Any] = {}
    parents: dict[str, str] = {}
    for version in sorted((_version(stem) for stem in data.stems(CATEGORIES)), reverse=True):
        for root in tree(version)["category"]:
            roots.setdefault(root["key"], root["label"])
            for leaf in root["leaf"]:
                leaves.setdefault(leaf["key"], leaf["label"])
                parents.setdefault(leaf["key"], root["key"])
    return roots, leaves, parents


def _version(stem: str) -> int:
    return int(stem.rsplit("-", 1)[1])


def is_known(key: str) -> bool:
    """Whether a key is one that a case may have: a leaf of any version."""
    return key in _known()[1]


def is_offered(key: str, day: date) -> bool:
    """Whether a key can be chosen on a day: a leaf of the tree in force."""
    return any(key == leaf["key"] for root in tree(version_on(day))["category"] for leaf in root["leaf"])


def root_of(key: str) -> str:
    """Return the upper category of a leaf; empty for no key and for one that nobody knows."""
    return _known()[2].get(key, "")


def under(key: str) -> list[str]:
    """Return what stands in the cases that a filter's key means: leaves, or nothing for `NONE`."""
    if key == NONE:
        return [""]
    _roots, leaves, parents = _known()
    return [key] if key in leaves else [leaf for leaf, root in parents.items() if root == key]


def label_of(key: str) -> str:
    """Return how a category is called, its upper one before it; empty for an unknown key."""
    roots, leaves, parents = _known()
    if key in leaves:
        return f"{data.label(roots[parents[key]])} · {data.label(leaves[key])}"
    return data.label(roots[key]) if key in roots else ""


def labels(*, roots: bool) -> dict[str, str]:
    """Return all upper categories, or all leaves, with their labels in the order of the tree."""
    return {key: label_of(key) for key in _known()[0 if roots else 1]}


def filter_choices() -> list[tuple[str, str]]:
    """Return what a list can be narrowed to: not determined, each upper category, each leaf below it."""
    found = [(NONE, str(UNDETERMINED))]
    for key, label in labels(roots=True).items():
        found += [(key, label), *((leaf, label_of(leaf)) for leaf in under(key))]
    return found


def choices(day: date) -> list[Any]:
    """Return the leaves that can be chosen on a day, in groups by their upper category."""
    return [
        (data.label(root["label"]), [(leaf["key"], data.label(leaf["label"])) for leaf in root["leaf"]])
        for root in tree(version_on(day))["category"]
    ]


@cache
def _lexicon(version: int) -> tuple[Lexicon, dict[str, str]]:
    table = tree(version)
    weight = table["weight"]
    words = {
        leaf["key"]: {word: weight[name] for name in WEIGHTS for word in leaf.get(name, ())}
        for root in table["category"]
        for leaf in root["leaf"]
    }
    parents = {leaf["key"]: root["key"] for root in table["category"] for leaf in root["leaf"]}
    return Lexicon(words, table["passed_over"]["words"]), parents


def suggest(text: str, day: date) -> Suggestion | None:
    """Return what a text is about by its words; None where they say too little, or two things alike.

    The upper category is found by the words of all its leaves, then the leaf among its own. A single word
    in a long text counts only where it stands in the title.
    """
    version = version_on(day)
    lexicon, parents = _lexicon(version)
    rule = tree(version)["suggest"]
    rows = lexicon.ranked(text)
    root = decided(rolled_up(rows, parents), least=rule["least"], ahead=rule["ahead"])
    if root is None:
        return None
    leaf = decided([row for row in rows if parents[row.key] == root.key], least=0, ahead=rule["ahead"])
    if leaf is None or (_alone(leaf.words, text, rule) and not _titled(lexicon, text, leaf.key)):
        return None
    return Suggestion(leaf.key, leaf.words)


def _alone(words: tuple[str, ...], text: str, rule: dict[str, int]) -> bool:
    """Whether a single word would decide what a long text is about."""
    return len(words) == 1 and len(text) > rule["alone"]


def _titled(lexicon: Lexicon, text: str, key: str) -> bool:
    """Whether a word of a category stands in the title, which is a text's first line."""
    return any(row.key == key for row in lexicon.ranked(text.partition("\n")[0]))


def suggestion_for(case: Any, day: date) -> Suggestion | None:
    """Return what a case is about, as the city's own model says it; by words where it has learnt nothing.

    Of a category that the model has learnt words say nothing either: it was silent because it is not sure.
    """
    text = f"{case.title}\n{case.text}"
    model = learnt.current()
    found = model.suggest(text) if model else None
    if model and found and is_offered(found.label, day):
        return Suggestion(found.label, found.because, model.name)
    by_words = suggest(text, day)
    return None if model and by_words and model.knows(by_words.key) else by_words
