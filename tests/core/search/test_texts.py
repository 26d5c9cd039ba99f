"""Texts found by the words of a question, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhitong.core import search
from zhitong.core.search import tables, texts

pytestmark = pytest.mark.django_db
INDEX = "cases"
SIGNS = "停电退税招工园区北门的和ab12ＡＢ１ 。-（）"


def put(rows: dict[int, str] | dict[int, dict[str, str]]) -> None:
    kept = [(pk, text if isinstance(text, dict) else {"said": text}) for pk, text in rows.items()]
    texts.put(INDEX, kept)


def find(query: str, **given: Any) -> texts.Found:
    return texts.find(INDEX, query, **{"among": everything, **given})


def everything(most: int) -> list[int]:
    return list(range(tables.newest(INDEX), 0, -1))[:most]


def runs(text: str) -> list[str]:
    return search.RUN.findall(search.plain(text))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.text(alphabet=SIGNS, max_size=12), max_size=12),
    query=st.text(alphabet=SIGNS, min_size=2, max_size=6),
)
def test_what_contains_the_query_is_found_and_nothing_without_its_words(rows: list[str], query: str) -> None:
    search.clear(INDEX)
    put(dict(enumerate(rows, start=1)))
    found = find(query)
    asked = runs(query)
    if asked and all(len(run) > 1 for run in asked):
        whole = {
            pk for pk, text in enumerate(rows, start=1) if all(any(q in r for r in runs(text)) for q in asked)
        }
        assert whole <= set(found.ids)
        if all(len(run) == 2 for run in asked):
            assert whole == set(found.ids)
    assert all(any(word in run for run in runs(rows[pk - 1])) for pk in found.ids for word in found.words)
    assert list(found.ids) == sorted(found.ids, reverse=True)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("停电", [3, 1]),
        ("园区停电", [3, 1]),
        ("停电园区", [3, 1]),
        ("榕晶", [2]),
        ("plc300", [2]),
        ("PLC３００", [2]),
        ("c30", [2]),
        ("停电 退税", []),
        ("退税", [4]),
        ("税停", []),
        ("", []),
        ("！", []),
        ("' OR 1=1 --", []),
        ('" OR "停电', []),
        ("said : 停电", []),
        ("停电*", [3, 1]),
        ("NEAR(停电)", []),
        ("停电\x00", [3, 1]),
        ("\\' 停电", [3, 1]),
    ],
)
def test_two_signs_unknown_words_letters_and_hostile_input(query: str, ids: list[int]) -> None:
    put(
        {1: "园区昨夜停电", 2: "榕晶厂PLC300故障", 3: "停电，园区", 4: "退税。停"}
        | {n: "无" for n in range(5, 60)}
    )
    assert list(find(query).ids) == ids


def test_words_may_stand_in_different_fields_and_fields_can_be_left_out() -> None:
    put({1: {"said": "园区停电", "draft": "已经恢复", "whose": "示例厂"}, 2: {"said": "停电"}})
    assert list(find("停电恢复").ids) == [1]
    assert list(find("示例厂 停电").ids) == [1]
    assert list(find("停电恢复", fields=("said", "whose")).ids) == []
    assert list(find("恢复", fields=("said",)).ids) == []
    assert list(find("示例", fields=("said", "whose")).ids) == [1]
    put({3: {"said": "园区停", "whose": "电站"}})
    assert list(find("停电").ids) == [2, 1]  # no word goes across two fields


def test_a_row_written_again_is_found_by_its_new_words_only() -> None:
    put({1: "停电"})
    put({1: "退税"})
    assert (list(find("停电").ids), list(find("退税").ids)) == ([], [1])
    search.drop(INDEX, [1, 99])
    assert list(find("退税").ids) == []


def test_common_words_are_looked_for_among_the_newest_only(monkeypatch: Any) -> None:
    monkeypatch.setattr(texts, "CANDIDATES", 10)
    put({n: "道路破损" if n % 3 else "道路停电" for n in range(1, 101)} | {50: "道路招工"})
    asked: list[int] = []

    def newest(most: int) -> list[int]:
        asked.append(most)
        return everything(most)

    common = find("道路", among=newest)
    assert (list(common.ids), common.common, common.among) == (list(range(100, 90, -1)), ("道路",), 10)
    rare = find("道路招工", among=newest)
    assert (list(rare.ids), rare.common, rare.among) == ([50], ("道路",), None)
    both = find("道路停电", among=newest)
    assert (list(both.ids), both.common, both.among) == ([99, 96, 93], ("道路", "停电"), 10)
    assert asked == [10, 10]
    assert find("退税", among=newest).common == ()


def test_the_newest_may_lie_far_apart(monkeypatch: Any) -> None:
    monkeypatch.setattr(texts, "CANDIDATES", 10)
    put({n: "道路" for n in range(1, 400)} | {300: "退税"})
    sparse = [390, 300, 200, 3]
    assert list(find("道路", among=lambda _: sparse).ids) == [390, 200, 3]
    assert list(find("道路", among=lambda _: []).ids) == []


def test_a_tenth_is_not_common_and_more_is() -> None:
    put({n: "退税" if n <= 10 else "停电" for n in range(1, 101)})
    assert find("退税").common == ()
    put({100: "退税"})
    assert find("退税").common == ("退税",)


def test_in_a_large_table_a_word_is_common_before_a_tenth(monkeypatch: Any) -> None:
    monkeypatch.setattr(texts, "MOST", 5)
    put({n: "退税" if n <= 6 else "停电" for n in range(1, 101)})
    assert find("退税").common == ("退税",)


def test_questions_to_the_database_do_not_grow() -> None:
    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as taken:
            find(query, among=lambda _: [1])
        return len(taken)

    put({1: "道路"})
    few = asked("道路"), asked("道路 停电 退税 招工")
    put({n: "道路停电退税" for n in range(1, 200)})
    assert (asked("道路"), asked("道路 停电 退税 招工")) == few == (3, 3)


def test_a_very_long_text_is_found_by_its_beginning() -> None:
    put({1: "停电" + "。退税招工" * 20_000})
    assert list(find("停电").ids) == [1]
    assert list(find("退税招工").ids) == [1]


def test_a_missing_table_or_missing_rows_are_noticed(db) -> None:
    assert search.behind() == []
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE search_cases")
    assert search.missing() == ["search_cases"]
    search.install()
    assert search.missing() == []


def test_an_index_has_at_most_four_fields() -> None:
    with pytest.raises(ValueError, match="more than 4"):
        search.register("many", "abcde")


# ---------------------------------------------------------------- planted faults


def test_an_index_without_gaps_is_noticed(monkeypatch: Any) -> None:
    real = tables.document
    monkeypatch.setattr(texts, "document", lambda text: [word for word in real(text) if word != tables.GAP])
    put({1: "ab bc"})
    assert list(find("abc").ids) != []


def test_words_of_a_dictionary_instead_of_pairs_are_noticed(monkeypatch: Any) -> None:
    import rjieba

    monkeypatch.setattr(
        texts, "document", lambda text: [w for run in runs(text) for w in (*rjieba.cut(run), tables.GAP)]
    )
    put({1: "榕晶光电厂停电三小时"})
    assert [word for word in ("榕晶", "电厂", "三小") if list(find(word).ids) != [1]]


def test_a_bound_that_is_left_out_is_noticed(monkeypatch: Any) -> None:
    monkeypatch.setattr(texts, "TENTH", 1)
    put({n: "退税" for n in range(1, 101)})
    assert find("退税").common != ("退税",)
