"""What a firm holds: titles, intellectual property, standards; and on which lists it stands."""

from __future__ import annotations

from django.db import models

from zhitong.enterprises.models.firms import Enterprise
from zhitong.enterprises.words import CreditList, CreditState, PatentKind, StandardLevel, StandardRole


class Title(models.Model):
    """A title that a firm was given; kinds and levels stand in `data/titles`."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="titles")
    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=40, blank=True)
    granted_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["enterprise", "-granted_on", "id"]
        indexes = [
            # With the days, so that who holds a title now is read from the index alone.
            models.Index(
                fields=["kind", "enterprise", "granted_on", "expires_on", "withdrawn_on"],
                name="firms_by_title_held",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "granted_on"], name="a_title_is_given_once"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True) | models.Q(expires_on__gt=models.F("granted_on")),
                name="a_title_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True)
                | models.Q(withdrawn_on__gte=models.F("granted_on")),
                name="a_title_is_withdrawn_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind} {self.granted_on}"


class Patent(models.Model):
    """Intellectual property; what was bought in counts less than what was made (`acquired_on`)."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="patents")
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=PatentKind.choices)
    name = models.CharField(max_length=120)
    granted_on = models.DateField()
    acquired_on = models.DateField(null=True, blank=True)
    lapsed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["enterprise", "-granted_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "number"], name="a_patent_stands_once"),
            models.CheckConstraint(condition=models.Q(kind__in=PatentKind.values), name="patent_kind_known"),
            models.CheckConstraint(
                condition=models.Q(lapsed_on__isnull=True) | models.Q(lapsed_on__gte=models.F("granted_on")),
                name="a_patent_lapses_after_its_grant",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Standard(models.Model):
    """A standard that a firm helped to write."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="standards")
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=15, choices=StandardLevel.choices)
    role = models.CharField(max_length=10, choices=StandardRole.choices)
    published_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["enterprise", "-published_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "number"], name="a_standard_stands_once"),
            models.CheckConstraint(
                condition=models.Q(level__in=StandardLevel.values, role__in=StandardRole.values),
                name="standard_level_and_role_known",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CreditMark(models.Model):
    """What a look into a public list found about a firm; a newer look replaces the older."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="credit_marks")
    list = models.CharField(max_length=10, choices=CreditList.choices)
    state = models.CharField(max_length=8, choices=CreditState.choices)
    since = models.DateField(null=True, blank=True)
    checked_on = models.DateField()
    source = models.CharField(max_length=120)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enterprise", "list", "-checked_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "list"],
                condition=models.Q(replaced_at__isnull=True),
                name="a_list_says_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(list__in=CreditList.values, state__in=CreditState.values),
                name="credit_list_and_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(since__isnull=True) | models.Q(since__lte=models.F("checked_on")),
                name="listed_before_it_was_seen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.list} {self.state}"
