"""The handlers: Discord, Telegram, the terminal and the command line."""
