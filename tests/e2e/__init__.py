"""The whole bot as a process of its own, on both platforms at once."""
