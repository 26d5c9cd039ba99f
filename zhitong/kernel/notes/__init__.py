"""What a pasted chat or a note of a call says: who, which number, which firm, when, and the matter itself."""

from __future__ import annotations

from zhitong.kernel.notes.reading import Note, Words, read, replace_numbers

__all__ = ["Note", "Words", "read", "replace_numbers"]
