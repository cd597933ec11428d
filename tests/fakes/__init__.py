"""Loopback stand-ins for the platforms, for real client libraries to talk to."""
