"""Learning labels from texts that have one, and saying honestly how good that is. Needs the extra `train`.

All figures come from texts that a model did not learn from: texts are dealt into folds, each fold is asked of
a model learnt from the others, and its probabilities and threshold come from the answers of the other folds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from zhitong.kernel.text import measures
from zhitong.kernel.text.baselines import Baseline, keywords, majority
from zhitong.kernel.text.classifier import Model, softmax
from zhitong.kernel.text.clean import PLAIN, Cleaning
from zhitong.kernel.text.grams import BITS, grams

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = (1, 2, 3)
FOLDS = 5
FEWEST = 10  # texts from which on a label is learnt
COMMON = 2  # texts that a run has to stand in
LOOSENESS = 3.0  # of the margin: how much a single text may pull (C)
ROUNDS = 5_000
STRANGE = 0.01  # of the texts, those that share the least with what was learnt: nothing is said of such ones
TINY = 1e-9
TARGETS = (0.90, 0.95, 0.98)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown at a stated precision: how much of it was right, and of how many texts anything was."""

    target: float
    precision: float | None  # None where nothing was shown
    coverage: float


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of texts that were held out. F1 is the mean over labels, `spread` the folds' deviation."""

    texts: int
    duplicates: int  # left out before the split
    labels: dict[str, int]
    too_rare: dict[str, int]  # labels with too few texts: never suggested, counted as wrong
    macro_f1: float
    spread: float
    accuracy: float
    majority_f1: float
    keywords_f1: float
    calibration_error: float
    shown: tuple[Shown, ...]


@dataclass(slots=True)
class _Set:
    """Texts without duplicates as counted runs; `known` is the label's place among those learnt, else -1."""

    given: list[str]  # the label of each text
    labels: tuple[str, ...]  # those learnt
    known: np.ndarray
    codes: np.ndarray
    damped: sparse.csr_matrix  # texts x runs
    duplicates: int
    folds: np.ndarray  # which fold a text is dealt into


@dataclass(slots=True)
class _Learnt:
    kept: np.ndarray
    rarity: np.ndarray
    unknown: float
    weights: np.ndarray
    intercepts: np.ndarray
    scores: np.ndarray  # of all texts of the set
    familiar: np.ndarray  # squared length of the learnt part of each


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    seed: int = 0,
    precision: float = 0.95,
    cleaning: Cleaning = PLAIN,
    folds: int = FOLDS,
) -> Model:
    """Learn from texts with their labels; the same seed gives the same model.

    The threshold is the lowest probability from which on at least `precision` of what is shown is right, with
    95 in 100 certainty, on folds that were held out; with too few texts for that the model stays silent.
    Labels of fewer than ten texts are not learnt. ValueError where fewer than two labels are left.
    """
    if not 0 < precision < 1:
        raise ValueError("The precision has to lie between 0 and 1.")
    rows = _prepare(texts, labels, cleaning, seed, folds)
    held_out = _held_out(rows, seed)
    everything = np.ones(len(rows.known), bool)
    limits = _Limits.of(rows, held_out, everything)
    best = limits.chances(held_out, everything)
    least = measures.threshold(best, held_out.right(rows), precision)
    learnt = _fit(rows, everything, seed)
    return Model(
        cleaning=cleaning,
        labels=rows.labels,
        sizes=SIZES,
        codes=rows.codes[learnt.kept],
        rarity=learnt.rarity.astype(np.float32),
        unknown=learnt.unknown,
        weights=learnt.weights.astype(np.float32),
        intercepts=learnt.intercepts.astype(np.float32),
        familiar=limits.familiar,
        steepness=limits.steepness,
        threshold=max(least, TINY),
        precision=precision,
        coverage=float((best >= max(least, TINY)).mean()),
    )


def evaluate(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    seed: int = 0,
    cleaning: Cleaning = PLAIN,
    folds: int = FOLDS,
) -> Report:
    """Say how good `train` would be with these texts, beside the most frequent label and plain key words."""
    rows = _prepare(texts, labels, cleaning, seed, folds)
    held_out = _held_out(rows, seed)
    found, right = held_out.found(), held_out.right(rows)
    by_fold = [
        measures.macro_f1(rows.known[rows.folds == fold], found[rows.folds == fold]) for fold in range(folds)
    ]
    held = Counter(rows.given)
    return Report(
        texts=len(rows.known),
        duplicates=rows.duplicates,
        labels={name: held[name] for name in rows.labels},
        too_rare={name: held[name] for name in sorted(held) if name not in rows.labels},
        macro_f1=float(np.mean(by_fold)),
        spread=float(np.std(by_fold)),
        accuracy=float(right.mean()),
        majority_f1=_by_folds(rows, majority),
        keywords_f1=_by_folds(rows, keywords),
        calibration_error=_calibration_error(rows, held_out),
        shown=tuple(_shown(rows, held_out, target) for target in TARGETS),
    )


def _prepare(texts: Sequence[str], labels: Sequence[str], cleaning: Cleaning, seed: int, folds: int) -> _Set:
    """Clean and count the texts, choose the labels that are learnt, deal into folds."""
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts have {len(labels)} labels.")
    rows = distinct(texts, labels, cleaning)
    given = [label for _, label in rows]
    held = Counter(given)
    learnt = tuple(sorted(name for name, count in held.items() if count >= max(FEWEST, folds)))
    if len(learnt) < len(("this", "that")):
        raise ValueError(f"At least two labels need {max(FEWEST, folds)} different texts each.")
    place = {name: number for number, name in enumerate(learnt)}
    codes, damped = _count([text for text, _ in rows])
    return _Set(
        given, learnt, np.array([place.get(name, -1) for name in given]), codes, damped,
        len(texts) - len(given), _deal(given, seed, folds),
    )  # fmt: skip


def distinct(texts: Sequence[str], labels: Sequence[str], cleaning: Cleaning) -> list[tuple[str, str]]:
    """Return cleaned texts with their labels; of those that are the same the first stays, empty ones go."""
    first: dict[str, str] = {}
    for text, label in zip(texts, labels, strict=True):
        first.setdefault(cleaning(text), label)
    first.pop("", None)
    return list(first.items())


def _count(texts: Sequence[str]) -> tuple[np.ndarray, sparse.csr_matrix]:
    counted = [grams(text, SIZES) for text in texts]
    starts = np.cumsum([0, *(len(codes) for codes, _ in counted)])
    codes, columns = np.unique(np.concatenate([codes for codes, _ in counted]), return_inverse=True)
    values = 1 + np.log(np.concatenate([counts for _, counts in counted]))
    return codes, sparse.csr_matrix((values, columns, starts), shape=(len(texts), len(codes)))


def _deal(given: Sequence[str], seed: int, folds: int) -> np.ndarray:
    """Deal the texts of each label into folds, one after the other in a drawn order."""
    draw = np.random.default_rng(seed)
    order = draw.permutation(len(given))
    order = order[np.argsort(np.array(given)[order], kind="stable")]
    dealt = np.empty(len(given), int)
    dealt[order] = np.arange(len(given)) % folds
    return dealt


def _fit(rows: _Set, among: np.ndarray, seed: int) -> _Learnt:
    """Learn from some of the texts and score all of them."""
    among = among & (rows.known >= 0)
    size = int(among.sum())
    held = np.bincount(rows.damped[among].indices, minlength=len(rows.codes))
    rarity = np.log((1 + size) / np.maximum(held, 1)) + 1
    kept = held >= COMMON
    unknown = float(np.log(1 + size) + 1)
    # Runs that are not learnt make a text longer, so it is less like any label; they are weighed as in use.
    everything = rows.damped @ sparse.diags_array(np.where(kept, rarity, unknown))
    lengths = np.sqrt(np.asarray(everything.multiply(everything).sum(axis=1)).ravel())
    vectors = (sparse.diags_array(1 / lengths) @ everything).tocsr()[:, kept]
    familiar = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    machine = LinearSVC(C=LOOSENESS, random_state=seed, max_iter=ROUNDS)
    machine.fit(vectors[among], rows.known[among])
    weights, intercepts = machine.coef_.T, machine.intercept_
    if len(rows.labels) == len(("this", "that")):  # one row says how far a text is on the second label's side
        weights, intercepts = np.hstack([-weights, weights]), np.concatenate([-intercepts, intercepts])
    return _Learnt(kept, rarity[kept], unknown, weights, intercepts, vectors @ weights + intercepts, familiar)


@dataclass(slots=True)
class _HeldOut:
    """What models learnt without a text's fold say of it."""

    scores: np.ndarray  # texts x labels
    familiar: np.ndarray

    def found(self) -> np.ndarray:
        return self.scores.argmax(axis=1)

    def right(self, rows: _Set) -> np.ndarray:
        return self.found() == rows.known


@dataclass(slots=True)
class _Limits:
    """What turns scores into what is shown, taken from some texts and used on others."""

    steepness: float
    familiar: float

    @classmethod
    def of(cls, rows: _Set, held_out: _HeldOut, among: np.ndarray) -> _Limits:
        return cls(
            measures.steepness(held_out.scores[among], rows.known[among]),
            float(np.quantile(held_out.familiar[among], STRANGE)),
        )

    def chances(self, held_out: _HeldOut, among: np.ndarray) -> np.ndarray:
        """Return how likely the likeliest label is; 0 for a text that is too strange."""
        best = softmax(self.steepness * held_out.scores[among]).max(axis=1)
        return np.where(held_out.familiar[among] < self.familiar, 0.0, best)


def _held_out(rows: _Set, seed: int) -> _HeldOut:
    held_out = _HeldOut(np.zeros((len(rows.known), len(rows.labels))), np.zeros(len(rows.known)))
    for fold in np.unique(rows.folds):
        asked = rows.folds == fold
        learnt = _fit(rows, ~asked, seed)
        held_out.scores[asked] = learnt.scores[asked]
        held_out.familiar[asked] = learnt.familiar[asked]
    return held_out


def _calibration_error(rows: _Set, held_out: _HeldOut) -> float:
    """Return the error of each fold's probabilities under the steepness of the others, all folds together."""
    chances = np.zeros(len(rows.known))
    for fold in np.unique(rows.folds):
        asked = rows.folds == fold
        steep = measures.steepness(held_out.scores[~asked], rows.known[~asked])
        chances[asked] = softmax(steep * held_out.scores[asked]).max(axis=1)
    return measures.calibration_error(chances, held_out.right(rows))


def _shown(rows: _Set, held_out: _HeldOut, target: float) -> Shown:
    """Say what is shown with limits and threshold of the other folds, and how much of it is right."""
    right = held_out.right(rows)
    shown = np.zeros(len(right), bool)
    for fold in np.unique(rows.folds):
        asked = rows.folds == fold
        limits = _Limits.of(rows, held_out, ~asked)
        least = measures.threshold(limits.chances(held_out, ~asked), right[~asked], target)
        # A threshold of 0 would show what is too strange.
        shown[asked] = limits.chances(held_out, asked) >= max(least, TINY)
    return Shown(target, float(right[shown].mean()) if shown.any() else None, float(shown.mean()))


def _by_folds(rows: _Set, baseline: Baseline) -> float:
    """Return the mean F1 of a baseline that is given runs (0 or 1) and labels of the other folds."""
    pairs = np.flatnonzero((rows.codes >> BITS > 0) & (rows.codes >> 2 * BITS == 0))
    there = (rows.damped[:, pairs] > 0).astype(np.float64).tocsr()
    scores = []
    for fold in np.unique(rows.folds):
        asked = rows.folds == fold
        known = ~asked & (rows.known >= 0)
        found = baseline(there[known], rows.known[known], there[asked])
        scores.append(measures.macro_f1(rows.known[asked], found))
    return float(np.mean(scores))
