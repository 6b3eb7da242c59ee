import { knownModels } from '../../harness/lin/catalogue.ts';
import { checkHistory } from '../../harness/lin/check.ts';
import { readHistoryFor } from '../../harness/lin/read/read-history.ts';
import type { Measured } from './contender.ts';

/** Our side of the measurement, with the same arguments and answer as `porcupine/main.go`. */
const [format, passes, seconds, ...files] = process.argv.slice(2);
const peakBytes = () => process.resourceUsage().maxRSS * 1024;
const measured: Measured = {
  readMs: 0,
  passesMs: [],
  verdicts: [],
  calls: 0,
  peakBytes: 0,
  idleBytes: peakBytes(),
};
const known = knownModels.find(({ name }) => name === (format === 'kv' ? 'kv' : 'cas'))!;
const options = {
  independent: false,
  ignoreFailedCas: false,
  initial: undefined,
  reading: 'strict',
} as const;

const began = performance.now();
const histories = files.map((file) => readHistoryFor(file, known, options).history);
measured.readMs = performance.now() - began;
measured.calls = histories.reduce((sum, { length }) => sum + length, 0);
for (let pass = 0; pass < Number(passes); pass++) {
  const began = performance.now();
  measured.verdicts = [];
  for (const history of histories) {
    const { verdict } = await checkHistory(history, known.model, {
      timeoutMs: Number(seconds) * 1000,
      explain: false,
    });
    measured.verdicts.push(verdict);
  }
  measured.passesMs.push(performance.now() - began);
}
measured.peakBytes = peakBytes();
console.log(JSON.stringify(measured));
