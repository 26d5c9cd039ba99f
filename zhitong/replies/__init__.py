"""How units without accounts answer: by a link that works once, or on paper."""
