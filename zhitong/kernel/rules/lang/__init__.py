"""From text to a tree: signs made plain, words, and the grammar of FEEL."""
