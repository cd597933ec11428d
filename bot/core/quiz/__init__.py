"""Quiz engines: what answers say, with no chat, clock or storage."""
