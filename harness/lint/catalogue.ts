import { addressChecks } from './checks/addresses.ts';
import type { Check } from './checks/check.ts';
import { ensembleChecks } from './checks/ensemble.ts';
import { groupChecks } from './checks/groups.ts';
import { identityChecks } from './checks/identity.ts';
import { imageChecks } from './checks/image.ts';
import { kafkaChecks } from './checks/kafka.ts';
import { kubernetesChecks } from './checks/kubernetes.ts';
import { serverListChecks } from './checks/server-list.ts';
import { settingChecks } from './checks/settings.ts';

/** Every mistake `gauntlet lint` knows; docs/lint.md is made of this. */
export const checks: readonly Check[] = [
  ...settingChecks,
  ...serverListChecks,
  ...addressChecks,
  ...groupChecks,
  ...identityChecks,
  ...ensembleChecks,
  ...imageChecks,
  ...kubernetesChecks,
  ...kafkaChecks,
];
