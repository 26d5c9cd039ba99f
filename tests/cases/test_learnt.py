"""A model learnt from the city's own cases suggests; where it is silent about what it knows, words are too."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from django.test import TestCase
from django.utils.translation import override

from tests.kernel.text.matters import messages
from tests.support.office import NOW, Office
from zhitong.cases import categories, learnt, queries, services
from zhitong.cases.models import Case, CategoryChoice
from zhitong.config import cli
from zhitong.core import clock, data
from zhitong.core.actor import system
from zhitong.core.clock import local_date
from zhitong.core.models import AuditEvent
from zhitong.kernel.text import Cleaning, Model, training

pytestmark = pytest.mark.django_db
TREE = {"power": "power", "staff": "recruitment", "money": "renewal"}
BY = system("learn-categories")
# Words that the tree knows; the model has learnt none of them.
CUSTOMS = "货物在港口清关慢，海关查验。"


@pytest.fixture(scope="session")
def model() -> Model:
    texts, labels = messages(400)
    cleaning = Cleaning.parse(data.read("texts", "cleaning-1"))
    return training.train(texts, [TREE[label] for label in labels], precision=0.8, cleaning=cleaning)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.HOME = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with override("zh-hans"):
        yield tmp_path


def use(model: Model | None) -> str:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return services.learn_categories(by=BY, now=NOW, model=model)


def suggested(office: Office, text: str) -> categories.Suggestion | None:
    return categories.suggestion_for(office.case(text=text), local_date(NOW))


def test_the_model_speaks_first_and_is_named_beside_what_it_suggested(office: Office, model: Model) -> None:
    name = use(model)
    case = office.case(text="线路检修，最近变压器跳闸，供电电压不稳，影响生产。")
    found = categories.suggestion_for(case, local_date(NOW))
    assert found is not None
    assert (found.key, found.source) == ("power", name)
    assert found.words, "without words nobody can see why"
    services.categorise(by=office.actor("district"), now=NOW, case=case, category="power")
    choice = CategoryChoice.objects.get()
    assert (choice.suggested, choice.source, choice.taken) == ("power", name, True)


def test_words_are_named_by_no_model(office: Office) -> None:
    found = suggested(office, "车间变压器频繁跳闸，停电三次。")
    assert (found.key, found.source) == ("power", "")


def test_where_the_model_is_not_sure_words_about_the_same_are_silent(office: Office, model: Model) -> None:
    text = "车间变压器频繁跳闸，停电三次。"
    assert suggested(office, text).key == "power"
    silent = Model(**{name: getattr(model, name) for name in model.__slots__} | {"threshold": 2.0})
    use(silent)
    assert suggested(office, text) is None
    assert suggested(office, CUSTOMS).key == "customs", "the model has learnt nothing about customs"


def test_a_category_that_is_no_longer_offered_is_not_suggested(office: Office, model: Model) -> None:
    labels = tuple("gone" if name == "power" else name for name in model.labels)
    use(Model(**{name: getattr(model, name) for name in model.__slots__} | {"labels": labels}))
    found = suggested(office, "车间变压器频繁跳闸，停电三次。")
    assert (found.key, found.source) == ("power", "")


def test_a_file_that_is_no_model_leaves_it_to_words(office: Office, home: Path, caplog) -> None:
    learnt.path().parent.mkdir()
    learnt.path().write_bytes(b"no model")
    assert suggested(office, "车间变压器频繁跳闸，停电三次。").key == "power"
    assert "cannot be used" in caplog.text


def test_a_new_model_is_used_at_once_and_forgotten_at_once(office: Office, model: Model) -> None:
    text = "最近变压器跳闸，供电电压不稳，影响生产。"
    first = use(model)
    assert suggested(office, text).source == first
    other = Model(**{name: getattr(model, name) for name in model.__slots__} | {"precision": 0.81})
    second = use(other)
    assert first != second
    assert suggested(office, text).source == second
    assert use(None) == ""
    assert suggested(office, text).source == ""
    assert not list(learnt.path().parent.iterdir()), "nothing is left lying"


def test_what_was_taken_into_use_stands_in_the_audit_log(model: Model) -> None:
    name = use(model)
    facts = json.loads(AuditEvent.objects.get(action="cases.learn_categories").payload)
    assert (facts["model"], facts["categories"]) == (name, sorted(TREE.values()))


@pytest.fixture
def city(office: Office) -> None:
    """Cases of a year with what people said of them; two of them are nobody's to learn from."""
    plain = office.case()
    columns = [field.attname for field in Case._meta.concrete_fields if not field.primary_key]
    kept = {name: getattr(plain, name) for name in columns}
    rows = []
    for place, (text, label) in enumerate(zip(*messages(300, seed=5), strict=True)):
        given = {"number": f"T-{place}", "text": text, "category": TREE[label]}
        rows.append(Case(**kept | given))
    secret = {"number": "T-S", "text": "机密变压器", "category": "power", "confidential": True}
    Case.objects.bulk_create([*rows, Case(**kept | secret)])


def test_a_confidential_case_and_one_without_category_are_not_learnt_from(city: None) -> None:
    assert queries.labelled().count() == 300
    assert not queries.labelled().filter(text__contains="机密").exists()


@pytest.mark.usefixtures("city")
def test_the_command_says_how_good_it_is_beside_words_and_puts_the_model(capsys, home: Path) -> None:
    assert cli.main(["learn-categories", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "macro-F1" in told
    assert "always the most frequent label" in told
    assert "the words of the tree alone: something for" in told
    assert learnt.current() is None, "a dry run changes nothing"
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert cli.main(["learn-categories", "--precision", "0.8"]) == 0
    assert learnt.current().name in capsys.readouterr().out


@pytest.mark.usefixtures("city")
def test_cases_are_learnt_elsewhere_and_the_model_is_brought_back(model: Model, home: Path, capsys) -> None:
    assert cli.main(["learn-categories", "--export", str(home / "cases.csv")]) == 0
    with (home / "cases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 300
    assert {row["category"] for row in rows} == set(TREE.values())
    model.save(home / "made.npz")
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert cli.main(["learn-categories", "--use", str(home / "made.npz")]) == 0
    assert learnt.current().model.labels == model.labels
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert cli.main(["learn-categories", "--forget"]) == 0
    assert learnt.current() is None


def test_what_cannot_be_used_is_said_in_a_sentence(model: Model, home: Path, capsys) -> None:
    strange = Model(**{name: getattr(model, name) for name in model.__slots__} | {"labels": ("a", "b", "c")})
    strange.save(home / "strange.npz")
    assert cli.main(["learn-categories", "--use", str(home / "strange.npz")]) == 1
    assert "a, b, c" in capsys.readouterr().err
    (home / "none.npz").write_bytes(b"x")
    assert cli.main(["learn-categories", "--use", str(home / "none.npz")]) == 1
    assert "is no model" in capsys.readouterr().err
    assert cli.main(["learn-categories"]) == 1, "an office without cases has nothing to learn from"
    assert capsys.readouterr().err
    shutil.rmtree(learnt.path().parent, ignore_errors=True)
