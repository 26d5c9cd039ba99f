"""Drafts of cases: what came by chat, telephone, spreadsheet or e-mail, until it is entered as a case."""

from __future__ import annotations
