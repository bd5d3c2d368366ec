"""How the parts are wired: settings, addresses, the WSGI application."""
