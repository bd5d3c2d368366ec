"""The integration API: what checkouts and partners' own systems call. OpenAPI at /api/v1/openapi.json."""
