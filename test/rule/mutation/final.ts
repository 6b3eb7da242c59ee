import { ackedSetElement, changing, copyOf, erase, isFinal, isGet, type Mutation, olderOf } from './lie.ts';

export const finalMutations: readonly Mutation[] = [
  {
    name: 'an acknowledged write is missing on one server at the end',
    caughtBy: ['durability'],
    apply: changing(ackedSetElement, ({ path }, { ops }, random) => {
      const sid = random.int(1, 3);
      return erase(ops, path, (op) => op.phase === 'final' && op.server === sid);
    }),
  },
  {
    name: 'an acknowledged write is missing everywhere after the power-off',
    caughtBy: ['durability'],
    apply: changing(ackedSetElement, ({ path }, { ops }) =>
      erase(ops, path, (op) => op.phase === 'poweroff'),
    ),
  },
  {
    name: 'a register is rolled back on one server at the end',
    caughtBy: ['durability', 'replicas-identical'],
    apply: changing(
      (op) => isFinal(op) && isGet(op),
      (op, { ops }) => {
        const older = olderOf(ops, op.stat!, op.path);
        if (!older) return false;
        op.value = older.value;
        op.stat = older.stat;
        return true;
      },
    ),
  },
  {
    name: 'a deleted node is back at the end',
    caughtBy: ['durability'],
    apply: changing(
      (op) => op.kind === 'delete' && op.outcome === 'ok',
      (op, { ops }) => {
        const created = ops.find(
          (each) => each.kind === 'create' && each.path === op.path && each.outcome === 'ok',
        );
        const model = ops.find((each) => each.phase === 'final' && isGet(each));
        if (!created || !model) return false;
        const stat = {
          ...model.stat!,
          czxid: created.zxid,
          mzxid: created.zxid,
          pzxid: created.zxid,
          version: 0,
        };
        ops.push({ ...model, path: op.path, value: created.value, stat });
        return true;
      },
    ),
  },
  {
    name: 'the data of one replica differs at the end',
    caughtBy: ['replicas-identical'],
    apply: changing(
      (op) => isFinal(op) && isGet(op),
      (op) => {
        op.value = `${op.value}x`;
        return true;
      },
    ),
  },
  ...(['aversion', 'cversion', 'ctimeMs', 'pzxid', 'mtimeMs'] as const).map(
    (field): Mutation => ({
      name: `the ${field} of one replica differs at the end`,
      caughtBy: ['replicas-identical'],
      apply: changing(
        (op) => isFinal(op) && isGet(op),
        (op, { ops }) => {
          for (const each of ops) {
            if (each.path === op.path && each.session === op.session && each.stat)
              each.stat = { ...each.stat, [field]: each.stat[field] + 2 };
          }
          return true;
        },
      ),
    }),
  ),
  {
    name: 'one server was not read at the end',
    caughtBy: ['durability', 'replicas-identical'],
    verdict: 'inconclusive',
    apply: (run, random) => {
      const copy = copyOf(run);
      const sid = random.int(1, 3);
      copy.ops = copy.ops.filter((op) => op.phase !== 'final' || op.server !== sid);
      return copy;
    },
  },
  {
    name: 'nothing was read after the power-off',
    caughtBy: ['durability'],
    verdict: 'inconclusive',
    apply: (run) => {
      const copy = copyOf(run);
      copy.ops = copy.ops.filter((op) => op.phase !== 'poweroff');
      return copy;
    },
  },
];
