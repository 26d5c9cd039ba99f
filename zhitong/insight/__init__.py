"""What the office learnt: precedents, written anew from closed cases without names, and canned answers."""
