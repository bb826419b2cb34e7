"""Music Re-Wrapped."""
