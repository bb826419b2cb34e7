"""The sample listener: invented, seeded, and put in place through services."""
