import { addressesScenes } from './addresses.ts';
import { identityScenes } from './identity.ts';
import { listsScenes } from './lists.ts';
import type { Scene } from './scene.ts';
import { settingsScenes } from './settings.ts';

export const scenes: readonly Scene[] = [
  ...listsScenes,
  ...addressesScenes,
  ...identityScenes,
  ...settingsScenes,
];
