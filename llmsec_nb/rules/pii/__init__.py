"""Personal data: what it looks like, how it is proven, and what speaks of it nearby."""
