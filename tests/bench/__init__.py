"""`make bench`: how fast and how small rolecall is, beside bare programs on the same libraries."""
