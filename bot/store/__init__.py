"""Where state lives: SQLite in one process, or PostgreSQL with any number of processes."""
