"""Texts: cleaned in one way, which are alike, which label one has, what one is about, what names somebody.

Learning labels is `zhitong.kernel.text.training`; it needs the extra `train` and is not imported here.
"""

from __future__ import annotations

from zhitong.kernel.text.classifier import Model, Suggested
from zhitong.kernel.text.clean import PLAIN, Cleaning
from zhitong.kernel.text.index import Index, Similar
from zhitong.kernel.text.lexicon import Lexicon, Scored, decided, rolled_up
from zhitong.kernel.text.recognising import Recognised, Recogniser
from zhitong.kernel.text.similarity import Corpus, Near, pairs

__all__ = [
    "PLAIN",
    "Cleaning",
    "Corpus",
    "Index",
    "Lexicon",
    "Model",
    "Near",
    "Recognised",
    "Recogniser",
    "Scored",
    "Similar",
    "Suggested",
    "decided",
    "pairs",
    "rolled_up",
]
