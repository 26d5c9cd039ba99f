"""Why an action was not done, in words a user can act on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_noop


class RefusedError(Exception):
    """An action that was refused; `msgid` is translated on screen with `params` filled in."""

    status = 422
    code = "refused"  # for programs; people read the sentence
    msgid = gettext_noop("This cannot be done now. Please reload the page and try again.")

    def __init__(self, msgid: str | None = None, **params: Any) -> None:
        self.msgid = msgid or type(self).msgid
        self.params = params
        super().__init__(self.msgid % params if params else self.msgid)

    @property
    def message(self) -> str:
        """The sentence in the reader's language."""
        text = gettext(self.msgid)
        return text % self.params if self.params else text


class NotPermittedError(RefusedError):
    """The actor may see the object but not do this to it."""

    status = 403
    code = "not_permitted"
    msgid = gettext_noop("You may not do this. Ask the person in charge of the matter.")


class FasterError(RefusedError):
    """Somebody else changed the object between reading and writing; `last` is their line, if any."""

    status = 409
    code = "changed_meanwhile"
    msgid = gettext_noop("Somebody was faster: this was changed while you were looking at it.")

    def __init__(self, msgid: str | None = None, *, last: Any = None) -> None:
        self.last = last
        super().__init__(msgid)


class ConflictError(RefusedError):
    """What is asked for contradicts something that is there already."""

    status = 409
    code = "conflict"


class KeyReusedError(RefusedError):
    """A form key that was already used for other content."""

    status = 422
    code = "key_reused"
    msgid = gettext_noop(
        "This form was already sent with other content. Open a new form to send this as well."
    )


class FieldError(RefusedError):
    """One input of an action is missing or wrong; `field` names it."""

    code = "wrong_input"

    def __init__(self, field: str, msgid: str, **params: Any) -> None:
        self.field = field
        super().__init__(msgid, **params)
