"""The firms and the people who speak for them."""
