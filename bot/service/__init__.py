"""The bot as a service of systemd: units, what installing them takes, and the way back.

Which unit: `units.py` fills the templates beside it. What is done: `steps.py` (one step, one
sentence), in the order of `installer.py`. Only `runner.py` starts a program.
"""
