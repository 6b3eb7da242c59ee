// @ts-check
/**
 * The process that outlives a scenario: it removes everything that bears the scenario's label, and thaws containers on
 * time. Plain JavaScript without dependencies, so that it starts at once, stays small, and needs no loader.
 *
 * Input, one JSON value a line: first { address, filter }, then { thaw: { container, inMs | null } } or { end: true }.
 * The open input is its owner's sign of life. `end` means remove now and report; a closed input means the owner died,
 * and then requests of its last moment may still be on their way, so it looks again until nothing new turns up.
 */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** Removing a container ends its process first; a busy engine may take seconds. */
const answerMs = 20_000;
/** An orderly end tries this often; what fails then is reported. */
const triesOfEnd = 5;
/** After its owner's death it looks until nothing was left this long, and gives an engine that is down this long. */
const quietMs = 5_000;
const giveUpMs = 120_000;

/** An engine that refuses to thaw a container is asked again this long: one that is busy, or that is being restarted. */
const thawMs = 120_000;

/** Ctrl-C and a closed terminal reach the owner; what follows from them is seen as the end of input. */
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
process.stdout.on('error', () => undefined);

/** @type {import('./engine.ts').EngineAddress} */
let address = {};
/** Engine filter: label=value. */
let filter = '';
/** @type {Map<string, NodeJS.Timeout>} */
const thaws = new Map();
let told = false;

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const order = JSON.parse(line);
  if (order.address) {
    address = order.address;
    filter = order.filter;
    process.stdout.write('ready\n');
  } else if (order.thaw) {
    thawLater(order.thaw);
  } else if (order.end) {
    told = true;
    endInOrder();
  }
});
lines.on('close', () => {
  if (!told) cleanUpAfterDeath();
});

/** @param {{ container: string, inMs: number | null }} order */
function thawLater({ container, inMs }) {
  clearTimeout(thaws.get(container));
  thaws.delete(container);
  if (inMs === null) return;
  const timer = setTimeout(() => thaw(container, timer), inMs);
  thaws.set(container, timer);
}

/**
 * Thaws a container however often the engine refuses, until it does, or the order is taken back, or it has had its time.
 *
 * @param {string} container
 * @param {NodeJS.Timeout} order
 */
async function thaw(container, order) {
  const since = performance.now();
  while (thaws.get(container) === order && performance.now() - since < thawMs) {
    try {
      await ask('POST', `/containers/${container}/unpause`, [204, 404]);
      return;
    } catch (error) {
      if (/is not paused/i.test(String(error))) return;
      await sleep(200);
    }
  }
}

async function endInOrder() {
  let reason = '';
  for (let tries = 0; tries < triesOfEnd; tries++) {
    try {
      const left = await removeAll();
      if (left === 0) {
        report({ removed: true });
        return;
      }
      reason = `${left} objects are still there`;
    } catch (error) {
      reason = String(error instanceof Error ? error.message : error);
    }
    await sleep(200);
  }
  // An engine that is down may be back soon.
  report({ removed: false, reason });
  await cleanUpAfterDeath();
}

/** @param {{ removed: boolean, reason?: string }} result */
function report(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`, () => {
    if (result.removed) process.exit(0);
  });
}

async function cleanUpAfterDeath() {
  const since = performance.now();
  let quietSince = performance.now();
  for (;;) {
    try {
      if ((await removeAll()) > 0) quietSince = performance.now();
    } catch {
      // The engine is busy or down; `gauntlet doctor --clean` is for what we have to give up.
      quietSince = performance.now();
    }
    const now = performance.now();
    if (now - quietSince >= quietMs) process.exit(0);
    if (now - since >= giveUpMs) process.exit(1);
    await sleep(500);
  }
}

/** One pass over everything with the label, users of a thing before the thing. Resolves with how much there still is. */
async function removeAll() {
  const containers = await list('/containers/json', { all: '1' });
  await Promise.all(
    containers.map(async ({ Id, State }) => {
      if (State === 'paused') await ask('POST', `/containers/${Id}/unpause`, [204, 404, 409, 500]);
      await ask('DELETE', `/containers/${Id}?force=1&v=1`, [204, 404, 409]);
    }),
  );
  const networks = await list('/networks');
  await Promise.all(networks.map(({ Id }) => ask('DELETE', `/networks/${Id}`, [204, 404, 403])));
  const volumes = (await list('/volumes')).map(({ Name }) => Name);
  await Promise.all(volumes.map((name) => ask('DELETE', `/volumes/${name}?force=1`, [204, 404, 409])));
  if (containers.length + networks.length + volumes.length === 0) return 0;
  const left = [
    await list('/containers/json', { all: '1' }),
    await list('/networks'),
    await list('/volumes'),
  ];
  return left.flat().length;
}

/**
 * @param {string} path
 * @param {Record<string, string>} [query]
 * @returns {Promise<{ Id: string, Name: string, State?: string }[]>}
 */
async function list(path, query = {}) {
  const search = new URLSearchParams({ ...query, filters: JSON.stringify({ label: [filter] }) });
  const answer = await ask('GET', `${path}?${search}`, [200]);
  const value = JSON.parse(answer);
  return Array.isArray(value) ? value : (value.Volumes ?? []);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {readonly number[]} [expected]
 * @returns {Promise<string>}
 */
function ask(method, path, expected = [204]) {
  const { protocol, ...where } = address;
  const send = protocol === 'https' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send({ ...where, method, path, timeout: answerMs }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk) => {
        text += chunk;
      });
      incoming.on('error', reject);
      incoming.on('end', () => {
        if (expected.includes(incoming.statusCode ?? 0)) resolve(text);
        else reject(new Error(`${method} ${path}: ${incoming.statusCode} ${text.trim()}`));
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer`)));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
