"""What is wrong with a unified social credit code, in a sentence that helps to mend it."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from zhitong.core.errors import FieldError
from zhitong.kernel.codes import Fault, normalise, problem

SENTENCES = {
    Fault.LENGTH: gettext_noop("A unified social credit code has 18 signs; this one has %(hint)s."),
    Fault.SIGN: gettext_noop("“%(found)s” at place %(place)s does not occur in these codes."),
    Fault.REGION: gettext_noop(
        "“%(found)s” at place %(place)s is no digit; places 3 to 8 are those of the region."
    ),
    Fault.CHECK: gettext_noop(
        "The last sign does not fit the others, so one of them is wrong. Compare with the licence."
    ),
}
WITH_HINT = {
    Fault.SIGN: gettext_noop(
        "“%(found)s” at place %(place)s does not occur in these codes. Is it “%(hint)s”?"
    ),
    Fault.CHECK: gettext_noop(
        "The last sign does not fit the others. Two signs were probably exchanged: is it %(hint)s?"
    ),
}


def checked(text: str, *, field: str = "code") -> str:
    """Return a code as it is kept; FieldError on `field` with place and hint for a wrong one."""
    found = problem(text)
    if found is None:
        return normalise(text)
    sentences = SENTENCES | WITH_HINT if found.hint else SENTENCES
    raise FieldError(field, sentences[found.fault], found=found.found, place=found.place, hint=found.hint)
