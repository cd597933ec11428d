"""A Discord on loopback: gateway, REST and the people in it, for the real discord.py to talk to.

Start with ``tests.fakes.discord.server.FakeDiscord``.
"""
