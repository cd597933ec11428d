"""The terminal: a chat with completion, or one command a line from a pipe."""
