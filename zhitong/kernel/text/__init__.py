"""Which texts are about the same matter: by the pairs of signs they share."""

from __future__ import annotations

from zhitong.kernel.text.similarity import Corpus, Near, pairs

__all__ = ["Corpus", "Near", "pairs"]
