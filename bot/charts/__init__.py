"""Pictures for the chat: described here, drawn in a child process that ends with its picture."""
