"""The owner's side: what is said in the chat, who may say it, and the buttons between."""
