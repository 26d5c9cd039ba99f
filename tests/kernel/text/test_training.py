from __future__ import annotations

import csv
import json
import random
import tomllib
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.text.matters import KINDS, messages
from tests.support import needs
from tests.support.source import ROOT
from zhitong.kernel.text import Cleaning, Model, measures, training
from zhitong.kernel.text.classifier import softmax

TEXTS, LABELS = messages(600)
CLEANING = Cleaning.parse(tomllib.loads((ROOT / "data/texts/cleaning-1.toml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def model() -> Model:
    return training.train(TEXTS, LABELS, seed=3, precision=0.8, cleaning=CLEANING)


def test_it_suggests_with_a_probability_and_reasons(model: Model) -> None:
    found = model.suggest("车间最近停电，变压器影响生产")
    assert found.label == "power"
    assert model.threshold <= found.probability <= 1
    assert any("停电" in stretch for stretch in found.because)
    assert any("变压器" in stretch for stretch in found.because)
    chances = model.probabilities("续贷利息")
    assert next(iter(chances)) == "money"
    assert sum(chances.values()) == pytest.approx(1)
    assert list(chances.values()) == sorted(chances.values(), reverse=True)


@pytest.mark.parametrize(
    "text", ["", "谢谢", "Lorem ipsum dolor sit amet", "天", "诗词歌赋琴棋书画山水田园春花秋月"]
)
def test_it_is_silent_about_what_it_does_not_know(model: Model, text: str) -> None:
    assert model.suggest(text) is None


@given(st.lists(st.sampled_from([*TEXTS[:50], "停", "招工", "天地", "，", "abc"]), max_size=4).map("".join))
def test_below_the_threshold_it_is_silent(model: Model, text: str) -> None:
    chances = model.probabilities(text)
    found = model.suggest(text)
    if found is None:
        _, values = model._read(model.cleaning(text))
        assert max(chances.values(), default=0) < model.threshold or values @ values < model.familiar
    else:
        assert found.probability == max(chances.values()) >= model.threshold
        assert found.label == max(chances, key=chances.get)


def test_what_is_shown_of_new_texts_is_as_right_as_stated(model: Model) -> None:
    texts, labels = messages(600, seed=2)
    shown = [
        (found.label, label)
        for text, label in zip(texts, labels, strict=True)
        if (found := model.suggest(text))
    ]
    assert len(shown) > 300
    assert sum(found == label for found, label in shown) >= 0.8 * len(shown)
    assert model.coverage > 0.5


def test_the_stated_precision_decides_how_much_is_shown(model: Model) -> None:
    strict = training.train(TEXTS, LABELS, seed=3, precision=0.99, cleaning=CLEANING)
    assert strict.coverage < model.coverage
    assert strict.threshold > model.threshold


@settings(max_examples=4)
@given(st.integers(0, 2**31))
def test_a_seed_gives_one_model(seed: int) -> None:
    texts, labels = messages(120)
    first, second = (training.train(texts, labels, seed=seed) for _ in range(2))
    for name in ("codes", "rarity", "weights", "intercepts"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert (first.threshold, first.steepness, first.coverage) == (
        second.threshold,
        second.steepness,
        second.coverage,
    )


def test_too_few_texts_are_silence() -> None:
    texts, labels = messages(45, mixed=0)
    model = training.train(texts, labels, precision=0.95)
    assert model.threshold > 1
    assert model.coverage == 0
    assert all(model.suggest(text) is None for text in texts)


def test_two_labels_are_enough_and_one_is_not() -> None:
    rows = [(text, label) for text, label in zip(TEXTS, LABELS, strict=True) if label != "money"]
    model = training.train(*zip(*rows, strict=True), precision=0.8)
    assert model.labels == ("power", "staff")
    assert model.suggest("车间最近停电影响生产").label == "power"
    assert model.suggest("园区招工最近影响生产").label == "staff"
    with pytest.raises(ValueError, match="At least two labels"):
        training.train(["a", "b"] * 20, ["x"] * 40)
    with pytest.raises(ValueError, match="between 0 and 1"):
        training.train(TEXTS, LABELS, precision=95)
    with pytest.raises(ValueError, match="have 1 labels"):
        training.train(["a", "b"], ["x"])


def test_rare_labels_are_never_suggested_and_count_as_wrong() -> None:
    rare = [f"停电跳闸供电变压器{number}" for number in range(9)]
    report = training.evaluate([*TEXTS, *rare], [*LABELS, *["other"] * 9], cleaning=CLEANING)
    assert report.too_rare == {"other": 9}
    assert set(report.labels) == set(KINDS)
    assert report.accuracy < training.evaluate(TEXTS, LABELS, cleaning=CLEANING).accuracy


def test_a_text_is_read_in_use_as_it_was_in_learning(model: Model) -> None:
    rows = training._prepare(TEXTS, LABELS, CLEANING, 3, training.FOLDS)
    scores = training._fit(rows, np.ones(len(rows.known), bool), 3).scores
    distinct = training.distinct(TEXTS, LABELS, CLEANING)
    for (text, _), wanted in list(zip(distinct, softmax(model.steepness * scores), strict=True))[:50]:
        chances = model.probabilities(text)
        assert [chances[label] for label in rows.labels] == pytest.approx(list(wanted), abs=1e-4)


# ---------------------------------------------------------------- honest figures


def test_figures_stand_beside_trivial_ones() -> None:
    report = training.evaluate(TEXTS, LABELS, seed=1, cleaning=CLEANING)
    assert report.majority_f1 < 0.25
    assert report.majority_f1 < report.keywords_f1 <= report.macro_f1 + 0.05
    assert 0.8 < report.macro_f1 < 0.99, "one text in ten has the words of another kind"
    assert report.calibration_error < 0.1
    assert [row.target for row in report.shown] == list(training.TARGETS)


def test_labels_drawn_by_lot_are_not_learnt() -> None:
    draw = random.Random(4)
    report = training.evaluate(TEXTS, [draw.choice("abc") for _ in TEXTS], cleaning=CLEANING)
    assert report.macro_f1 < 0.45
    assert [row.precision for row in report.shown] == [None] * 3
    assert report.calibration_error < 0.12


def twice(texts: list[str]) -> list[str]:
    return [*texts, *[f"您好，{text}！谢谢" for text in texts]]


def test_duplicates_are_left_out_before_the_split() -> None:
    draw = random.Random(4)
    labels = [draw.choice("abc") for _ in TEXTS]
    report = training.evaluate(twice(TEXTS), [*labels, *labels], cleaning=CLEANING)
    assert report.texts == len({CLEANING(text) for text in TEXTS})
    assert report.duplicates == 2 * len(TEXTS) - report.texts
    assert report.macro_f1 < 0.45, "nothing can be learnt of labels drawn by lot"


def test_a_split_before_that_would_be_noticed(monkeypatch) -> None:
    """The same words on both sides are remembered, not learnt."""
    monkeypatch.setattr(
        training,
        "distinct",
        lambda texts, labels, cleaning: list(zip(map(cleaning, texts), labels, strict=True)),
    )
    with pytest.raises(AssertionError):
        test_duplicates_are_left_out_before_the_split()


def test_figures_of_texts_that_were_learnt_would_be_noticed(monkeypatch) -> None:
    everything = training._fit
    monkeypatch.setattr(training, "_fit", lambda rows, among, seed: everything(rows, among | True, seed))
    with pytest.raises(AssertionError):
        test_labels_drawn_by_lot_are_not_learnt()


def test_a_threshold_of_nothing_would_be_noticed(monkeypatch) -> None:
    monkeypatch.setattr(measures, "threshold", lambda *_: 0.0)
    with pytest.raises(AssertionError):
        test_too_few_texts_are_silence()


# ---------------------------------------------------------------- real messages


def real() -> tuple[list[str], list[str]]:
    csv.field_size_limit(10**7)
    with (needs.data() / "text/messages_train.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["text_segmented"], row["label"]) for row in csv.DictReader(file)]
    random.Random(7).shuffle(rows)
    texts, labels = zip(*rows, strict=True)
    return list(texts), list(labels)


@pytest.mark.data
@pytest.mark.exhaustive
def test_real_messages_are_learnt() -> None:
    texts, labels = real()
    report = training.evaluate(texts, labels, seed=1, cleaning=CLEANING)
    assert report.macro_f1 > 0.915
    assert report.majority_f1 < 0.06
    assert report.keywords_f1 < 0.75
    assert report.calibration_error < 0.03
    for row in report.shown:
        assert row.precision >= row.target - 0.003
    assert [row.coverage > least for row, least in zip(report.shown, (0.98, 0.85, 0.55), strict=True)] == [
        True
    ] * 3


@pytest.mark.data
def test_real_messages_that_were_held_out_are_as_right_as_stated() -> None:
    texts, labels = real()
    cut = 2000
    model = training.train(texts[:cut], labels[:cut], precision=0.95, cleaning=CLEANING, folds=3)
    rest = list(zip(texts[cut:], labels[cut:], strict=True))[:2000]
    shown = [(found.label, label) for text, label in rest if (found := model.suggest(text))]
    assert sum(found == label for found, label in shown) >= 0.94 * len(shown)
    assert len(shown) > 0.5 * len(rest)


# ---------------------------------------------------------------- the file


def test_a_model_is_the_same_from_its_file(model: Model, tmp_path) -> None:
    file = tmp_path / "model.npz"
    model.save(file)
    again = Model.load(file)
    assert again.cleaning == model.cleaning == CLEANING
    for text in [*TEXTS[:30], "", "没有见过的"]:
        assert again.suggest(text) == model.suggest(text)
        assert again.probabilities(text) == model.probabilities(text)
    assert (again.threshold, again.precision, again.coverage) == (model.threshold, 0.8, model.coverage)


def broken(model: Model, tmp_path, **changes: object):
    """Write a model with some parts replaced."""
    file = tmp_path / "model.npz"
    model.save(file)
    with np.load(file) as whole:
        parts = dict(whole)
    about = json.loads(str(parts["about"]))
    for name, value in changes.items():
        if name in about:
            about[name] = value
        else:
            parts[name] = value
    parts["about"] = np.array(json.dumps(about))
    np.savez(file, **{name: part for name, part in parts.items() if part is not None})
    return file


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"format": 2}, "train it anew"),
        ({"codes": None}, "no model of this program"),
        ({"codes": np.zeros(3, np.int64)}, "codes"),
        ({"labels": ["a", "a", "b"]}, "labels"),
        ({"labels": ["a", "b"]}, "weights"),
        ({"sizes": [7]}, "sizes"),
        ({"threshold": -1}, "threshold"),
        ({"steepness": float("nan")}, "steepness"),
        ({"intercepts": np.array([1, np.nan, 1])}, "intercepts"),
        ({"intercepts": np.array([{}], dtype=object)}, "Object arrays cannot be loaded"),
    ],
)
def test_a_file_that_is_no_whole_model_is_refused(model: Model, tmp_path, changes, says: str) -> None:
    file = broken(model, tmp_path, **changes)
    with pytest.raises(ValueError, match=says):
        Model.load(file)


def test_other_files_are_refused(tmp_path) -> None:
    file = tmp_path / "model.npz"
    for content in (b"", b"PK\x03\x04 not a whole one", b"\x80\x04K\x01."):
        file.write_bytes(content)
        with warnings.catch_warnings(), pytest.raises(ValueError):
            Model.load(file)
