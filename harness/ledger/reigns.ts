import type { Reign } from './ledger.ts';
import type { Timeline } from './timeline.ts';

/**
 * The reigns of one server. One begins with the line in which the leader names its quorum of supporters and ends with
 * its shutdown line, the end of its process, or, failing both, the next thing that shows it no longer leads.
 */
export function reignsOf({ sid, events }: Timeline): Reign[] {
  const reigns: Reign[] = [];
  const end = (endedNs: number, endedBecause: string) => {
    const reign = reigns.at(-1);
    if (reign && reign.endedNs === undefined) Object.assign(reign, { endedNs, endedBecause });
  };
  for (const event of events) {
    if (event.kind === 'established') {
      end(event.atNs, 'it was established anew');
      const { epoch, supporters, atNs } = event;
      reigns.push({ epoch, leader: sid, establishedNs: atNs, supporters });
    } else if (event.kind === 'leader-ended' || event.kind === 'exit') end(event.atNs, event.because);
    else if (event.kind === 'role') end(event.atNs, `it went ${event.state}`);
    else if (event.kind === 'start') end(event.atNs, 'its process started anew');
  }
  return reigns;
}
