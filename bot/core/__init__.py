"""The core: role content, commands and views, with no network, database or platform library."""
