import type { Container, Server, ServerId, Variable } from './model.ts';
import { isOfficial, settingsOf } from './official-image.ts';

/** An image of ZooKeeper by its name; or one with the official image's own variable, whatever its name. */
export function isZooKeeper(image: string, variables: ReadonlyMap<string, unknown>): boolean {
  return isOfficial(image) || variables.has('ZOO_MY_ID');
}

/** The server a container's variables make: what the entry point of the official image would write. */
export function containerServer(
  { variables, open, release, place }: Pick<Container, 'variables' | 'open' | 'release' | 'place'>,
  base: Omit<Server, 'settings' | 'id'>,
): Server {
  return {
    ...base,
    settings: settingsOf(variables, { release, place, open }),
    id: idOf(variables.get('ZOO_MY_ID'), open, place),
  };
}

/** `echo "${ZOO_MY_ID:-1}" > myid`: an empty one is 1 as well. */
function idOf(variable: Variable | undefined, open: boolean, place: Container['place']): ServerId {
  if (variable?.value === null || (variable === undefined && open)) return { kind: 'unknown' };
  const text = variable?.value || '1';
  return { kind: 'text', text, written: 'ZOO_MY_ID', place: variable?.place ?? place };
}
