"""Texts: cleaned in one way, which are about the same matter, which label one has most likely.

Learning labels is `zhitong.kernel.text.training`; it needs the extra `train` and is not imported here.
"""

from __future__ import annotations

from zhitong.kernel.text.classifier import Model, Suggested
from zhitong.kernel.text.clean import PLAIN, Cleaning
from zhitong.kernel.text.index import Index, Similar
from zhitong.kernel.text.similarity import Corpus, Near, pairs

__all__ = ["PLAIN", "Cleaning", "Corpus", "Index", "Model", "Near", "Similar", "Suggested", "pairs"]
