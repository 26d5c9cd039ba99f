"""What firms think of the answers: ratings, kept apart from the flow of the case."""
