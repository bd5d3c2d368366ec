"""What the vendor decides each year: packs, versions, and values that say where they come from."""
