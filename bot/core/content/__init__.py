"""Role content: its models, the loader that checks it, and the catalogue that finds things."""
