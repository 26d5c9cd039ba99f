"""Inputs about firms; each form knows the one service it calls."""

from __future__ import annotations
