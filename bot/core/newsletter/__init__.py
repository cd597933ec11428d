"""The newsletter: what an issue says, and when it is due."""
