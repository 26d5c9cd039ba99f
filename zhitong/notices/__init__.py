"""Messages that leave the system: by which way, when, in which words, and whether they arrived."""
