"""The partner API that the vendor's official client speaks, bound to our queries and actions."""
