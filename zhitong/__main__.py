from __future__ import annotations

import sys

from zhitong.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
