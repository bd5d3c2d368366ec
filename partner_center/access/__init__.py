"""Who may do what: organisations, users, roles, permission items, keys, codes, seat grants."""
