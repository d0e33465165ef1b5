"""The use case 'due posts reach their chats': each exactly once, in order, under Telegram's limits."""
