"""Makes the environment, starts PostgreSQL, the web server and the worker, and stops them again. No Django here."""
