// Settles a visit from Node.js over HTTP/JSON, with the one rule that matters: after a time-out, the same request id again.
const http = process.env.SETTLEMENT_HTTP ?? 'http://127.0.0.1:5081';
const key = process.env.SETTLEMENT_KEY ?? 'sandbox-hospital';
const day = (daysAgo) => new Date(Date.now() + 8 * 3600e3 - daysAgo * 86400e3).toISOString().slice(0, 10); // days in China
const requestId = 'NODE-' + Date.now().toString(36);

class Refused extends Error {}

async function call(method, body) {
  const answer = await fetch(`${http}/v1/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const content = await answer.json();
  if (answer.ok) return content;
  const reason = content.details?.find((detail) => detail.reason)?.reason;
  // 429 busy, 499 and 5xx unknown: the same request may be sent again. Everything else is refused for good.
  throw new (answer.status === 429 || answer.status >= 499 ? Error : Refused)(`${reason}: ${content.message}`);
}

async function callUntilKnown(method, body) {
  for (let pause = 200; ; pause = Math.min(pause * 2, 5000)) {
    try {
      return await call(method, body);
    } catch (error) {
      if (error instanceof Refused || pause > 5000) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

const request = {
  requestId, person: 'SANDBOX-LOW-INCOME', visitId: `V-${requestId}`, chargeBatch: '1',
  claim: {
    region: '210100', scheme: 'RESIDENT', visitType: 'INPATIENT', admissionDate: day(6), dischargeDate: day(1),
    totals: { total: 4_000_000, inScope: 4_000_000 },
  },
};

const quote = await call('Settlement/Quote', { person: request.person, claim: request.claim });
const settled = await callUntilKnown('Settlement/Settle', request);
if (settled.result.personPays !== quote.result.personPays) throw new Error('the settlement differs from its quote');
console.log(`settled ${settled.result.settlementId}, assistance ${settled.result.assistanceBasic} fen`);
const again = await callUntilKnown('Settlement/Settle', request);
if (JSON.stringify(again) !== JSON.stringify(settled)) throw new Error('a repeat was answered otherwise');
const known = await call('Settlement/GetByRequest', { requestId });
if (known.state !== 'SETTLED') throw new Error(`the request is ${known.state}`);
try {
  await call('Settlement/Settle', { ...request, requestId: requestId + '-2', visitId: 'V2', person: 'SANDBOX-LAPSED' });
  throw new Error('a person without cover was settled');
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.log(error.message);
}
await callUntilKnown('Settlement/Reverse', { requestId: requestId + '-R', settlementId: settled.result.settlementId });
console.log('ok');
