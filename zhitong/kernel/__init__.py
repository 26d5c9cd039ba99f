"""Pure Python: no framework, no clock, no database; each package stands alone."""
