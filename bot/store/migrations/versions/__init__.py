"""Every revision, the oldest first."""
