"""The program watching itself: laws that must hold, the books compared, and who hears of silence.

Nothing here trades. What is found is told, and holds orders back or stops trading.
"""
