"""Figures for the browser: pure functions from the descriptions of `bot.charts.model` to plotly.

What a picture for the chat shows, a figure shows too, by the same description; so the two agree.
"""
