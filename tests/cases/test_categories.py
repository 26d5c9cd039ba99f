"""The tree of categories and its words: complete, without conflicts, and right about texts labelled by hand."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

from zhitong.cases import categories
from zhitong.core import data

DAY = date(2026, 6, 1)
TEXTS = Path(__file__).with_name("category_texts.toml")
# What a person says each trouble of the demo is about, in the order of data/demo/texts.toml.
DEMO = [
    "roads",
    "tax_refunds",
    "power",
    "environmental_permits",
    "recruitment",
    "property",
    "subsidies",
    "commuting",
    "school_places",
    "matching",
    "licences",
    "titles",
    "roads",
    "water",
    "foreign_experts",
    "construction",
    "customs",
    "gas",
    "premises",
    "renewal",
    "talent_housing",
    "freight",
    "collateral",
    "drainage",
    "digitalisation",
    "childcare",
    "testing",
    "pollution",
    "land_use",
    "subsidies",
]
WITHOUT_WORDS = {"other_matters"}  # nothing says that a matter is another one but a person


def leaves() -> dict[str, dict]:
    return {leaf["key"]: leaf for root in categories.tree(1)["category"] for leaf in root["leaf"]}


def labelled(*, later: bool) -> list[tuple[str, str]]:
    rows = tomllib.loads(TEXTS.read_text(encoding="utf-8"))["text"]
    return [(row["text"], row["category"]) for row in rows if row.get("later", False) is later]


def demo() -> list[tuple[str, str]]:
    troubles = [row["text"] for row in data.read("demo", "texts")["trouble"]]
    after, outside = data.read("demo", "after"), data.read("demo", "replies")
    more = {
        after["urgent"]: "power",
        after["main"]: "water",
        after["member"]: "water",
        outside["lead"]["text"]: "tax_refunds",
        outside["part"]["text"]: "tax_filing",
    }
    return [*zip(troubles, DEMO, strict=True), *more.items()]


def measured(rows: list[tuple[str, str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text, wanted in rows:
        suggestion = categories.suggest(text, DAY)
        got = suggestion.key if suggestion else ""
        found["right" if got == wanted else "silent" if not got else "wrong"] += 1
    return found


def most_frequent(rows: list[tuple[str, str]]) -> int:
    """How many the trivial answer gets right: always what comes most often."""
    return Counter(wanted for _, wanted in rows).most_common(1)[0][1]


def test_every_leaf_has_words_and_both_languages() -> None:
    for key, leaf in leaves().items():
        assert leaf["label"]["zh"], key
        assert leaf["label"]["en"], key
        words = [word for name in categories.WEIGHTS for word in leaf.get(name, ())]
        assert bool(words) is (key not in WITHOUT_WORDS), key
        assert len(words) == len(set(words)), f"{key} has a word twice"


def test_keys_are_snake_case_unique_and_fit_their_column() -> None:
    roots = [root["key"] for root in categories.tree(1)["category"]]
    keys = [*roots, *(leaf["key"] for root in categories.tree(1)["category"] for leaf in root["leaf"])]
    assert len(keys) == len(set(keys))
    assert categories.NONE not in keys
    for key in keys:
        assert key.replace("_", "").isalpha(), key
        assert key == key.lower(), key
        assert len(key) <= 30, key


def test_no_word_weighs_the_same_in_two_leaves_without_a_reason() -> None:
    excused = {row["word"] for row in categories.tree(1)["shared"] if row["reason"]}
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, leaf in leaves().items():
        for name in categories.WEIGHTS:
            for word in leaf.get(name, ()):
                held[word, name].append(key)
    twice = {word: keys for (word, _), keys in held.items() if len(keys) > 1 and word not in excused}
    assert twice == {}
    for row in categories.tree(1)["shared"]:
        assert set(row["leaves"]) == {
            key for (word, _), keys in held.items() if word == row["word"] for key in keys
        }


def test_the_troubles_of_the_demo_get_what_a_person_says() -> None:
    found = measured(demo())
    assert found["wrong"] == 0
    assert found["right"] >= 34
    assert found["right"] > 5 * most_frequent(demo())


def test_texts_that_were_labelled_first_are_found_or_left_alone() -> None:
    found = measured(labelled(later=False))
    assert found["wrong"] == 0, "among them are texts that say nothing"
    assert found["right"] >= 57


def test_texts_written_after_the_words_are_seldom_wrong_and_often_left_alone() -> None:
    """What the words are worth on phrasings that nobody had in mind: silent on most, right where they speak."""
    rows = labelled(later=True)
    found = measured(rows)
    assert len(rows) == 50
    assert found["right"] >= 10
    assert found["wrong"] <= 1
    assert found["right"] > most_frequent(rows)


@pytest.mark.parametrize("text", ["", "你好", "贷款", "环评，出口退税。"])
def test_it_is_silent_where_words_say_too_little_or_two_things(text: str) -> None:
    assert categories.suggest(text, DAY) is None


def test_a_suggestion_names_its_words_and_its_place_in_the_tree() -> None:
    found = categories.suggest("变压器老跳闸，用电不稳。", DAY)
    assert found is not None
    assert (found.key, found.words) == ("power", ("变压器", "跳闸", "用电"))
    with override("zh-hans"):
        assert found.label == "水电气能源 · 用电"
    with override("en"):
        assert found.label == "Water, power, gas · Power"


def test_filters_know_not_determined_the_upper_and_the_lower() -> None:
    keys = [key for key, _ in categories.filter_choices()]
    assert keys[:3] == [categories.NONE, "financing", "loans"]
    assert categories.under(categories.NONE) == [""]
    assert categories.under("loans") == ["loans"]
    assert categories.under("financing") == ["loans", "renewal", "collateral", "equity"]
    assert categories.under("unknown") == []


def test_a_key_of_an_older_tree_stays_known_but_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = {
        **categories.tree(1),
        "version": 2,
        "in_force": "2026-03-01",
        "category": categories.tree(1)["category"][1:],
    }
    read = data.read

    def two(folder: str, stem: str) -> dict:
        return newer if stem == "categories-2" else read(folder, stem)

    monkeypatch.setattr(data, "read", two)
    monkeypatch.setattr(data, "stems", lambda _folder: ("categories-1", "categories-2"))
    caches = (categories.tree, categories._known, categories._lexicon, data.version_on)
    try:
        for cache in caches:
            cache.cache_clear()
        assert categories.version_on(DAY) == 2
        assert categories.is_known("loans")
        with override("zh-hans"):
            assert categories.label_of("loans") == "融资 · 贷款与授信"
        assert not categories.is_offered("loans", DAY)
        assert categories.is_offered("loans", date(2026, 2, 1))
        assert categories.suggest("申请贷款，授信额度", DAY) is None
    finally:
        monkeypatch.undo()
        for cache in caches:
            cache.cache_clear()
