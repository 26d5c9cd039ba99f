"""Pages of precedents and canned answers: parse, one call, render."""
