"""Subscriptions to the newsletter, as those who manage a community see them."""
