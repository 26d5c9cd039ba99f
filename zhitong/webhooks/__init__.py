"""Telling other programs by itself that something happened to a case: where, of what, what came of it."""
