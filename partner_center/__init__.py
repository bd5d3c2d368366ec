"""Partner Center: the system with which a vendor runs its partner programme."""
