"""What KIS promises its customers, written once against `Kis` and asked of every venue.

The venues: the simulator in this process, and `python -m kis.simulator` over loopback, each as the
real and as the mock host. By hand it also runs against an account of yours:

    pytest tests/kis/contract --account-env FILE

FILE holds lines NAME=VALUE (or the environment does): KIS_CONTRACT_VENUE real or mock,
KIS_CONTRACT_APP_KEY, KIS_CONTRACT_APP_SECRET, KIS_CONTRACT_ACCOUNT (12345678-01),
KIS_CONTRACT_HTS_ID, and if wanted KIS_CONTRACT_SYMBOL (TQQQ), KIS_CONTRACT_EXCHANGE (NASDAQ) and
KIS_CONTRACT_TOKEN_FILE (a token that is kept, since KIS tells the owner of each new one);
KIS_CONTRACT_URL asks another server that speaks KIS instead.

At an account of yours nothing that could fill is sent: one share, to buy, at 70 % of the last
price, cancelled and looked up afterwards, and on a real account not even that without
KIS_CONTRACT_ORDERS=yes. What needs fills, faults or a clock that moves is skipped there, and what
needs an open market says so when it is closed. Stop everything else that uses the same key first.
"""
