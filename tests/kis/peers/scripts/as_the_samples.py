"""Asks and reads as KIS's own Python samples do: requests, named tuples, pandas, websockets.

Written anew after the samples' conduct; the requests are handed in as a table.
"""

import asyncio
import json
from base64 import b64decode
from collections import namedtuple
from io import StringIO

import pandas as pd
import requests
import websockets
from Crypto.Cipher import AES
from Crypto.Util.Padding import unpad
from steps import GIVEN, SOCKET, URL, Steps, move

TRADES = [
    "SYMB", "ZDIV", "TYMD", "XYMD", "XHMS", "KYMD", "KHMS", "OPEN", "HIGH", "LOW", "LAST", "SIGN",
    "DIFF", "RATE", "PBID", "PASK", "VBID", "VASK", "EVOL", "TVOL", "TAMT", "BIVL", "ASVL", "STRN",
    "MTYP",
]  # fmt: skip
NOTICES = [
    "CUST_ID", "ACNT_NO", "ODER_NO", "OODER_NO", "SELN_BYOV_CLS", "RCTF_CLS", "ODER_KIND2",
    "STCK_SHRN_ISCD", "CNTG_QTY", "CNTG_UNPR", "STCK_CNTG_HOUR", "RFUS_YN", "CNTG_YN", "ACPT_YN",
    "BRNC_NO", "ODER_QTY", "ACNT_NAME", "CNTG_ISNM", "ODER_COND", "DEBT_GB", "DEBT_DATE",
    "START_TM", "END_TM", "TM_DIV_TP",
]  # fmt: skip
WATCHED = {
    "HDFSCNT0": ("DNASTQQQ", TRADES),
    "H0GSCNI0": (GIVEN["hts_id"], NOTICES),
}
BASE = {"Content-Type": "application/json", "Accept": "text/plain", "charset": "UTF-8"}

steps = Steps()
keys = {"appkey": GIVEN["app_key"], "appsecret": GIVEN["app_secret"]}


def token():
    body = json.dumps({"grant_type": "client_credentials", **keys})
    answer = requests.post(f"{URL}/oauth2/tokenP", data=body, headers=BASE, timeout=10)
    return answer.json()["access_token"]


def fetch(path, tr_id, fields, tr_cont="", *, post=False):
    """Call, and give the answer's head and body as named tuples."""
    headers = {**BASE, **keys, "authorization": f"Bearer {bearer}"}
    headers |= {"tr_id": tr_id, "custtype": "P", "tr_cont": tr_cont}
    if post:
        done = requests.post(URL + path, headers=headers, data=json.dumps(fields), timeout=10)
    else:
        done = requests.get(URL + path, headers=headers, params=fields, timeout=10)
    names = [name for name in done.headers if name.islower() and name.isidentifier()]
    head = namedtuple("header", names)(*(done.headers[name] for name in names))
    body = namedtuple("body", done.json())(**done.json())
    if body.rt_cd != "0":
        raise RuntimeError(f"{body.msg_cd} {body.msg1}")
    return head, body


def frames_of(read):
    """Page through an inquiry and give the shape of each of its frames."""
    found, fields, tr_cont = {}, dict(read["fields"]), ""
    for _ in range(10):
        head, body = fetch(read["path"], read["tr_id"], fields, tr_cont)
        for name in read["outputs"]:
            value = getattr(body, name)
            frame = pd.DataFrame(value if isinstance(value, list) else [value])
            found[name] = pd.concat([found.get(name, pd.DataFrame()), frame], ignore_index=True)
        if head.tr_cont not in {"M", "F"}:
            break
        fields |= {name: getattr(body, name.lower()) for name in fields if "CTX_AREA" in name}
        tr_cont = "N"
    return {name: list(frame.shape) for name, frame in found.items()}


def bought():
    order = {**GIVEN["order"], "OVRS_ORD_UNPR": "85.00", "ORD_QTY": "2"}
    _, body = fetch("/uapi/overseas-stock/v1/trading/order", "TTTT1002U", order, post=True)
    return pd.DataFrame([body.output])["ODNO"].iloc[0]


def approval():
    body = {"grant_type": "client_credentials", "appkey": GIVEN["app_key"]}
    body |= {"secretkey": GIVEN["app_secret"]}
    answer = requests.post(
        f"{URL}/oauth2/Approval", data=json.dumps(body), headers=BASE, timeout=10
    )
    return answer.json()["approval_key"]


async def watched():
    """Register, trade, and read frames of both kinds with pandas, by the samples' columns."""
    key = await asyncio.to_thread(approval)
    header = {"content-type": "utf-8", "approval_key": key, "tr_type": "1", "custtype": "P"}
    acks, seen = {}, {}
    async with websockets.connect(f"{SOCKET}/tryitout") as socket, asyncio.timeout(20):
        for tr_id, (tr_key, _) in WATCHED.items():
            body = {"input": {"tr_id": tr_id, "tr_key": tr_key}}
            await socket.send(json.dumps({"header": header, "body": body}))
        async for raw in socket:
            if raw[0] not in "01":
                said = json.loads(raw)
                if said["header"]["tr_id"] == "PINGPONG":
                    await socket.pong(raw)
                    continue
                acks[said["header"]["tr_id"]] = said
                if len(acks) == len(WATCHED):
                    await asyncio.to_thread(bought)
                    await asyncio.to_thread(move, GIVEN["later"])
                continue
            _, tr_id, _, payload = raw.split("|")
            if acks[tr_id]["header"]["encrypt"] == "Y":
                output = acks[tr_id]["body"]["output"]
                opener = AES.new(output["key"].encode(), AES.MODE_CBC, output["iv"].encode())
                payload = unpad(opener.decrypt(b64decode(payload)), AES.block_size).decode()
            frame = pd.read_csv(
                StringIO(payload), header=None, sep="^", names=WATCHED[tr_id][1], dtype=object
            )
            seen[tr_id] = frame.iloc[0].to_dict()
            if len(seen) == len(WATCHED):
                return seen
    return seen


bearer = steps.take("token", token)
move("open")
steps.take("bought", bought)
for each in GIVEN["reads"]:
    steps.take(each["tr_id"], lambda each=each: frames_of(each))
seen = steps.take("watched", lambda: asyncio.run(watched()))
steps.print()
