"""rolecall: what the jobs of the AI, ML and data family are, answered inside the chat."""
