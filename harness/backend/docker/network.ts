import type Docker from 'dockerode';
import { messageOf, Trouble } from '../../base/trouble.ts';
import { ask } from './engine.ts';
import type { SiteLabels } from './labels.ts';
import { anySubnet, type Subnet, subnetAt, subnetCount } from './subnet.ts';

export interface SiteNetwork {
  id: string;
  name: string;
  subnet: Subnet;
}

/** Far more tries than sites fit on one engine. */
const triesMax = 40;

/** A network of this site's own. The engine refuses a subnet that is in use, in one step, so two sites never share one. */
export async function makeNetwork(docker: Docker, labels: SiteLabels): Promise<SiteNetwork> {
  const name = `zk-gauntlet-${labels.site}`;
  let index = anySubnet();
  for (let tries = 0; tries < triesMax; tries++) {
    const subnet = subnetAt(index);
    try {
      const network = await ask(
        'creating a network',
        docker.createNetwork({
          Name: name,
          CheckDuplicate: true,
          Driver: 'bridge',
          IPAM: { Driver: 'default', Config: [{ Subnet: subnet.cidr, Gateway: subnet.gateway }] },
          Labels: labels.of('network'),
        }),
      );
      return { id: network.id, name, subnet };
    } catch (error) {
      // libnetwork: "Pool overlaps with other one on this address space", "conflicts with network … (br-…)".
      if (!/overlaps|conflicts with network/i.test(messageOf(error))) throw error;
      index = (index + 1 + anySubnet()) % subnetCount;
    }
  }
  throw new Trouble(
    'Docker network',
    `${triesMax} subnets of 198.18.0.0/15 were all taken`,
    'remove networks that are no longer used (docker network prune)',
  );
}
