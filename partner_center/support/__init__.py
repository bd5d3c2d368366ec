"""Tickets: what a partner or customer asks the vendor, who answers, by when, and how it ended."""
