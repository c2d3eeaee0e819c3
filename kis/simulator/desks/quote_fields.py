"""The fields of KIS's two widest quote answers, in its tables' order."""

DETAIL_FIELDS = (
    "rsym", "pvol", "open", "high", "low", "last", "base", "tomv", "pamt", "uplp", "dnlp",
    "h52p", "h52d", "l52p", "l52d", "perx", "pbrx", "epsx", "bpsx", "shar", "mcap", "curr",
    "zdiv", "vnit", "t_xprc", "t_xdif", "t_xrat", "p_xprc", "p_xdif", "p_xrat", "t_rate",
    "p_rate", "t_xsgn", "p_xsng", "e_ordyn", "e_hogau", "e_icod", "e_parp", "tvol", "tamt",
    "etyp_nm",
)  # fmt: skip
INFO_FIELDS = (
    "std_pdno", "prdt_eng_name", "natn_cd", "natn_name", "tr_mket_cd", "tr_mket_name",
    "ovrs_excg_cd", "ovrs_excg_name", "tr_crcy_cd", "ovrs_papr", "crcy_name",
    "ovrs_stck_dvsn_cd", "prdt_clsf_cd", "prdt_clsf_name", "sll_unit_qty", "buy_unit_qty",
    "tr_unit_amt", "lstg_stck_num", "lstg_dt", "ovrs_stck_tr_stop_dvsn_cd",
    "lstg_abol_item_yn", "ovrs_stck_prdt_grp_no", "lstg_yn", "tax_levy_yn",
    "ovrs_stck_erlm_rosn_cd", "ovrs_stck_hist_rght_dvsn_cd", "chng_bf_pdno",
    "prdt_type_cd_2", "ovrs_item_name", "sedol_no", "blbg_tckr_text",
    "ovrs_stck_etf_risk_drtp_cd", "etp_chas_erng_rt_dbnb", "istt_usge_isin_cd",
    "mint_svc_yn", "mint_svc_yn_chng_dt", "prdt_name", "lei_cd", "ovrs_stck_stop_rson_cd",
    "lstg_abol_dt", "mini_stk_tr_stat_dvsn_cd", "mint_frst_svc_erlm_dt",
    "mint_dcpt_trad_psbl_yn", "mint_fnum_trad_psbl_yn", "mint_cblc_cvsn_ipsb_yn",
    "ptp_item_yn", "ptp_item_trfx_exmt_yn", "ptp_item_trfx_exmt_strt_dt",
    "ptp_item_trfx_exmt_end_dt", "dtm_tr_psbl_yn", "sdrf_stop_ecls_yn",
    "sdrf_stop_ecls_erlm_dt", "memo_text1", "ovrs_now_pric1", "last_rcvg_dtime",
)  # fmt: skip
BASICS_FIELDS = (
    "pdno", "prdt_type_cd", "prdt_name", "prdt_name120", "prdt_abrv_name", "prdt_eng_name",
    "prdt_eng_name120", "prdt_eng_abrv_name", "std_pdno", "shtn_pdno", "prdt_sale_stat_cd",
    "prdt_risk_grad_cd", "prdt_clsf_cd", "prdt_clsf_name", "sale_strt_dt", "sale_end_dt",
    "wrap_asst_type_cd", "ivst_prdt_type_cd", "ivst_prdt_type_cd_name", "frst_erlm_dt",
)  # fmt: skip
