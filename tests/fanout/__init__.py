"""One issue of the newsletter for thousands of channels: a server for them, and the accounts.

`python -m tests.fanout.server` is a Discord and a Slack that take messages and lose some of them on
purpose. `seed` fills a database with subscriptions that are due, `processes` runs and stops bots,
and `account` holds what the database says against what the server got.
"""
