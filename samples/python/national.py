#!/usr/bin/env python3
"""A hospital system that speaks the national interface: admission, charges, discharge, settlement, and a time-out resolved by 2601."""
import json
import os
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

HTTP = os.environ.get("SETTLEMENT_HTTP", "http://127.0.0.1:5081")
KEY = os.environ.get("SETTLEMENT_KEY", "sandbox-hospital")
FACILITY = "H21010200002"
PERSON = "SANDBOX-CHILD"
CHINA = timezone(timedelta(hours=8))
now = datetime.now(CHINA)
serial = 0


class Refused(Exception):
    """infcode -1: nothing was written."""


def message(infno, content):
    """A message with a new id. Write it down before it is sent."""
    global serial
    serial += 1
    return {
        "infno": infno,
        "msgid": f"{FACILITY}{now:%Y%m%d%H%M%S}{serial:04d}",
        "mdtrtarea_admvs": "210100",
        "insuplc_admdvs": "210102",
        "inf_time": f"{now:%Y-%m-%d %H:%M:%S}",
        "fixmedins_code": FACILITY,
        "input": content,
    }


def send(what):
    """The output and the warning. An HTTP error or a time-out is an unknown end: resolve it, never settle the charge under a new id before."""
    request = urllib.request.Request(
        HTTP + "/national", json.dumps(what).encode(), {"Authorization": "Bearer " + KEY, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        content = json.load(answer)
    if content["infcode"] != 0:
        raise Refused(content["err_msg"])
    return content["output"], content["warn_msg"]


def time(days_ago):
    return f"{now - timedelta(days=days_ago):%Y-%m-%d %H:%M:%S}"


admission, _ = send(message("2401", {"mdtrtinfo": {
    "psn_no": PERSON, "insutype": "390", "begntime": time(6), "mdtrt_cert_type": "01", "med_type": "21"}}))
visit = admission["result"]["mdtrt_id"]
lines, _ = send(message("2301", {"feedetail": [
    {"feedetl_sn": "1", "mdtrt_id": visit, "psn_no": PERSON, "med_list_codg": "X1", "chrgitm_lv": "01",
     "pric": "300.00", "cnt": "10", "det_item_fee_sumamt": "3000.00"},
    {"feedetl_sn": "2", "mdtrt_id": visit, "psn_no": PERSON, "med_list_codg": "X2", "chrgitm_lv": "02", "selfpay_prop": "0.1",
     "pric": "150.50", "cnt": "4", "det_item_fee_sumamt": "602.00"}]}))
print("line 2: the person pays first", lines["result"][1]["preselfpay_amt"])
send(message("2402", {"dscginfo": {"mdtrt_id": visit, "psn_no": PERSON, "endtime": time(1)}}))
bill = {"data": {"psn_no": PERSON, "mdtrt_id": visit, "med_type": "21", "insutype": "390", "medfee_sumamt": "3602.00", "acct_used_flag": "0"}}
quote, _ = send(message("2303", bill))
first = message("2304", bill)
settled, _ = send(first)
assert settled["setlinfo"]["psn_cash_pay"] == quote["setlinfo"]["psn_cash_pay"]
print("settled", settled["setlinfo"]["setl_id"], settled["setldetail"][0]["setl_proc_info"])

# Suppose that this answer had been lost: 2601 ends the message, whatever had become of it.
_, outcome = send(message("2601", {"data": {"psn_no": PERSON, "omsgid": first["msgid"], "oinfno": "2304"}}))
print(outcome)
again, _ = send(message("2304", bill))
print("settled anew", again["setlinfo"]["setl_id"])
try:
    send(message("2102", {"data": {}}))
    raise SystemExit("a transaction that is not served was served")
except Refused as refused:
    print(refused)
send(message("2305", {"data": {"setl_id": again["setlinfo"]["setl_id"], "mdtrt_id": visit, "psn_no": PERSON}}))
print("ok")
