"""What is asked of the broker to be shown, and what of its answers is kept."""
