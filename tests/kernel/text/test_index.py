from __future__ import annotations

import csv
import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.text.reference import likeness
from tests.support import needs
from zhitong.kernel.text import PLAIN, Cleaning, Index, index
from zhitong.kernel.text.segments import Question

TEXT = st.text(alphabet="厂区停电道路破损a1， ", max_size=12)
STEPS = st.lists(st.tuples(st.integers(0, 5), st.none() | TEXT), max_size=25)


def built(texts: Mapping[object, str], cleaning: Cleaning = PLAIN) -> Index:
    made = Index(cleaning)
    for key, text in texts.items():
        made.add(key, text)
    return made


def answers(made: Index, asked: str, limit: int = 10) -> list[tuple[object, float, tuple[str, ...]]]:
    return [(row.key, row.likeness, row.shared) for row in made.nearest(asked, limit)]


def same(made: Index, texts: Mapping[object, str], asked: str, limit: int = 50) -> None:
    """Assert that the index answers as the definition does."""
    wanted = likeness({key: PLAIN(text) for key, text in texts.items()}, PLAIN(asked))
    found = {row.key: row.likeness for row in made.nearest(asked, limit)}
    assert found == pytest.approx(wanted, abs=1e-5)


def sentences(count: int, seed: int = 1) -> dict[object, str]:
    draw = random.Random(seed)
    signs = "厂区停电道路破损供水排污用工融资出口审批土地环评物流招商"
    return {number: "".join(draw.choices(signs, k=draw.randint(8, 40))) for number in range(count)}


# ---------------------------------------------------------------- answers


@given(st.dictionaries(st.integers(0, 20), TEXT, max_size=12), TEXT)
def test_answers_are_those_of_the_definition(texts: dict[object, str], asked: str) -> None:
    same(built(texts), texts, asked)


def test_the_nearest_stand_first_with_the_runs_that_count() -> None:
    made = built({"a": "厂区停电，生产线停产", "b": "门前道路破损", "c": "供电跳闸，夜间停电", "d": ""})
    [first, second] = made.nearest("车间又停电了", 5)
    assert {first.key, second.key} == {"a", "c"}
    assert first.likeness >= second.likeness > 0
    assert first.shared == ("停电",)
    assert made.nearest("厂区停电了，生产", 1)[0].shared == ("厂区停电", "生产"), (
        "runs that go on are one stretch"
    )


def test_a_text_is_wholly_like_itself() -> None:
    texts = sentences(200)
    made = built(texts)
    for key in (0, 77, 199):
        [found] = made.nearest(texts[key], 1)
        assert (found.key, round(found.likeness, 5)) == (key, 1)


def test_equal_texts_stand_by_age_even_where_many_are_equal() -> None:
    made = built(dict.fromkeys(range(300), "厂区停电"))
    assert [row.key for row in made.nearest("厂区停电", 5)] == [0, 1, 2, 3, 4]


def test_nothing_alike_is_nothing_found() -> None:
    made = built(sentences(20))
    assert made.nearest("xyz", 3) == made.nearest("", 3) == made.nearest("电", 3) == []
    assert made.nearest("厂区停电", 0) == Index().nearest("厂区停电", 3) == []
    assert made.nearest("厂区停电", 3, least=0.999) == []


def test_texts_are_cleaned_as_questions_are() -> None:
    made = built({1: "您好！厂区停电"}, Cleaning(phrases=("您好",)))
    assert made.nearest("厂 区\n停电", 1)[0].likeness == pytest.approx(1)


# ---------------------------------------------------------------- coming and going


@given(STEPS, TEXT)
def test_changed_step_by_step_it_is_as_if_built_anew(steps: list[tuple[int, str | None]], asked: str) -> None:
    made, texts = Index(), {}
    for key, text in steps:
        texts.pop(key, None)
        if text is None:
            made.discard(key)
        else:
            made.add(key, text)
            texts[key] = text
        made.nearest(asked, 1)  # questions in between leave no trace
    assert len(made) == len(texts)
    made.refresh()
    anew = built(texts)
    anew.refresh()
    assert answers(made, asked) == answers(anew, asked)
    same(made, texts, asked)


@pytest.mark.parametrize("asks", [False, True])
def test_many_changes_are_as_if_built_anew(asks: bool) -> None:
    draw = random.Random(5)
    made, texts = Index(), {}
    for number, text in sentences(1500).items():
        made.add(number, text)
        texts[number] = text
        if draw.random() < 0.3:
            gone = draw.choice(list(texts))
            made.discard(gone)
            del texts[gone]
        if asks and number % 7 == 0:
            made.nearest(text, 1)
    made.refresh()
    anew = built(texts)
    for asked in list(texts.values())[:20]:
        assert answers(made, asked) == answers(anew, asked)


def test_what_comes_and_goes_again_leaves_no_trace() -> None:
    made = built(sentences(300))
    asked = "厂区停电道路破损"
    before = answers(made, asked)
    for number in range(12):  # fewer than are counted anew for
        made.add(f"new {number % 3}", asked)
        assert made.nearest(asked, 1)[0].key == f"new {number % 3}"
        made.discard(f"new {number % 3}")
        assert "new 0" not in made
        if number % 7 == 0:
            assert answers(made, asked) == before
    made.discard("never there")
    assert answers(made, asked) == before
    made.refresh()
    assert answers(made, asked) == before


def test_another_text_under_a_key_replaces_the_first() -> None:
    made = built(sentences(50))
    made.add(7, "融资到期")
    assert len(made) == 50
    assert [row.key for row in made.nearest("融资到期", 1)] == [7]
    assert made.nearest(sentences(50)[7], 1)[0].key != 7


def test_weights_age_by_a_tenth() -> None:
    texts = sentences(100)
    made = built(texts)
    asked = texts[3]
    before = answers(made, asked, 100)
    for number in range(10):
        made.add(f"far {number}", "xyz")
    assert answers(made, asked, 100) == before, "a tenth more has no weight yet"
    assert made.nearest("xyz", 1)[0].likeness == pytest.approx(1)
    made.add("far 10", "xyz")
    later = answers(made, asked, 100)
    assert later != before
    same(made, {**texts, **{f"far {number}": "xyz" for number in range(11)}}, asked, 200)


# ---------------------------------------------------------------- the budget


def test_likeness_is_whole_though_common_runs_are_read_last(monkeypatch) -> None:
    texts = sentences(400)
    made = built(texts)
    asked = texts[10] + texts[20]
    whole = answers(made, asked, 2)
    monkeypatch.setattr(index, "BUDGET", 20)
    assert answers(made, asked, 2) == [(key, pytest.approx(value), shared) for key, value, shared in whole]


def test_a_budget_without_completion_would_be_noticed(monkeypatch) -> None:
    monkeypatch.setattr(Question, "_complete", lambda *_: None)
    with pytest.raises(AssertionError):
        test_likeness_is_whole_though_common_runs_are_read_last(monkeypatch)


def test_weights_that_never_age_would_be_noticed(monkeypatch) -> None:
    monkeypatch.setattr(index, "AGED", 1)
    with pytest.raises(AssertionError):
        test_weights_age_by_a_tenth()


def test_a_discard_that_forgets_the_place_would_be_noticed(monkeypatch) -> None:
    monkeypatch.setattr(Index, "discard", lambda self, key: self._places.pop(key, None))
    with pytest.raises(AssertionError):
        test_another_text_under_a_key_replaces_the_first()


# ---------------------------------------------------------------- real messages


def perturbed(text: str, draw: random.Random, others: str) -> str:
    """Change, leave out or put in 5 to 20 of 100 signs."""
    signs = list(text)
    for _ in range(max(1, round(len(text) * draw.uniform(0.05, 0.2)))):
        at = draw.randrange(len(signs))
        signs[at] = draw.choice(("", draw.choice(others), signs[at] + draw.choice(others)))
    return "".join(signs)


@pytest.mark.data
def test_changed_copies_of_real_messages_are_found() -> None:
    with (needs.data() / "text/messages_raw.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [" ".join(row["留言详情"].split()) for row in csv.DictReader(file)]
    texts = dict(enumerate(dict.fromkeys(text[:42] for text in rows if len(text) >= 30)))
    made = built(texts)
    draw = random.Random(3)
    others = "".join(texts.values())
    asked = draw.sample(sorted(texts), 400)
    hits = 0
    for key in asked:
        copy = perturbed(texts[key], draw, others)
        hits += made.nearest(copy, 1)[0].key == key
    assert hits >= 0.99 * len(asked), hits
    assert len(texts) > 1000


@given(st.dictionaries(st.integers(0, 9), TEXT, max_size=10), st.sets(st.integers(0, 12)), TEXT)
def test_among_some_keys_the_answer_is_that_of_all_without_the_others(
    texts: dict[int, str], keys: set[int], asked: str
) -> None:
    made = built(texts)
    wanted = [(row.key, row.likeness) for row in made.nearest(asked, 10) if row.key in keys]
    assert [(row.key, row.likeness) for row in made.nearest(asked, 10, among=keys)] == wanted
