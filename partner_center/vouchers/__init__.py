"""Quota and vouchers: granted, passed on, issued, spent, reclaimed, expired."""
