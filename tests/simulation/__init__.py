"""The whole program, deterministically: real code above the ports, a simulated world below them."""
