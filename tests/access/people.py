"""The people of the access table: who they are, whose side they stand on, which tokens they may meet.

A person is named `role:relation`. The relation is to everything that the table calls A: the firm, its intake
unit, its lead department. `other` people do the same work for B and must never meet a word of A.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zhitong.core.actor import Role

# Every token stands in the data of one tenant and nowhere else, so a page that shows it has shown that data.
FIRM_A, FIRM_B = "KrFirmA", "KrFirmB"  # name of the firm
MEMBER_A, MEMBER_B = "KrMemberA", "KrMemberB"  # names of its people
EARLY_A, EARLY_B = "KrEarlyA", "KrEarlyB"  # title, text and place of cases that no department leads yet
CASE_A, CASE_B = "KrCaseA", "KrCaseB"  # the same of cases with a lead department
INNER_A, INNER_B = "KrInnerA", "KrInnerB"  # entries and files that firms do not read
DRAFT_A, DRAFT_B = "KrDraftA", "KrDraftB"  # an answer that nobody has approved yet
FILE_A, FILE_B = "KrFileA", "KrFileB"  # name and content of a file that the firm may read
STAFF_A, STAFF_B, STAFF_TOP = "KrStaffA", "KrStaffB", "KrStaffTop"  # names of staff, by tenant
TENANT_A = {FIRM_A, MEMBER_A, EARLY_A, CASE_A, INNER_A, DRAFT_A, FILE_A, STAFF_A}
TENANT_B = {FIRM_B, MEMBER_B, EARLY_B, CASE_B, INNER_B, DRAFT_B, FILE_B, STAFF_B}
TOKENS = frozenset(TENANT_A | TENANT_B | {STAFF_TOP})
NOT_FOR_FIRMS = {INNER_A, INNER_B, DRAFT_A, DRAFT_B}
BEFORE_LEADING = {EARLY_A, EARLY_B}


@dataclass(frozen=True)
class Person:
    """Somebody who asks: role, relation, where they sit, and the tokens that they may meet anywhere."""

    role: str
    relation: str
    seat: str  # the unit or firm, by the names of world.py; empty for none
    sees: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        return f"{self.role}:{self.relation}"

    @property
    def username(self) -> str:
        return self.key.replace(":", "_")

    @property
    def note(self) -> str:
        """The token of this person's own messages."""
        return "KrNote" + "".join(part.title() for part in (*self.role.split("_"), self.relation))

    @property
    def signed_in(self) -> bool:
        return self.role != "anonymous" and self.relation != "unproven"


def _staff() -> list[Person]:
    inside = [(Role.HANDLER, "same"), (Role.HANDLER, "own")]
    inside += [(Role.SECTION_HEAD, "own"), (Role.LEADER_IN_CHARGE, "own")]
    found = [
        Person(role, relation, "bureau_a", frozenset(TENANT_A - BEFORE_LEADING)) for role, relation in inside
    ]
    found += [
        Person(role, "other", "bureau_b", frozenset(TENANT_B - BEFORE_LEADING))
        for role in (Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
    ]
    for role in (Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER):
        found.append(Person(role, "own", "district_a", frozenset(TENANT_A)))
        found.append(Person(role, "other", "district_b", frozenset(TENANT_B)))
        found.append(Person(role, "above", "city", TOKENS))
    everybody = frozenset({STAFF_A, STAFF_B, STAFF_TOP})
    found.append(Person(Role.SYSTEM_ADMIN, "own", "city", everybody))
    found.append(Person(Role.SECURITY_ADMIN, "own", "city", everybody))
    found.append(Person(Role.AUDIT_ADMIN, "own", "city", frozenset({STAFF_TOP})))
    # Somebody who knows an officer's password, but has not given the second factor.
    found.append(Person(Role.HANDLER, "unproven", "bureau_a"))
    return found


def _firm() -> list[Person]:
    sees_a = frozenset(TENANT_A - NOT_FOR_FIRMS)
    sees_b = frozenset(TENANT_B - NOT_FOR_FIRMS)
    return [
        Person(Role.FIRM_MEMBER, "own", "firm_a", sees_a),
        Person(Role.FIRM_MEMBER, "other", "firm_b", sees_b),
        Person(Role.FIRM_MEMBER, "none", ""),  # has an account, sits in no firm
        Person(Role.FIRM_ADMIN, "own", "firm_a", sees_a),
        Person(Role.FIRM_ADMIN, "other", "firm_b", sees_b),
    ]


ANONYMOUS = [
    Person("anonymous", "none", ""),
    Person("anonymous", "code", ""),  # has asked for a sign-in code
    Person("anonymous", "half", ""),  # has given an officer's password, not the second factor
]
ACCOUNTS = [*_firm(), *_staff()]
PEOPLE: dict[str, Person] = {person.key: person for person in [*ANONYMOUS, *ACCOUNTS]}
NOTES = frozenset(person.note for person in ACCOUNTS)


def forbidden(person: Person, *, shown: frozenset[str] = frozenset()) -> frozenset[str]:
    """The tokens that this person must not meet; `shown` are those that a page shows to all who may open it."""
    return (TOKENS - person.sees - shown) | (NOTES - {person.note})


def side(person: Person) -> str:
    """`firm`, `staff` or `anonymous`."""
    if person.role == "anonymous":
        return "anonymous"
    return "firm" if person.role.startswith("firm") else "staff"


def resolve(words: str, groups: dict[str, str]) -> list[str]:
    """The keys of people named by a line of the table: keys, `role:*`, and groups as `@name`."""
    found: list[str] = []
    for word in words.split():
        if word.startswith("@"):
            found += resolve(groups[word[1:]], groups)
        elif word.endswith(":*"):
            role = word.removesuffix(":*")
            found += [
                key for key, person in PEOPLE.items() if person.role == role and person.relation != "unproven"
            ]
        elif word in PEOPLE:
            found.append(word)
        else:
            raise KeyError(f"The access table names {word}, whom people.py does not know.")
    return found


def of(world: Any, key: str) -> Any:
    """The user of a person in a built world; None for visitors."""
    return world.users.get(key)
