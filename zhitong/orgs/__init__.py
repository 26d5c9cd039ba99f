"""Departments, staff, posts and who stands in for whom."""
