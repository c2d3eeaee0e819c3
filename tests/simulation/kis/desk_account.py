"""The account's figures: balance by execution, present balance, what may be ordered, settlement."""

from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

from kis.transport import Reply
from tests.simulation.faults import Fault
from tests.simulation.kis import words
from tests.simulation.kis.book import FEE, SEOUL, Position, Row
from tests.simulation.kis.exchange import Exchange
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.kis.request import Request
from tests.simulation.market import LISTED
from tests.simulation.world import World

RATE = Decimal("1390.50")
_CENT = Decimal("0.01")
_FILLER = {
    "ovrs_pdno": "",
    "ovrs_item_name": "",
    "ovrs_cblc_qty": "0",
    "ord_psbl_qty": "0",
    "pchs_avg_pric": "0.0000",
    "now_pric2": "0.000000",
    "ovrs_excg_cd": "",
}
_OTHER = {"NASD": "AMEX", "AMEX": "NASD", "NYSE": "NASD"}


class AccountDesk:
    """Answers what is held and what may be bought."""

    def __init__(self, world: World, mishaps: Mishaps, exchange: Exchange) -> None:
        self._world = world
        self._mishaps = mishaps
        self._exchange = exchange

    def balance(self, request: Request) -> Reply:
        """Answer GET /inquire-balance: by execution, the whole of the US under NASD."""
        del request
        rows = [self._holding(symbol, each) for symbol, each in self._held()]
        if rows and self._mishaps.comes(Fault.ROW_TWICE):
            again = dict(self._world.chance("kis.strange").choice(rows))
            again["ovrs_excg_cd"] = _OTHER[again["ovrs_excg_cd"]]
            rows.append(again)
            self._mishaps.struck(Fault.ROW_TWICE, again["ovrs_pdno"])
        return words.answered(
            self._world.now,
            words.READ if rows else words.NOTHING,
            tr_cont="D",
            ctx_area_fk200="".ljust(200),
            ctx_area_nk200="".ljust(200),
            output1=[*rows, _FILLER],
            output2={"frcr_pchs_amt1": "0.00000", "ovrs_tot_pfls": "0.00000"},
        )

    def present(self, request: Request) -> Reply:
        """Answer GET /inquire-present-balance, in foreign currency."""
        del request
        cash = self._exchange.account.cash
        money = f"{cash.quantize(_CENT, ROUND_DOWN)}"
        dollars = {
            "crcy_cd": "USD",
            "crcy_cd_name": "미국 달러",
            "frcr_dncl_amt_2": money,
            "frcr_drwg_psbl_amt_1": money,
            "nxdy_frcr_drwg_psbl_amt": money,
            "frcr_buy_amt_smtl": "0.000000",
            "frcr_sll_amt_smtl": "0.000000",
            "frst_bltn_exrt": f"{RATE:.8f}",
        }
        value = sum(
            (each.quantity * self._exchange.market.last(symbol) for symbol, each in self._held()),
            start=Decimal(0),
        )
        totals = {
            "tot_asst_amt": f"{(cash + value) * RATE:.0f}",
            "evlu_amt_smtl": f"{value * RATE:.0f}",
            "tot_evlu_pfls_amt": "0",
            "tot_dncl_amt": f"{cash * RATE:.0f}",
            "ustl_buy_amt_smtl": "0",
            "ustl_sll_amt_smtl": "0",
        }
        return words.answered(
            self._world.now,
            words.READ,
            tr_cont="D",
            output1=[self._present(symbol, each) for symbol, each in self._held()],
            output2=[dollars],
            output3=totals,
        )

    def buying_power(self, request: Request) -> Reply:
        """Answer GET /inquire-psamount."""
        exchange = self._exchange
        orderable = exchange.orderable_shown
        if exchange.withheld is not None and exchange.withheld_shown:
            self._mishaps.struck_today(Fault.USD_SHORT, "shown")
        orderable = max(orderable / (1 + FEE), Decimal(0)).quantize(_CENT, ROUND_DOWN)
        price = Decimal(request.query["OVRS_ORD_UNPR"])
        output = {
            "tr_crcy_cd": "USD",
            "ord_psbl_frcr_amt": f"{orderable}",
            "sll_ruse_psbl_amt": "0.00",
            "ovrs_ord_psbl_amt": f"{orderable}",
            "frcr_ord_psbl_amt1": f"{orderable}",
            "max_ord_psbl_qty": str(int(orderable / price)) if price else "0",
            "ovrs_max_ord_psbl_qty": "0",
            "ord_psbl_qty": "0",
            "exrt": f"{RATE:.10f}",
        }
        return words.answered(self._world.now, words.DONE, output=output)

    def settlements(self, request: Request) -> Reply:
        """Answer GET /countries-holiday: when a trade of a day settles, market by market."""
        text = request.query["TRAD_DT"]
        day = self._world.now.astimezone(SEOUL).date()
        local = day + timedelta(days=1)
        rows = [
            {
                "prdt_type_cd": each.product,
                "tr_natn_cd": "840",
                "tr_natn_name": "미국",
                "natn_eng_abrv_cd": "US",
                "tr_mket_cd": "01",
                "tr_mket_name": each.order_code,
                "acpl_sttl_dt": f"{local:%Y%m%d}",
                "dmst_sttl_dt": f"{local + timedelta(days=1):%Y%m%d}",
                "trad_dt": text,
            }
            for each in LISTED
        ]
        return words.answered(
            self._world.now, words.READ, tr_cont="D", ctx_area_nk="", ctx_area_fk="", output=rows
        )

    def _held(self) -> list[tuple[str, Position]]:
        shown = self._exchange.account.shown
        return [(symbol, each) for symbol, each in shown.items() if each.quantity]

    def _orderable(self, symbol: str, held: Position) -> int:
        locked = sum(each.left for each in self._exchange.working(symbol) if each.side == "sell")
        return max(held.quantity - locked, 0)

    def _holding(self, symbol: str, held: Position) -> Row:
        tape = self._exchange.market.tapes[symbol]
        return {
            "prdt_type_cd": tape.listed.product,
            "cblc_qty13": str(self._settled(symbol, held)),
            "ovrs_pdno": symbol,
            "ovrs_item_name": symbol,
            "ovrs_cblc_qty": str(held.quantity),
            "ord_psbl_qty": str(self._orderable(symbol, held)),
            "pchs_avg_pric": f"{held.average:.4f}",
            "frcr_pchs_amt1": f"{held.cost:.5f}",
            "ovrs_stck_evlu_amt": f"{tape.last * held.quantity:.8f}",
            "now_pric2": f"{tape.last:.6f}",
            "tr_crcy_cd": "USD",
            "ovrs_excg_cd": tape.listed.order_code,
        }

    def _settled(self, symbol: str, held: Position) -> int:
        """Give the shares by settlement, now and then other than those by execution."""
        settled = self._exchange.account.settled.get(symbol, 0)
        if settled == held.quantity or not self._mishaps.comes(Fault.SETTLED_HOLDINGS):
            return held.quantity
        self._mishaps.struck(Fault.SETTLED_HOLDINGS, f"{symbol} {settled} {held.quantity}")
        return settled

    def _present(self, symbol: str, held: Position) -> Row:
        account, tape = self._exchange.account, self._exchange.market.tapes[symbol]
        settled = self._settled(symbol, held)
        value = tape.last * held.quantity
        return {
            "pdno": symbol,
            "prdt_name": symbol,
            "cblc_qty13": f"{settled}.00000000",
            "ccld_qty_smtl1": f"{held.quantity}.00000000",
            "ord_psbl_qty1": f"{self._orderable(symbol, held)}.00000000",
            "thdt_buy_ccld_qty1": f"{account.bought.get(symbol, 0)}.00000000",
            "thdt_sll_ccld_qty1": f"{account.sold.get(symbol, 0)}.00000000",
            "avg_unpr3": f"{held.average:.4f}",
            "ovrs_now_pric1": f"{tape.last:.5f}",
            "frcr_pchs_amt": f"{held.cost:.5f}",
            "frcr_evlu_amt2": f"{value:.6f}",
            "evlu_pfls_amt2": f"{value - held.cost:.5f}",
            "evlu_pfls_rt1": f"{(value - held.cost) / held.cost * 100 if held.cost else 0:.8f}",
            "buy_crcy_cd": "USD",
            "bass_exrt": f"{RATE:.8f}",
            "ovrs_excg_cd": tape.listed.order_code,
        }
