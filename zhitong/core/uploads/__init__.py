"""Examination of files that people send; the files are parsed in a limited child process only.

`inspect.examine` is the one door in. `reasons`, `limits`, `formats` and `names` are shared by the web process
and the child; `content`, `images`, `audio`, `boxes`, `matroska`, `ogg` and `pdf` parse and run in the child.
"""

from __future__ import annotations
