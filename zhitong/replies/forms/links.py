"""Nothing to say when a link is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from zhitong.replies import services

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.replies.queries import Matter
    from zhitong.replies.services import MadeLink


class MakeLinkForm(forms.Form):
    """A button without inputs; a repeat makes a new link, since the token of the first is kept nowhere."""

    def perform(self, *, by: Actor, now: datetime, matter: Matter) -> MadeLink:
        """Make the link."""
        return services.make_link(by=by, now=now, **matter.given())
