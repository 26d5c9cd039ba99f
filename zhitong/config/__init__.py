"""Composition root: settings, URLs, the console command and who fills which slot."""
