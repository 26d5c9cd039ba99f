"""Templates that bureaus send: looked at and filled in by a limited child process; knows no framework."""

from __future__ import annotations
