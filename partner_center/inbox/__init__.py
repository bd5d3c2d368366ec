"""What waits for whom, over everything that decides: one dict of kinds, one row for all that waits."""
