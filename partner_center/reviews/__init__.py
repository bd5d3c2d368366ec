"""The one review engine: who decides what by when, what was decided, and what happens if nobody does. It never acts."""
