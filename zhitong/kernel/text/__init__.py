"""Which texts are about the same matter: by pairs of signs they share; what one is about, by its words."""

from __future__ import annotations

from zhitong.kernel.text.lexicon import Lexicon, Scored, decided, rolled_up
from zhitong.kernel.text.similarity import Corpus, Near, pairs

__all__ = ["Corpus", "Lexicon", "Near", "Scored", "decided", "pairs", "rolled_up"]
