"""The pictures of the guides, made by the program itself: `make pictures`."""
