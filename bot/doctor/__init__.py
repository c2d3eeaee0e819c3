"""`muhan doctor`: one small look at each thing that has to be right before money is traded.

Every look answers what it saw, why that matters and what to do; none of them changes anything, and
none says a secret: keys are told by a fingerprint.
"""
