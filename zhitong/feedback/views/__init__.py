"""The pages of feedback: ratings, return visits and figures; effects."""
