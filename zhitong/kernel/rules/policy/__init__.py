"""Conditions of policies: three-valued, typed, worked out for one firm or for a whole country alike."""
