#!/usr/bin/env bash
# Settles a visit by curl: the request id is written down before it is sent, so that a time-out can always be resolved.
set -euo pipefail
http=${SETTLEMENT_HTTP:-http://127.0.0.1:5081}
key=${SETTLEMENT_KEY:-sandbox-hospital}
request="H21010200002$(date +%Y%m%d%H%M%S)0001"

call() { # SERVICE/METHOD BODY
  curl --silent --show-error --fail-with-body --max-time 10 -H "Authorization: Bearer $key" -d "$2" "$http/v1/$1"
}
field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }

settle() {
  call Settlement/Settle '{
    "requestId": "'"$request"'", "person": "SANDBOX-ADULT", "visitId": "V'"${request:1}"'", "chargeBatch": "1",
    "claim": {
      "region": "210100", "scheme": "RESIDENT", "visitType": "INPATIENT",
      "admissionDate": "'"$(date -d '6 days ago' +%F)"'", "dischargeDate": "'"$(date -d yesterday +%F)"'",
      "totals": { "total": 3500000, "selfFunded": 60000, "overLimit": 200000, "preSelfPay": 231397, "inScope": 3008603 }
    }
  }'
}

first=$(settle)
id=$(field settlementId <<<"$first")
echo "settled $id, the person pays $(field personPays <<<"$first") fen"
[[ $(settle) == "$first" ]] # the same request again: the same answer, nothing settled twice
call Settlement/GetByRequest '{"requestId": "'"$request"'"}' | grep -q '"SETTLED"'
call Settlement/Reverse '{"requestId": "R'"${request:1}"'", "settlementId": "'"$id"'"}' >/dev/null
echo "reversed $id"
echo ok
