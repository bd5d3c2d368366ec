"""Verbs that need many facts at once: winning, associating and leaving a customer."""
