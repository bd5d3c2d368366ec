"""The demo world, built by calling real actions."""
