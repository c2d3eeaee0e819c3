"""How a question or an order is written for KIS: paths, field names and codes of requests.

The only place where OVRS_ORD_UNPR is spelled. Source: KIS's field tables (domain/kis.md 4 to 6).
"""
