from __future__ import annotations

import re

import pytest

from zhitong.core.uploads.reasons import REASONS, Reason, UploadRefused

LIMITED = {
    Reason.TOO_LARGE: {"limit_mb": 10},
    Reason.TOO_MANY_PIXELS: {"limit_mp": 40},
    Reason.PDF_UNCHECKABLE: {"limit_mb": 256},
}


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_tells_what_to_do(reason):
    sentence = str(UploadRefused(reason, LIMITED.get(reason)))
    assert "%" not in sentence
    assert re.search(r"[Pp]lease", sentence)
    assert sentence.endswith(".")


def test_only_the_documented_sentences_have_placeholders():
    assert {reason for reason, sentence in REASONS.items() if "%(" in sentence} == set(LIMITED)
