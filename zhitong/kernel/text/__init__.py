"""Texts: cleaned in one way, which are alike or about one matter, which label one has, what names somebody.

Learning labels is `zhitong.kernel.text.training`; it needs the extra `train` and is not imported here.
"""

from __future__ import annotations

from zhitong.kernel.text.blocks import Message, Rules
from zhitong.kernel.text.classifier import Model, Suggested
from zhitong.kernel.text.clean import PLAIN, Cleaning
from zhitong.kernel.text.common import Group, Known, Newcomer, groups, newcomers
from zhitong.kernel.text.entities import Entity, Gazetteer, entities
from zhitong.kernel.text.index import Index, Similar
from zhitong.kernel.text.lexicon import Lexicon, Scored, decided, rolled_up
from zhitong.kernel.text.recognising import Recognised, Recogniser
from zhitong.kernel.text.similarity import Corpus, Near, pairs

__all__ = [
    "PLAIN",
    "Cleaning",
    "Corpus",
    "Entity",
    "Gazetteer",
    "Group",
    "Index",
    "Known",
    "Lexicon",
    "Message",
    "Model",
    "Near",
    "Newcomer",
    "Recognised",
    "Recogniser",
    "Rules",
    "Scored",
    "Similar",
    "Suggested",
    "decided",
    "entities",
    "groups",
    "newcomers",
    "pairs",
    "rolled_up",
]
