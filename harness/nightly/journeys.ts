import type { Random } from '../base/random.ts';
import type { Steps } from './accidents.ts';
import type { DrawnEnsemble } from './ensembles.ts';
import { Stage } from './stage.ts';
import { chance, weighted } from './weighted.ts';

/** What becomes of servers that stay away while others work, and come back when others leave. */
type Journey = (stage: Stage, random: Random) => void;

const journeys: readonly (readonly [share: number, journey: Journey])[] = [
  [5, handOver],
  [4, relay],
  [4, wander],
];

/** One misses writes and comes back, mostly the next in line; then, with or without more writes, the leader goes, and comes back. */
function handOver(stage: Stage, random: Random): void {
  const followers = stage.followers();
  const away = chance(random, 60) ? Math.max(...followers) : random.pick(followers);
  // On five servers another one misses more than the first.
  if (followers.length > 2) {
    stage.lose([random.pick(followers.filter((sid) => sid !== away))]);
    stage.write();
  }
  stage.lose([away]);
  stage.write();
  stage.regain([away]);
  if (chance(random, 20)) stage.write();
  stage.lose([stage.leader!]);
  if (chance(random, 20)) stage.write();
  if (chance(random, 30)) stage.regain(random.shuffle(stage.down()));
}

/** The quorum changes hands: those who have everything leave, one who does not joins the rest, and is lost in the midst of it. */
function relay(stage: Stage, random: Random): void {
  const [late] = random.shuffle(stage.followers());
  const leader = stage.leader!;
  stage.lose([late!]);
  stage.write();
  const others = random.shuffle(stage.followers());
  while (stage.hasQuorum && others.length > 0) stage.lose([others.pop()!]);
  const victims = random.pick([[late!], [leader], [late!, leader], [late!, leader]]);
  stage.regainAndLose([late!], victims);
  const down = stage.down();
  // The others first, those who were just lost among them; then a write, and then the rest.
  const back = chance(random, 70) ? down.filter((sid) => sid !== leader) : random.shuffle(down).slice(1);
  stage.regain(back.length > 0 ? back : down);
  if (chance(random, 70)) stage.write();
}

/** Comings and goings in any order. */
function wander(stage: Stage, random: Random): void {
  const count = random.int(3, 6);
  for (let i = 0; i < count; i++) {
    const [up, down] = [random.shuffle(stage.up()), random.shuffle(stage.down())];
    const { leader } = stage;
    if (down.length === 0) stage.lose(chance(random, 30) ? [leader ?? up[0]!] : up.slice(0, 1));
    else if (!stage.hasQuorum) stage.regain(down.slice(0, random.int(1, down.length)));
    else {
      const move = weighted(random, [
        [3, () => stage.write()],
        [3, () => stage.regain(down.slice(0, 1))],
        [2, () => stage.lose([leader ?? up[0]!])],
        [1, () => stage.lose(up.slice(0, 1))],
        [2, () => stage.regainAndLose(down.slice(0, 1), random.pick([[down[0]!], [leader ?? up[0]!]]))],
      ]);
      move();
    }
    if (chance(random, 40)) stage.write();
  }
}

/** Steps of one journey. `scripted`: only the steps write. */
export function drawJourney(random: Random, { voters, begin }: DrawnEnsemble, scripted: boolean): Steps {
  const stage = new Stage(random, voters, begin?.at(-1) ?? voters, scripted);
  if (chance(random, 80) || scripted) stage.write();
  weighted(random, journeys)(stage, random);
  return stage.end();
}
