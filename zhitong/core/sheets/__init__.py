"""Tables that people send as workbooks or text: read by a limited child process, kept as lines of JSON."""

from __future__ import annotations
