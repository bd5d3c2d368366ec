"""Forms of the pages: what was typed, turned into the inputs of one action."""
