"""Zhitong: the system a Chinese city runs to serve its manufacturing enterprises."""

from __future__ import annotations
