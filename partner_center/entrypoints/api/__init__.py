"""The APIs."""
