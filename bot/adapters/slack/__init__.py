"""The Slack adapter: signed HTTP or Socket Mode in, Block Kit out."""
