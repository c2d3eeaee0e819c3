"""mojito2 0.1.6 does what it can at the simulator; only its host names are changed."""

import os
import tempfile
import time

import mojito.koreainvestment
from steps import GIVEN, SOCKET, URL, Steps, move

KEYS = (GIVEN["app_key"], GIVEN["app_secret"])
os.chdir(tempfile.mkdtemp())  # it keeps its token where it stands


class Broker(mojito.koreainvestment.KoreaInvestment):
    def set_base_url(self, mock=True):
        self.base_url = URL


steps = Steps()
steps.take("token", lambda: bool(Broker(*KEYS, GIVEN["account"], exchange="나스닥").access_token))
broker = Broker(*KEYS, GIVEN["account"], exchange="나스닥")
practice = Broker(*KEYS, GIVEN["account"], exchange="나스닥", mock=True)


def rows(answer, name):
    return [row["ovrs_pdno"] for row in answer[name] if row["ovrs_pdno"]]


def ordered(*order, at=broker):
    answer = at.create_oversea_order(*order)
    return answer["output"]["ODNO"] if answer["rt_cd"] == "0" else answer


def streamed():
    """Its socket is for KRX alone, and its address stands inside the method that opens it."""
    connect = mojito.koreainvestment.websockets.connect
    mojito.koreainvestment.websockets.connect = lambda _, **options: connect(SOCKET, **options)
    reader = mojito.koreainvestment.KoreaInvestmentWS(*KEYS, ["H0STCNT0"], ["005930"])
    reader.base_url = URL
    reader.start()
    try:
        time.sleep(2)  # it connects in a process of its own and says nothing about it
        move("close")
        move("session")  # KRX trades in New York's night
        return reader.queue.get(timeout=10)[1]["유가증권단축종목코드"]
    finally:
        reader.terminate()


price = steps.take("quote", lambda: broker.fetch_price("TQQQ")["output"]["last"])
steps.take("daily", lambda: len(broker.fetch_ohlcv("TQQQ", "D", "")["output2"]))
steps.take("weekly", lambda: len(broker.fetch_ohlcv("TQQQ", "W", "")["output2"]))
steps.take("balance", lambda: rows(broker.fetch_balance(), "output1"))
steps.take("present", lambda: broker.fetch_present_balance()["output2"][0]["frcr_dncl_amt_2"])
high, low = round(float(price) * 1.05, 2), round(float(price) * 0.9, 2)
move("open")
steps.take("buy", lambda: ordered("buy", "TQQQ", high, 5, "00"))
steps.take("loc", lambda: ordered("buy", "TQQQ", low, 2, "LOC"))
steps.take("sell", lambda: ordered("sell", "TQQQ", low, 2, "00"))
steps.take("moc", lambda: ordered("sell", "TQQQ", 0, 1, "MOC"))
steps.take("holdings", lambda: rows(broker.fetch_balance(), "output1"))
steps.take("practice_buy", lambda: ordered("buy", "TQQQ", low, 1, "00", at=practice))
steps.take("practice_holdings", lambda: rows(practice.fetch_balance(), "output1"))
steps.take("domestic", lambda: broker.fetch_domestic_price("J", "005930")["output"]["stck_prpr"])
steps.take("trade", streamed)
steps.print()
