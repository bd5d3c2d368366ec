"""What runs by the clock and what follows an event."""
