"""The whole program with no account: simulator, chat server and bot as three child processes."""
