"""The owner's account is his: what he does beside the bot is seen, shown, adopted by a tap only."""
