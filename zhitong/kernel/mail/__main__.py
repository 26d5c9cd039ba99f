"""What a mail kept as a file says: `python -m zhitong.kernel.mail RULES.toml MAIL.eml`."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from zhitong.kernel.mail import Rules, read


def main(arguments: list[str]) -> int:
    """Print what was found, a line each; exit 2 on a wrong call."""
    if len(arguments) != len(("rules", "mail")):
        sys.stderr.write("usage: python -m zhitong.kernel.mail RULES.toml MAIL.eml\n")
        return 2
    rules = Rules.parse(tomllib.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    mail = read(Path(arguments[1]).read_bytes(), rules)
    for name in ("message_id", "address", "sender", "subject", "at", "automatic", "text"):
        print(f"{name}: {getattr(mail, name)}")
    for file in mail.files:
        print(f"file: {file.name} ({len(file.content)} bytes)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
