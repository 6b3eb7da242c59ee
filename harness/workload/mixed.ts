import { makeNodes } from './make-nodes.ts';
import { clientOf, type Move, type Params, params, registerAt } from './mixed/client.ts';
import {
  addToSet,
  appendToSequence,
  askInVain,
  createEphemeral,
  deleteEphemeral,
  lookAtEphemeral,
  toggleFlag,
} from './mixed/nodes.ts';
import {
  burst,
  changeAccess,
  changeTogether,
  readAccess,
  readRegister,
  syncAndRead,
  writeIfUnchanged,
  writeRegister,
} from './mixed/registers.ts';
import { watchChildren, watchFlag, watchForGood, watchRegister } from './mixed/watching.ts';
import { defineWorkload, type Turn } from './workload.ts';

/** What a client does, and how often in a hundred turns. */
const moves: readonly { share: number; move: Move }[] = [
  { share: 20, move: readRegister },
  { share: 3, move: syncAndRead },
  { share: 15, move: writeRegister },
  { share: 12, move: writeIfUnchanged },
  { share: 4, move: burst },
  { share: 5, move: changeTogether },
  { share: 1, move: changeAccess },
  { share: 1, move: readAccess },
  { share: 6, move: addToSet },
  { share: 5, move: appendToSequence },
  { share: 6, move: createEphemeral },
  { share: 3, move: lookAtEphemeral },
  { share: 4, move: deleteEphemeral },
  { share: 4, move: toggleFlag },
  { share: 2, move: askInVain },
  { share: 4, move: watchRegister },
  { share: 2, move: watchFlag },
  { share: 2, move: watchChildren },
  { share: 1, move: watchForGood },
];

/** A bit of everything that ZooKeeper promises something about. */
export const mixed = defineWorkload<Params>({
  name: 'mixed',
  about:
    'registers (plain and conditional writes, reads, reads behind a sync, access lists), a set, sequential nodes, ephemerals, multi, pipelined bursts, watches, requests that must be refused',
  params,
  rules: ['ephemerals', 'sequence-numbers', 'watches'],
  clients: ({ clients, turnsPerSecond, sessionTimeoutMs, deadlineMs }) => ({
    count: clients,
    turnsPerSecond,
    sessionTimeoutMs,
    deadlineMs,
  }),

  async setUp(tree, { registers }) {
    const paths = ['/', '/registers', '/set', '/sequence', '/ephemerals', '/flags'];
    await makeNodes(tree, [...paths, ...Array.from({ length: registers }, (_, i) => registerAt(i))], 'made');
  },

  client(index, random, params): Turn {
    const client = clientOf(index, random, params);
    const total = moves.reduce((sum, { share }) => sum + share, 0);
    return async (tree) => {
      await drawn(random.int(1, total))(client, tree);
    };
  },
});

/** The move a number from 1 to the sum of all shares falls to. */
function drawn(draw: number): Move {
  let passed = 0;
  for (const { share, move } of moves) {
    passed += share;
    if (draw <= passed) return move;
  }
  throw new Error(`${draw} is beyond the sum of all shares`);
}
