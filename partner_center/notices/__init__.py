"""Messages: what people are told of what happened, by which channel, and what became of it."""
