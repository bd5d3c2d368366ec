"""Pure vocabulary: no Django, no database, no clock, nothing of ours below it."""
