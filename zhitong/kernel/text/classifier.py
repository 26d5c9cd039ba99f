"""Which label a text most likely has, with a calibrated probability; silence where that is not high enough.

A linear model over weighted runs of one to three signs. Using one needs NumPy only; `training` makes it.
A model is kept as plain arrays (no pickle): reading a file runs nothing.
"""

from __future__ import annotations

import json
import math
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from zhitong.kernel.text.clean import Cleaning
from zhitong.kernel.text.grams import BITS, MOST, grams
from zhitong.kernel.text.reasons import stretches

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
CLEAR = 0.2  # of what the weightiest run of two or three signs adds: less explains nothing
ARRAYS = ("codes", "rarity", "weights", "intercepts")


@dataclass(frozen=True, slots=True)
class Suggested:
    """A label, how likely it is right (0 to 1, calibrated), and the parts of the text that speak for it."""

    label: str
    probability: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What was learnt. `weights` is runs x labels; a threshold above 1 means: never suggest."""

    cleaning: Cleaning
    labels: tuple[str, ...]
    sizes: tuple[int, ...]
    codes: np.ndarray  # int64, ascending: the runs that count
    rarity: np.ndarray  # float32: their weights (idf)
    unknown: float  # the weight of a run that was not learnt: such runs make a text less like any label
    weights: np.ndarray  # float32
    intercepts: np.ndarray  # float32
    familiar: float  # least squared length of the learnt part of a text: of one below, nothing is said
    steepness: float  # what scores are multiplied by before they become probabilities
    threshold: float
    precision: float  # how often what is shown is right at least, on texts that were held out
    coverage: float  # of how many such texts something was shown, 0 to 1

    def probabilities(self, text: str) -> dict[str, float]:
        """Return how likely each label is, the likeliest first; empty where no run of the text was learnt."""
        return self._rank(*self._read(self.cleaning(text)))

    def suggest(self, text: str) -> Suggested | None:
        """Return the likeliest label if it is likely enough and the text is like those learnt, else None."""
        plain = self.cleaning(text)
        at, values = self._read(plain)
        chances = self._rank(at, values)
        if not chances or float(values @ values) < self.familiar:
            return None
        label, chance = next(iter(chances.items()))
        if chance < self.threshold:
            return None
        return Suggested(label, chance, stretches(plain, self._worth(at, values, label)))

    def _worth(self, at: np.ndarray, values: np.ndarray, label: str) -> dict[int, float]:
        """Return what clearly speaks for a label: runs that do so more than for the others, by how much."""
        weights = self.weights[at]
        worth = values * (weights[:, self.labels.index(label)] - weights.mean(axis=1))
        words = worth[self.codes[at] >> BITS > 0]
        clear = np.flatnonzero(worth > CLEAR * max(0.0, words.max(initial=0.0)))
        return dict(zip(self.codes[at[clear]].tolist(), worth[clear].tolist(), strict=True))

    def _rank(self, at: np.ndarray, values: np.ndarray) -> dict[str, float]:
        if not len(at):
            return {}
        chances = softmax(self.steepness * (values @ self.weights[at] + self.intercepts)[np.newaxis])[0]
        order = np.argsort(-chances, kind="stable")
        return {self.labels[place]: float(chances[place]) for place in order}

    def _read(self, plain: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the places of the learnt runs of a clean text with their values (a vector of length 1)."""
        codes, counts = grams(plain, self.sizes)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        known = self.codes[at] == codes
        values = (1 + np.log(counts)) * np.where(known, self.rarity[at], self.unknown)
        length = math.sqrt(float(values @ values)) or 1.0
        return at[known], values[known] / length

    def save(self, path: Path) -> None:
        """Write the model to a file (.npz)."""
        about = {
            "format": FORMAT,
            "labels": self.labels,
            "sizes": self.sizes,
            "cleaning": self.cleaning.dumps(),
            **{name: getattr(self, name) for name in NUMBERS},
        }
        text = json.dumps(about, ensure_ascii=False)
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                about=np.array(text),
                **{name: getattr(self, name) for name in ARRAYS},
                allow_pickle=False,
            )

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a model from a file; ValueError says what is wrong with it."""
        try:
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                about = json.loads(str(file["about"]))
                arrays = {name: file[name] for name in ARRAYS}
            kept = about.pop("format")
            cleaning = Cleaning.loads(about.pop("cleaning"))
            lists = {name: tuple(about.pop(name)) for name in ("labels", "sizes")}
            model = cls(
                cleaning=cleaning, **lists, **{name: float(about[name]) for name in NUMBERS}, **arrays
            )
        except (ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(f"{path.name} is no model of this program: {error}") from error
        if kept != FORMAT:
            raise ValueError(f"{path.name} has format {kept}, {FORMAT} is read: train it anew.")
        model.check()
        return model

    def check(self) -> None:
        """Raise ValueError where the parts do not fit together."""
        runs, labels = len(self.codes), len(self.labels)
        shapes = {
            "codes": (runs,), "rarity": (runs,), "weights": (runs, labels), "intercepts": (labels,)
        }  # fmt: skip
        faults = [name for name, shape in shapes.items() if getattr(self, name).shape != shape]
        faults += [
            name
            for name in ("rarity", "weights", "intercepts")
            if name not in faults and not np.isfinite(getattr(self, name)).all()
        ]
        if not runs or labels < len(("this", "that")) or len(set(self.labels)) != labels:
            faults.append("labels")
        if self.codes.dtype != np.int64 or not (np.diff(self.codes) > 0).all():
            faults.append("codes")
        if not self.sizes or not all(isinstance(size, int) and 0 < size <= MOST for size in self.sizes):
            faults.append("sizes")
        faults += [name for name in NUMBERS if not getattr(self, name) >= 0]
        if faults:
            raise ValueError(f"The model does not fit together: {', '.join(faults)}.")


NUMBERS = ("unknown", "familiar", "steepness", "threshold", "precision", "coverage")


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return probabilities of scores, row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
