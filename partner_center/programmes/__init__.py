"""Joining the partner network; paths and programmes will follow here."""
