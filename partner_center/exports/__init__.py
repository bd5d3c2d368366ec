"""Exports: a list written into a file by the worker, kept for some days for who may read that list."""
