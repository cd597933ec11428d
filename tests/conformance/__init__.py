"""One suite of scenarios, run unchanged on every platform."""
