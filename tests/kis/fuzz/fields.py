"""Which of KIS's fields each part of a result must come from, by parser and by TR id.

Held against KIS's field tables and column lists (domain/kis.md 5 to 7) by hand, so that a parser
that reads a neighbour's field all the time is found out too. c11 is the twelfth column of a record.
"""

FIELDS = {
    "orders.receipt": """
        order_number=ODNO accepted_time=ORD_TMD
    """,
    "orders.order_row": """
        order_date=ord_dt order_number=odno original_number=orgn_odno symbol=pdno
        quantity=ft_ord_qty price=ft_ord_unpr3 filled=ft_ccld_qty filled_amount=ft_ccld_amt3
        open_quantity=nccs_qty status=prcs_stat_name refusal=rjct_rson_name
        ordered_at=dmst_ord_dt/ord_tmd media=mdia_dvsn_name
    """,
    "orders.open_order": """
        order_date=ord_dt order_number=odno original_number=orgn_odno symbol=pdno
        quantity=ft_ord_qty price=ft_ord_unpr3 filled=ft_ccld_qty open_quantity=nccs_qty
        order_time=ord_tmd
    """,
    "orders.reservation": """
        received_date=rsvn_ord_rcit_dt received_time=ord_rcit_tmd
        reservation_number=ovrs_rsvn_odno order_date=ord_dt order_number=odno symbol=pdno
        quantity=ft_ord_qty price=ft_ord_unpr3 filled=ft_ccld_qty refusal=nprc_rson_text
        status=ovrs_rsvn_ord_stat_cd_name
    """,
    "account.holding": """
        symbol=ovrs_pdno quantity=ovrs_cblc_qty orderable=ord_psbl_qty average=pchs_avg_pric
        last=now_pric2
    """,
    "account.buying_power": """
        cash=ord_psbl_frcr_amt orderable=ovrs_ord_psbl_amt
        orderable_integrated=frcr_ord_psbl_amt1 max_quantity=max_ord_psbl_qty
        exchange_rate=exrt
    """,
    "account.present_holding": """
        symbol=pdno quantity=ccld_qty_smtl1 settled=cblc_qty13 orderable=ord_psbl_qty1
        bought_today=thdt_buy_ccld_qty1 sold_today=thdt_sll_ccld_qty1 average=avg_unpr3
        last=ovrs_now_pric1 cost=frcr_pchs_amt value=frcr_evlu_amt2 gain=evlu_pfls_amt2
        gain_percent=evlu_pfls_rt1 currency=buy_crcy_cd exchange_rate=bass_exrt
    """,
    "account.currency_cash": """
        currency=crcy_cd cash=frcr_dncl_amt_2 withdrawable=frcr_drwg_psbl_amt_1
        withdrawable_tomorrow=nxdy_frcr_drwg_psbl_amt bought=frcr_buy_amt_smtl
        sold=frcr_sll_amt_smtl exchange_rate=frst_bltn_exrt
    """,
    "account.krw_totals": """
        assets=tot_asst_amt stocks=evlu_amt_smtl gain=tot_evlu_pfls_amt
        deposits=tot_dncl_amt unsettled_buys=ustl_buy_amt_smtl
        unsettled_sells=ustl_sll_amt_smtl
    """,
    "account.settled_holding": """
        symbol=pdno quantity=cblc_qty13 orderable=ord_psbl_qty1 average=avg_unpr3
        cost=frcr_pchs_amt currency=buy_crcy_cd
    """,
    "account.realized_profit": """
        day=trad_day symbol=ovrs_pdno quantity=slcl_qty average=pchs_avg_pric
        cost=frcr_pchs_amt1 sold_price=avg_sll_unpr proceeds=frcr_sll_amt_smtl1
        fees=stck_sll_tlex profit=ovrs_rlzt_pfls_amt profit_percent=pftrt
    """,
    "account.profit_totals": """
        sold=stck_sll_amt_smtl bought=stck_buy_amt_smtl fees=smtl_fee1
        profit=ovrs_rlzt_pfls_tot_amt
    """,
    "account.transaction": """
        traded=trad_dt settled=sttl_dt symbol=pdno quantity=ccld_qty price=ft_ccld_unpr2
        amount=tr_frcr_amt2 settled_amount=frcr_excc_amt_1 domestic_fee=dmst_frcr_fee1
        foreign_fee=frcr_fee1 currency=crcy_cd exchange_rate=erlm_exrt
    """,
    "account.margin": """
        country=natn_name currency=crcy_cd cash=frcr_dncl_amt1 unsettled_buys=ustl_buy_amt
        unsettled_sells=ustl_sll_amt receivable=frcr_rcvb_amt margin=frcr_mgn_amt
        orderable=frcr_gnrl_ord_psbl_amt orderable_krw=frcr_ord_psbl_amt1
        orderable_integrated=itgr_ord_psbl_amt exchange_rate=bass_exrt
    """,
    "prices.quote": """
        last=last previous_close=base volume=tvol
    """,
    "prices.detail": """
        open=open high=high low=low last=last previous_close=base volume=tvol tick=e_hogau
        exchange_rate=t_rate year_high=h52p year_low=l52p tradable=e_ordyn
    """,
    "prices.book": """
        bids.price=pbid1/pbid10/pbid2/pbid3/pbid4/pbid5/pbid6/pbid7/pbid8/pbid9
        bids.quantity=vbid1/vbid10/vbid2/vbid3/vbid4/vbid5/vbid6/vbid7/vbid8/vbid9
        asks.price=pask1/pask10/pask2/pask3/pask4/pask5/pask6/pask7/pask8/pask9
        asks.quantity=vask1/vask10/vask2/vask3/vask4/vask5/vask6/vask7/vask8/vask9
        at=dhms/dymd
    """,
    "prices.domestic_quote": """
        last=stck_prpr base=stck_sdpr open=stck_oprc high=stck_hgpr low=stck_lwpr
        volume=acml_vol
    """,
    "prices.daily_bar": """
        day=xymd open=open high=high low=low close=clos volume=tvol
    """,
    "prices.minute_bar": """
        start=xhms/xymd open=open high=high low=low close=last volume=evol
    """,
    "listings.symbol_info": """
        name=ovrs_item_name/prdt_name english_name=prdt_eng_name currency=tr_crcy_cd
    """,
    "listings.settlement": """
        product=prdt_type_cd country=natn_eng_abrv_cd market=tr_mket_name local=acpl_sttl_dt
        seoul=dmst_sttl_dt
    """,
    "listings.right": """
        symbol=pdno name=prdt_name code=rght_type_cd local_day=acpl_bass_dt
        seoul_day=bass_dt cash=alct_frcr_unpr/stkp_dvdn_frcr_amt2 currency=crcy_cd
    """,
}
COLUMNS = {
    "HDFSCNT0": """
        symbol=c1 price=c11 quantity=c19 day_volume=c20 at=c6/c7
    """,
    "HDFSASP0": """
        symbol=c1 bids.price=c11/c17/c23/c29/c35/c41/c47/c53/c59/c65
        bids.quantity=c13/c19/c25/c31/c37/c43/c49/c55/c61/c67
        asks.price=c12/c18/c24/c30/c36/c42/c48/c54/c60/c66
        asks.quantity=c14/c20/c26/c32/c38/c44/c50/c56/c62/c68 at=c5/c6
    """,
    "H0STCNT0": """
        symbol=c0 price=c2 quantity=c12 day_volume=c13 at=c1/c33
    """,
    "H0STASP0": """
        symbol=c0 bids.price=c13/c14/c15/c16/c17/c18/c19/c20/c21/c22
        bids.quantity=c33/c34/c35/c36/c37/c38/c39/c40/c41/c42
        asks.price=c10/c11/c12/c3/c4/c5/c6/c7/c8/c9
        asks.quantity=c23/c24/c25/c26/c27/c28/c29/c30/c31/c32 at=c1
    """,
    "H0GSCNI0": """
        account=c1 notice.order_number=c2 notice.original_number=c3 notice.symbol=c7
        notice.quantity=c8 notice.order_quantity=c15/c8
    """,
    "H0GSCNI9": """
        account=c1 notice.order_number=c2 notice.original_number=c3 notice.symbol=c7
        notice.quantity=c8 notice.order_quantity=c15/c8
    """,
    "H0STCNI0": """
        account=c1 notice.order_number=c2 notice.original_number=c3 notice.symbol=c8
        notice.quantity=c9 notice.price=c10 notice.order_quantity=c16/c9
    """,
    "H0STCNI9": """
        account=c1 notice.order_number=c2 notice.original_number=c3 notice.symbol=c8
        notice.quantity=c9 notice.price=c10 notice.order_quantity=c16/c9
    """,
}


def declared(words: str) -> dict[str, frozenset[str]]:
    """Read one entry of the tables: part=field/field ..."""
    pairs = (pair.split("=") for pair in words.split())
    return {part: frozenset(names.split("/")) for part, names in pairs}
