"""KIS's REST paths, a desk each: what is asked, what KIS shows of it now, and in which words."""
