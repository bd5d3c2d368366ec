"""Value and its movements: double entry, append-only, sealed every hour."""
