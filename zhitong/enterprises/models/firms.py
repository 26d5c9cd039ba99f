"""A firm, its names, what it does and makes, and what it belongs to."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.enterprises.words import Listing, RelationKind, Scale, SizeClass
from zhitong.orgs.models import Department

WHOLE = 10_000  # a share of one, in basis points


class Enterprise(models.Model):
    """A firm by its unified social credit code (GB 32100-2015)."""

    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    region = models.CharField(max_length=12)
    street = models.CharField(max_length=9, blank=True)  # town or street, its code of nine digits
    park = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="firms_in_park"
    )
    address = models.CharField(max_length=200, blank=True)
    # Main activity by GB/T 4754 with its letter; empty where it is not known.
    activity = models.CharField(max_length=5, blank=True)
    founded_on = models.DateField(null=True, blank=True)
    capital = models.BigIntegerField(null=True, blank=True)  # registered, in whole fen
    listing = models.CharField(max_length=10, blank=True, choices=Listing.choices)
    stock_code = models.CharField(max_length=12, blank=True)
    # What the facts of the year `sized_for` say; remembered here because lists are narrowed by it.
    size = models.CharField(max_length=15, choices=SizeClass.choices, default=SizeClass.UNKNOWN)
    scale = models.CharField(max_length=10, choices=Scale.choices, default=Scale.UNKNOWN)
    sized_for = models.CharField(max_length=7, blank=True)
    quiet_until = models.DateField(null=True, blank=True)  # the firm asks not to be visited until then
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_here"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["region", "id"], name="firms_by_region"),
            models.Index(fields=["street", "id"], name="firms_by_street"),
            models.Index(fields=["activity", "id"], name="firms_by_activity"),
            models.Index(fields=["size", "id"], name="firms_by_size"),
            models.Index(fields=["scale", "id"], name="firms_by_scale"),
            models.Index(fields=["name"], name="firms_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capital__isnull=True) | models.Q(capital__gte=0),
                name="capital_is_no_debt",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="no_firm_is_merged_into_itself",
            ),
            models.CheckConstraint(condition=models.Q(size__in=SizeClass.values), name="size_known"),
            models.CheckConstraint(condition=models.Q(scale__in=Scale.values), name="scale_known"),
            models.CheckConstraint(
                condition=models.Q(listing__in=["", *Listing.values])
                & (models.Q(stock_code="") | ~models.Q(listing="")),
                name="a_stock_code_has_its_exchange",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """A name that a firm had until a day."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=120)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-until", "-id"]

    def __str__(self) -> str:
        return self.name


class FurtherActivity(models.Model):
    """What a firm does besides its main activity, by GB/T 4754."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="further_activities")
    activity = models.CharField(max_length=5)

    class Meta:
        ordering = ["enterprise", "activity"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "activity"], name="an_activity_stands_once")
        ]

    def __str__(self) -> str:
        return self.activity


class Product(models.Model):
    """A product that stands for a firm; the leading one bears most of its revenue."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=60)
    leading = models.BooleanField(default=False)

    class Meta:
        ordering = ["enterprise", "-leading", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="a_product_stands_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word by which the office finds firms again."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="tags")
    text = models.CharField(max_length=20)

    class Meta:
        ordering = ["enterprise", "text"]
        indexes = [models.Index(fields=["text", "enterprise"], name="firms_by_tag")]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "text"], name="a_tag_stands_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="a_tag_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class Relation(models.Model):
    """That a firm hangs on another one, by whom it is said, and how much of it the other holds."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=10, choices=RelationKind.choices)
    share = models.PositiveSmallIntegerField(null=True, blank=True)  # basis points of one hundred percent
    source = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enterprise", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "parent"],
                condition=models.Q(until__isnull=True),
                name="two_firms_are_related_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(enterprise=models.F("parent")), name="no_firm_is_its_own_parent"
            ),
            models.CheckConstraint(
                condition=models.Q(share__isnull=True) | models.Q(share__range=(1, WHOLE)),
                name="a_share_is_part_of_the_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind} {self.parent_id}"


class Merge(models.Model):
    """That two entries were found to be one firm, and whether they were split again."""

    kept = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="merges")
    dropped = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="merged")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    split_at = models.DateTimeField(null=True, blank=True)
    split_reason = models.CharField(max_length=200, blank=True)
    split_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dropped"],
                condition=models.Q(split_at__isnull=True),
                name="a_firm_is_merged_once",
            ),
            models.CheckConstraint(
                condition=models.Q(split_at__isnull=True, split_by__isnull=True)
                | models.Q(split_at__isnull=False, split_by__isnull=False),
                name="a_split_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dropped_id} -> {self.kept_id}"
