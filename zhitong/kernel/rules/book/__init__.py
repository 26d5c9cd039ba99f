"""Books of policies: dated packages with the article of each condition, asked as of a day and of a place."""
