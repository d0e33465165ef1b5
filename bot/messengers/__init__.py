"""Where messages go and calls come from: Telegram, and the terminal."""
