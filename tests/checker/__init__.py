"""A second reading of the method: whole backtests in integers, sharing no line with `strategy`.

Prices are whole cents; money, averages and T are whole numbers of 1e-12. Written from the rules'
text and the published tables alone, so that a rule misread once is seen where the two disagree.
"""
