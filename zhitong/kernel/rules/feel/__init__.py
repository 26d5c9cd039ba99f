"""FEEL values and how single expressions are worked out, row by row."""
