"""What an e-mail says: from whom, what about, its text without what it quotes, its files; who wrote it."""

from __future__ import annotations

from zhitong.kernel.mail.message import File, Mail, Rules, read, title

__all__ = ["File", "Mail", "Rules", "read", "title"]
