// Drives the probe service with the gRPC client of Node.js and prints one line of JSON for each thing it saw.
// Arguments: host:port, path of probe.proto, path of health.proto.
// No answer is empty: gRPC for .NET compresses nothing into nothing, which zlib refuses. The gateway has a provider that does better.
'use strict';

const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, probeProto, healthProto] = process.argv.slice(2);
const load = (file) => grpc.loadPackageDefinition(loader.loadSync(file, { longs: Number, enums: String, defaults: true }));
const { Probe } = load(probeProto).settlement.contract.v1;
const { Health } = load(healthProto).grpc.health.v1;
const gzip = { 'grpc.default_compression_algorithm': 2 };

const client = new Probe(address, grpc.credentials.createInsecure());
const compressing = new Probe(address, grpc.credentials.createInsecure(), gzip);
const health = new Health(address, grpc.credentials.createInsecure());

const say = (name, value) => console.log(JSON.stringify({ name, value }));

/** Makes a unary call; gives its reply or error, headers and trailers. */
function unary(target, method, request, { metadata = new grpc.Metadata(), options = {} } = {}) {
  return new Promise((resolve) => {
    const seen = {};
    const call = target[method](request, metadata, options, (error, reply) => setImmediate(() => resolve({ ...seen, error, reply })));
    call.on('metadata', (headers) => { seen.headers = headers; });
    call.on('status', (status) => { seen.trailers = status.metadata; });
  });
}

/** Reads a stream to its end. */
function all(call) {
  return new Promise((resolve) => {
    const messages = [];
    call.on('data', (message) => messages.push(message));
    call.on('error', () => {});
    call.on('status', (status) => resolve({ messages, code: status.code }));
  });
}

async function callKinds() {
  say('unary', (await unary(client, 'Echo', { text: '医保', number: 7 })).reply);

  const sum = await new Promise((resolve, reject) => {
    const call = client.Collect((error, reply) => (error ? reject(error) : resolve(reply)));
    for (const text of ['a', 'bb', 'ccc']) call.write({ text });
    call.end();
  });
  say('client stream', sum);

  const produced = await all(client.Produce({ count: 500, size: 1000 }));
  say('server stream', { code: produced.code, numbers: produced.messages.map((message) => message.number).every((n, i) => n === i), count: produced.messages.length });

  const chat = client.Chat();
  const ended = all(chat);
  for (let number = 1; number <= 5; number++) chat.write({ number });
  chat.end();
  const { messages, code } = await ended;
  say('duplex', { code, numbers: messages.map((message) => message.number) });
}

async function endings() {
  const late = await unary(client, 'Wait', {}, { options: { deadline: Date.now() + 300 } });
  say('deadline', late.error.code);

  // Cancelled once the server has answered: grpc-js forgets to reset a stream that is cancelled while it starts.
  const chat = client.Chat();
  chat.on('data', () => chat.cancel());
  const ended = all(chat);
  chat.write({ number: 1 });
  say('cancel', (await ended).code);

  const missing = await unary(client, 'Missing', {});
  say('missing', missing.error.code);
}

async function statuses() {
  const failed = await unary(client, 'Fail', { code: 9, detail: '余额不足', reason: 'ACCOUNT_CLOSED' });
  const [details] = failed.error.metadata.get('grpc-status-details-bin');
  say('failure', { code: failed.error.code, details: failed.error.details, reasonInTrailer: details.includes('ACCOUNT_CLOSED') });
}

async function metadata() {
  const sent = new grpc.Metadata();
  sent.set('x-text', 'plain');
  sent.set('x-bytes-bin', Buffer.from([0, 1, 254, 255]));
  const { headers, trailers } = await unary(client, 'Echo', { number: 1 }, { metadata: sent });
  say('metadata', [headers, trailers].map((one) => [one.get('x-text')[0], [...one.get('x-bytes-bin')[0]]]));
}

async function compression() {
  const text = 'z'.repeat(100000);
  const { reply } = await unary(compressing, 'Echo', { text });
  say('gzip', reply.text === text);
}

async function healthChecks() {
  say('health', (await unary(health, 'Check', {})).reply.status);
  say('health unknown', (await unary(health, 'Check', { service: 'unknown' })).error.code);
}

(async () => {
  for (const part of [callKinds, endings, statuses, metadata, compression, healthChecks]) await part();
  for (const open of [client, compressing, health]) open.close();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
