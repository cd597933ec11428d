"""Thin adapters: each turns a platform's events into calls, and effects into its payloads."""
