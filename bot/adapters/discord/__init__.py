"""Discord: slash commands, buttons, forms and direct messages, in Components V2."""
