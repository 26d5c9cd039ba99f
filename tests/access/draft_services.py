"""The services of drafts and of cases that the office enters, and who may call them; asked by test_services.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.office import NOW
from zhitong.cases import services as cases
from zhitong.core.models import Upload
from zhitong.drafts import services as drafts
from zhitong.drafts.models import Transcript
from zhitong.drafts.states import Source
from zhitong.kernel.mail import Mail

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
INTAKE = "dispatcher:own"
TAKING = " ".join(
    f"{role}:{which}"
    for role, relations in (
        ("dispatcher", ("own", "other", "above")),
        ("handler", ("own", "same", "other", "unproven")),
        ("section_head", ("own", "other")),
    )
    for which in relations
)


def _received(text: str) -> drafts.Received:
    row = drafts.Row(1, columns={"channel": "phone", "contact": "x", "text": text, "raw": text})
    return drafts.Received(Source.PASTE, "a note", "0" * 64, (row,))


def _recording() -> Upload:
    return Upload.objects.create(
        owner="x", subject="drafts.draft:1", kind="audio", mime="audio/wav", name="a.wav", size=1, sha256="0",
        path="a", created_at=NOW,
    )  # fmt: skip


def _transcript() -> Transcript:
    return Transcript.objects.create(upload=_recording(), next_at=NOW, at=NOW)


DRAFTS: dict[str, tuple[str, Call]] = {
    "cases.register": (
        TAKING,
        lambda _: (
            cases.register,
            {"draft": cases.Draft(text="路面破损。", channel="phone", reporter="x", region="350111")},
        ),
    ),
    "drafts.receive": (
        INTAKE,
        lambda world: (drafts.receive, {"given": _received("a new one"), "unit": world.units["district_a"]}),
    ),
    "drafts.take_mail": (
        "",
        lambda world: (
            drafts.take_mail,
            {
                "unit": world.units["district_a"],
                "place": drafts.Place("a box", 1, 1),
                "mail": Mail(text="x"),
                "outcome": "reply",
                "given": None,
            },
        ),
    ),
    "drafts.ask_transcript": (
        "",
        lambda _: (drafts.ask_transcript, {"upload": str(_recording().pk)}),
    ),
    "drafts.take_recording": ("", lambda _: (drafts.take_recording, {"transcript": _transcript()})),
    "drafts.recognise": ("", lambda _: (drafts.recognise, {"transcript": _transcript(), "text": "x"})),
    "drafts.change": (
        INTAKE,
        lambda world: (
            drafts.change,
            {"draft": world.rows["draft"], "text": "other words", "contact": "x", "channel": "phone"},
        ),
    ),
    "drafts.enter": (INTAKE, lambda world: (drafts.enter, {"draft": world.rows["draft"]})),
    "drafts.drop": (INTAKE, lambda world: (drafts.drop, {"draft": world.rows["draft"], "reason": "twice"})),
    "drafts.restore": (INTAKE, lambda world: (drafts.restore, {"draft": world.rows["draft:dropped"]})),
}
