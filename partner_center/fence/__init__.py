"""Tenancy: which rows a seat may see, said once for the ORM and once more for PostgreSQL."""
