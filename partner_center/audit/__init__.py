"""What happened, who did it, in which order: events, outbox, feed, and the claims that make a repeat harmless."""
