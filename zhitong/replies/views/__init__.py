"""Pages of replies: the office's, and the one page that a unit without accounts sees."""
