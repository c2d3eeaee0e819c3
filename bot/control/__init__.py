"""The running bot's second door: the same commands and roles as the chat's, on a Unix socket."""
