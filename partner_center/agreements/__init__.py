"""Agreements: their versions, who signed which, what is barred until then, and declarations of relationships."""
