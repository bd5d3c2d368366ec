"""Customers' accounts and the association row that says whose customer one is."""
