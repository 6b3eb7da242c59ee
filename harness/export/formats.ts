import type { History } from '../history/history.ts';
import type { ScenarioRecord } from '../run/run-directory.ts';
import { registerLines, transactionLines, unfitForElle } from './edn.ts';
import { perfettoLines } from './perfetto.ts';
import { porcupineLines } from './porcupine.ts';
import { type Call, only, type Reading, registersOf } from './registers.ts';

interface ExportOptions {
  reads: Reading;
  /** Only this node, and its values without their key. */
  key: string | undefined;
}

export interface ExportFormat {
  name: string;
  about: string;
  /** Name of the file it is written to, in the scenario's folder. */
  file: string;
  /** Made of registers: `--reads` and `--key` mean something. */
  registers: boolean;
  /** `note` is told what a reader of the export should know. */
  lines(scenario: ScenarioRecord, options: ExportOptions, note: (text: string) => void): Iterable<string>;
}

export const formats: readonly ExportFormat[] = [
  {
    name: 'ndjson',
    about: 'every operation as one line of JSON',
    file: 'history.ndjson',
    registers: false,
    lines: (scenario, _, note) => operationLines(historyOf(scenario, note)),
  },
  {
    name: 'edn',
    about: 'registers as Knossos and Jepsen read them',
    file: 'history.edn',
    registers: true,
    lines(scenario, options, note) {
      return registerLines(callsOf(scenario, options, note), options.key === undefined);
    },
  },
  {
    name: 'elle',
    about: 'transactions on registers as Elle reads them (EDN, rw-register)',
    file: 'history.elle.edn',
    registers: true,
    lines: (scenario, options, note) => transactionLines(fitForElle(callsOf(scenario, options, note), note)),
  },
  {
    name: 'porcupine',
    about: 'registers as Porcupine operations, one line of JSON each',
    file: 'history.porcupine.ndjson',
    registers: true,
    lines: (scenario, options, note) => porcupineLines(callsOf(scenario, options, note)),
  },
  {
    name: 'perfetto',
    about: 'operations, faults and leadership as a trace for ui.perfetto.dev',
    file: 'trace.json',
    registers: false,
    lines(scenario, _, note) {
      const ledger = scenario.files().some(({ path }) => path.endsWith('/ledger.json'))
        ? scenario.ledger()
        : undefined;
      if (!ledger) note('no ledger.json: who led is not shown; `gauntlet check` makes one');
      return perfettoLines({ history: historyOf(scenario, note), journal: scenario.journal(), ledger });
    },
  },
];

function historyOf(scenario: ScenarioRecord, note: (text: string) => void): History {
  const history = scenario.history();
  if (history.torn) note('the history lacks its end: its writer was killed; what it had written is here');
  return history;
}

function* operationLines(history: History): Iterable<string> {
  for (let row = 0; row < history.length; row++) yield JSON.stringify(history.op(row));
}

function callsOf(
  scenario: ScenarioRecord,
  { reads, key }: ExportOptions,
  note: (text: string) => void,
): readonly Call[] {
  const { calls, skipped } = registersOf(historyOf(scenario, note), reads);
  if (skipped > 0)
    note(`left out ${skipped} nodes that are not registers (ephemeral, sequential, container, TTL)`);
  return key === undefined ? calls : only(calls, key);
}

function fitForElle(calls: readonly Call[], note: (text: string) => void): Call[] {
  const unfit = unfitForElle(calls);
  if (unfit.size > 0)
    note(`left out ${unfit.size} nodes that were deleted or had a value twice, which Elle cannot judge`);
  return calls
    .map((call) => ({ ...call, touches: call.touches.filter(({ key }) => !unfit.has(key)) }))
    .filter(({ touches }) => touches.length > 0);
}
