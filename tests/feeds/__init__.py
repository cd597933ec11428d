"""Reading feeds from a loopback server."""
