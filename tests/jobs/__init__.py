"""Tests of what the bot does by itself."""
