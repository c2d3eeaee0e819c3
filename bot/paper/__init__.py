"""The rehearsal room: live prices from KIS, orders and account in our simulator.

A child process of `muhan run` in venue paper. It knows the owner's app key, by which it asks KIS
for prices; it knows no account, and no code that could send KIS an order is imported here.
"""
