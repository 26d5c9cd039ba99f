"""2,163 real messages of citizens, as cases: what is suggested, what is called alike, what search finds.

They are no messages of firms and their places are letters, so the words of the tree seldom fit: silence is the
right answer to most. What is asked here is that nothing breaks on real writing and that no hint is missed.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterator

import pytest
import rjieba

from tests.support import needs
from tests.support.office import NOW, Office
from zhitong.cases import alike, categories, finding, queries
from zhitong.cases.models import Case
from zhitong.core import search
from zhitong.core.actor import system
from zhitong.core.clock import local_date

pytestmark = [pytest.mark.data, pytest.mark.django_db]
SEED, WORDS, SIGNS = 11, 150, 2
READER = system("test")
# From so many shared runs of three signs on, two messages are one sent twice, perhaps with a word changed.
TWICE = 0.8


@pytest.fixture
def cases(office: Office) -> Iterator[list[Case]]:
    """All messages as cases of one unit, indexed as services do."""
    with (needs.data() / "text/messages_raw.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    plain = office.case()
    columns = [field.attname for field in Case._meta.concrete_fields if not field.primary_key]
    kept = {name: getattr(plain, name) for name in columns} | {"enterprise_id": None}
    made = [
        Case(**kept | {"number": f"M-{row['留言编号']}", "title": row["留言主题"][:80],
                       "text": row["留言详情"].strip(), "reporter": row["留言用户"]})
        for row in rows
    ]  # fmt: skip
    Case.objects.bulk_create(made)
    found = list(Case.objects.filter(number__startswith="M-").order_by("pk"))
    for start in range(0, len(found), finding.BATCH):
        finding.index(found[start : start + finding.BATCH])
    assert len(found) == len(rows) == 2163
    alike.remembered.forget()
    yield found
    alike.remembered.forget()


def test_real_messages_are_suggested_compared_and_found(cases: list[Case], capsys) -> None:
    """One city's real writing through all three; the figures are printed for who looks at them."""
    told = [_suggested(cases), _hinted(cases), _searched(cases)]
    with capsys.disabled():
        print("\n" + "\n".join(told))


def _suggested(cases: list[Case]) -> str:
    day = local_date(NOW)
    found = Counter()
    for case in cases:
        suggestion = categories.suggestion_for(case, day)
        if suggestion is not None:
            found[categories.root_of(suggestion.key)] += 1
            assert suggestion.words, case.number
            folded = search.plain(alike.words_of(case))
            assert all(search.plain(word) in folded for word in suggestion.words), (case.number, suggestion)
    share = sum(found.values()) / len(cases)
    assert 0.15 < share < 0.55, f"{share:.1%}: silent or talkative where most is no trouble of a firm"
    often = ", ".join(f"{name} {count}" for name, count in found.most_common(6))
    return f"suggested something for {share:.1%} of real messages: {often}"


def _runs(case: Case) -> set[str]:
    text = "".join(case.text.split())
    return {text[at : at + 3] for at in range(len(text) - 2)}


def _sent_twice(cases: list[Case]) -> list[tuple[Case, Case]]:
    """Pairs that share most of their runs, found by comparing all with all that share a rare run."""
    runs = {case.pk: _runs(case) for case in cases}
    held = Counter(run for found in runs.values() for run in found)
    by_run: dict[str, list[Case]] = {}
    pairs = []
    for case in cases:
        rare = sorted(runs[case.pk], key=lambda run: (held[run], run))[: max(1, len(runs[case.pk]) // 2)]
        near = {other.pk: other for run in rare for other in by_run.get(run, ())}
        for other in near.values():
            both, either = runs[case.pk] & runs[other.pk], runs[case.pk] | runs[other.pk]
            if len(both) >= TWICE * len(either):
                pairs.append((other, case))
        for run in runs[case.pk]:
            by_run.setdefault(run, []).append(case)
    return pairs


def _hinted(cases: list[Case]) -> str:
    pairs = _sent_twice(cases)
    assert len(pairs) > 20, "messages that were sent twice"
    missed = [
        (first.number, second.number)
        for first, second in pairs
        if first.pk not in {row.case.pk for row in alike.recent_like(READER, second, NOW)}
    ]
    assert len(missed) <= 0.02 * len(pairs), missed
    drawn = random.Random(SEED).sample(cases, 200)
    hinted = sum(bool(alike.recent_like(READER, case, NOW)) for case in drawn)
    return f"{len(pairs)} pairs sent twice, {len(missed)} not hinted at; a hint for {hinted} of 200 drawn messages"


def _searched(cases: list[Case]) -> str:
    texts = {case.pk: search.plain(f"{case.title}\n{case.text}") for case in cases}
    words = sorted({word for text in texts.values() for word in rjieba.cut(text) if len(word) == SIGNS})
    drawn = [
        word for word in random.Random(SEED).sample(words, WORDS) if word.isalpha() and not word.isascii()
    ]
    assert len(drawn) > WORDS // 2
    rows = queries.visible(READER).filter(pk__in=texts).order_by("-pk")
    wrong, common = {}, {}
    for word in drawn:
        there = {pk for pk, text in texts.items() if word in text}
        narrowed = finding.by_words(READER, rows, word)
        found = {case.pk for case in narrowed.rows}
        if narrowed.notice is not None and found < there:
            common[word] = f"{len(found)} of {len(there)}"  # only the newest, and the reader is told
        elif found != there:
            wrong[word] = (len(there - found), len(found - there))
    assert not wrong, f"missed and too much, by word: {wrong}"
    assert len(common) < 0.05 * len(drawn), common
    return f"{len(drawn)} words of two signs: all messages of each, but for common ones, as told: {common}"
