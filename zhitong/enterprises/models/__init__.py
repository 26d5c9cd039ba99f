"""Firms, their facts, holdings and people, and how the office deals with them."""

from __future__ import annotations

from zhitong.enterprises.models.contacts import Contact, ContactCount
from zhitong.enterprises.models.exchange import ApiToken, EnterpriseChange
from zhitong.enterprises.models.facts import Fact
from zhitong.enterprises.models.firms import (
    Enterprise,
    FormerName,
    FurtherActivity,
    Merge,
    Product,
    Relation,
    Tag,
)
from zhitong.enterprises.models.holdings import CreditMark, Patent, Standard, Title
from zhitong.enterprises.models.imports import (
    ImportBatch,
    ImportChange,
    ImportMapping,
    ImportRefusal,
    LikelyTwin,
)
from zhitong.enterprises.models.people import Consent, ContactPerson, Invitation, Membership, Sponsorship

__all__ = [
    "ApiToken",
    "Consent",
    "Contact",
    "ContactCount",
    "ContactPerson",
    "CreditMark",
    "Enterprise",
    "EnterpriseChange",
    "Fact",
    "FormerName",
    "FurtherActivity",
    "ImportBatch",
    "ImportChange",
    "ImportMapping",
    "ImportRefusal",
    "Invitation",
    "LikelyTwin",
    "Membership",
    "Merge",
    "Patent",
    "Product",
    "Relation",
    "Sponsorship",
    "Standard",
    "Tag",
    "Title",
]
