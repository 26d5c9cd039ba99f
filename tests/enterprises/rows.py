"""Sound and broken rows of the register, for the test of every constraint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import models

from tests.support.office import NOW, Office
from zhitong.enterprises import models as firms

HOUR, DAY = timedelta(hours=1), date(2026, 1, 5)
Make = Callable[[Office], dict[str, Any]]

SOUND: dict[str, Make] = {
    "enterprises.apitoken": lambda _: {"digest": "another"},
    "enterprises.consent": lambda _: {"version": 2},
    "enterprises.contact": lambda _: {},
    "enterprises.contactcount": lambda _: {"stretch": "2026-07"},
    "enterprises.contactperson": lambda _: {"phone_index": "another"},
    "enterprises.creditmark": lambda _: {"list": "dishonest"},
    "enterprises.enterprise": lambda _: {"code": "91350102MA0TEXT12D"},
    "enterprises.fact": lambda _: {"period": "2024"},
    "enterprises.furtheractivity": lambda _: {"activity": "C3969"},
    "enterprises.importbatch": lambda _: {},
    "enterprises.importchange": lambda _: {"line": 99},
    "enterprises.importmapping": lambda _: {"source": "another"},
    "enterprises.importrefusal": lambda _: {"line": 99},
    "enterprises.invitation": lambda _: {"digest": "another"},
    "enterprises.likelytwin": lambda office: {
        "second": firms.Enterprise.objects.create(
            code="third", name="third", region="350111", created_at=NOW
        ),
        "first": office.firms["a"],
    },
    "enterprises.membership": lambda office: {"user": office.users["handler"]},
    "enterprises.merge": lambda office: {"dropped": office.firms["a"], "kept": office.firms["b"]},
    "enterprises.patent": lambda _: {"number": "another"},
    "enterprises.product": lambda _: {"name": "another"},
    "enterprises.relation": lambda office: {"enterprise": office.firms["b"], "parent": office.firms["a"]},
    "enterprises.sponsorship": lambda office: {"user": office.users["worker"], "duty": "team"},
    "enterprises.standard": lambda _: {"number": "another"},
    "enterprises.tag": lambda _: {"text": "another"},
    "enterprises.title": lambda _: {"kind": "srdi"},
}
BROKEN: dict[str, list[Make]] = {
    "enterprises.apitoken.digest": [],
    "enterprises.apitoken.a_key_ends_after_it_began": [lambda _: {"expires_at": NOW}],
    "enterprises.consent.consent_is_given_once": [],
    "enterprises.contact.contact_kind_and_state_known": [
        lambda _: {"kind": "raid"},
        lambda _: {"state": "forgotten"},
    ],
    "enterprises.contact.a_contact_has_a_reason": [lambda _: {"reason": ""}],
    "enterprises.contact.no_contact_joins_itself": [lambda _: {"id": 10**6, "joined": 10**6}],
    "enterprises.contactcount.one_counter_a_stretch": [],
    "enterprises.contactperson.a_number_stands_once_in_a_firm": [],
    "enterprises.contactperson.a_number_is_whole_or_absent": [
        lambda _: {"phone_sealed": ""},
        lambda _: {"phone_index": ""},
        lambda _: {"phone_mask": ""},
    ],
    "enterprises.contactperson.erased_is_erased": [
        lambda _: {"erased_at": NOW},
        lambda _: {"erased_at": NOW, "until": NOW},
        lambda _: {"erased_at": NOW, "phone_sealed": "", "phone_index": "", "phone_mask": ""},
    ],
    "enterprises.creditmark.a_list_says_one_thing": [],
    "enterprises.creditmark.credit_list_and_state_known": [
        lambda _: {"list": "black"},
        lambda _: {"state": "maybe"},
    ],
    "enterprises.creditmark.listed_before_it_was_seen": [lambda _: {"since": DAY + timedelta(days=1)}],
    "enterprises.enterprise.code": [],
    "enterprises.enterprise.capital_is_no_debt": [lambda _: {"capital": -1}],
    "enterprises.enterprise.no_firm_is_merged_into_itself": [lambda _: {"id": 10**6, "merged_into": 10**6}],
    "enterprises.enterprise.size_known": [lambda _: {"size": "giant"}],
    "enterprises.enterprise.scale_known": [lambda _: {"scale": "wide"}],
    "enterprises.enterprise.a_stock_code_has_its_exchange": [
        lambda _: {"stock_code": "600000"},
        lambda _: {"listing": "nyse"},
    ],
    "enterprises.fact.a_source_says_one_thing": [],
    "enterprises.fact.a_known_fact_has_a_value": [
        lambda _: {"value": None},
        lambda _: {"state": "not_applicable"},
        lambda _: {"state": "expired", "value": None},
    ],
    "enterprises.fact.a_confirmation_has_its_person": [
        lambda _: {"confirmed_at": NOW},
        lambda office: {"confirmed_by": office.users["head"]},
    ],
    "enterprises.furtheractivity.an_activity_stands_once": [],
    "enterprises.importbatch.import_state_known": [lambda _: {"state": "lost"}],
    "enterprises.importchange.a_row_acts_once": [],
    "enterprises.importmapping.source": [],
    "enterprises.importrefusal.a_row_is_refused_once": [],
    "enterprises.invitation.digest": [],
    "enterprises.invitation.an_invitation_has_a_firm_role": [lambda _: {"role": "handler"}],
    "enterprises.invitation.an_invitation_is_used_by_somebody": [
        lambda _: {"used_at": NOW},
        lambda office: {"used_by": office.users["head"]},
        lambda office: {"used_at": NOW, "used_by": office.users["head"], "withdrawn_at": NOW},
    ],
    "enterprises.likelytwin.two_firms_are_compared_once": [
        lambda office: {"first": office.firms["a"], "second": office.firms["b"]}
    ],
    "enterprises.likelytwin.twins_stand_in_order": [
        lambda office: {"first": office.firms["b"], "second": office.firms["a"]}
    ],
    "enterprises.likelytwin.twin_state_known": [lambda _: {"state": "maybe"}],
    "enterprises.likelytwin.likeness_in_percent": [lambda _: {"likeness": 101}],
    "enterprises.membership.a_seat_is_held_once": [],
    "enterprises.membership.a_seat_has_a_firm_role": [lambda _: {"role": "handler"}],
    "enterprises.merge.a_firm_is_merged_once": [lambda office: {"dropped": office.firms["b"]}],
    "enterprises.merge.a_split_has_its_person": [
        lambda _: {"split_at": NOW},
        lambda office: {"split_by": office.users["head"]},
    ],
    "enterprises.patent.a_patent_stands_once": [],
    "enterprises.patent.patent_kind_known": [lambda _: {"kind": "idea"}],
    "enterprises.patent.a_patent_lapses_after_its_grant": [lambda _: {"lapsed_on": DAY - timedelta(days=1)}],
    "enterprises.product.a_product_stands_once": [],
    "enterprises.relation.two_firms_are_related_once": [
        lambda office: {"enterprise": office.firms["a"], "parent": office.firms["b"]}
    ],
    "enterprises.relation.no_firm_is_its_own_parent": [
        lambda office: {"enterprise": office.firms["a"], "parent": office.firms["a"]}
    ],
    "enterprises.relation.a_share_is_part_of_the_whole": [
        lambda _: {"share": 0},
        lambda _: {"share": 10_001},
    ],
    "enterprises.sponsorship.a_duty_is_held_once": [
        lambda office: {"user": office.users["handler"], "duty": "cadre"}
    ],
    "enterprises.sponsorship.a_firm_has_one_leader": [lambda _: {"duty": "leader"}],
    "enterprises.sponsorship.a_duty_is_known": [lambda _: {"duty": "friend"}],
    "enterprises.standard.a_standard_stands_once": [],
    "enterprises.standard.standard_level_and_role_known": [
        lambda _: {"level": "cosmic"},
        lambda _: {"role": "reads"},
    ],
    "enterprises.tag.a_tag_stands_once": [],
    "enterprises.tag.a_tag_says_something": [lambda _: {"text": ""}],
    "enterprises.title.a_title_is_given_once": [lambda _: {"kind": "giant"}],
    "enterprises.title.a_title_ends_after_it_began": [lambda _: {"expires_on": DAY}],
    "enterprises.title.a_title_is_withdrawn_after_it_began": [
        lambda _: {"withdrawn_on": DAY - timedelta(days=1)}
    ],
}


def rows(office: Office) -> list[models.Model]:
    """One sound row of each model of the register that has a constraint."""
    a, b, users, units = office.firms["a"], office.firms["b"], office.users, office.units
    batch = firms.ImportBatch.objects.create(
        source="s", file_name="f", sha256="0", table="t", made_at=NOW, heading={}, columns={}
    )
    number = {"phone_sealed": "x", "phone_index": "y", "phone_mask": "z"}
    firms.Sponsorship.objects.create(enterprise=a, duty="leader", user=users["leader"], since=NOW)
    return [
        a,
        users["firm_a"].memberships.get(),
        batch,
        firms.Fact.objects.create(
            enterprise=a, kind="revenue", period="2025", state="known", value=1, source="tax", stated_at=NOW
        ),
        firms.ApiToken.objects.create(
            name="p", hint="zt_", digest="d", made_at=NOW, made_by=users["sysadmin"], expires_at=NOW + HOUR
        ),
        firms.Consent.objects.create(user=users["firm_a"], version=1, given_at=NOW),
        firms.Contact.objects.create(
            enterprise=a,
            kind="visit",
            state="done",
            department=units["city"],
            day=DAY,
            reason="why",
            recorded_at=NOW,
        ),
        firms.ContactCount.objects.create(enterprise=a, cap="visit-month", stretch="2026-06"),
        firms.ContactPerson.objects.create(enterprise=a, name="n", source="firm", since=NOW, **number),
        firms.CreditMark.objects.create(
            enterprise=a, list="abnormal", state="clear", checked_on=DAY, source="s"
        ),
        firms.FurtherActivity.objects.create(enterprise=a, activity="C3985"),
        firms.ImportChange.objects.create(batch=batch, enterprise=a.pk, line=2, version=1),
        firms.ImportMapping.objects.create(source="s", columns={}, used_at=NOW),
        firms.ImportRefusal.objects.create(batch=batch, line=2, msgid="m", cells=[]),
        firms.Invitation.objects.create(
            enterprise=a,
            role="firm_member",
            digest="d",
            made_at=NOW,
            made_by=users["firm_a"],
            expires_at=NOW + HOUR,
        ),
        firms.LikelyTwin.objects.create(first=a, second=b, likeness=90, found_at=NOW),
        firms.Merge.objects.create(kept=a, dropped=b, reason="r", at=NOW, by_user=users["dispatcher"]),
        firms.Patent.objects.create(enterprise=a, number="1", kind="invention", name="n", granted_on=DAY),
        firms.Product.objects.create(enterprise=a, name="n"),
        firms.Relation.objects.create(enterprise=a, parent=b, kind="controlled", since=NOW),
        firms.Sponsorship.objects.create(enterprise=a, duty="cadre", user=users["handler"], since=NOW),
        firms.Standard.objects.create(enterprise=a, number="1", name="n", level="national", role="leads"),
        firms.Tag.objects.create(enterprise=a, text="t"),
        firms.Title.objects.create(enterprise=a, kind="giant", granted_on=DAY, recorded_at=NOW),
    ]
