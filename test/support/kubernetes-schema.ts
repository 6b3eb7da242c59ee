import { StatefulSet } from 'kubernetes-models/apps/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service } from 'kubernetes-models/v1';
import { messageOf } from '../../harness/base/trouble.ts';

export interface Manifest {
  kind: string;
  apiVersion: string;
}

const models = { StatefulSet, PodDisruptionBudget, Service };

/**
 * What Kubernetes' own OpenAPI schema has against an object: wrong types and missing fields by its validator; fields it does
 * not know as those its validator never looked at, for an API server drops or refuses them.
 */
export function wrongBySchema(manifest: Manifest): string[] {
  const Model = models[manifest.kind as keyof typeof models];
  if (!Model) return [`no schema for kind ${manifest.kind}`];
  const seen = new Set<string>();
  const watched = watch(manifest, '', seen);
  try {
    // The constructor copies; the validator is to see the object itself.
    Reflect.apply(Model.prototype.validate, watched, []);
  } catch (error) {
    return [messageOf(error)];
  }
  return pathsIn(manifest, '')
    .filter((path) => !seen.has(path))
    .map((path) => `${path} is no field of a ${manifest.kind}`);
}

/** The value, taking down every path of it that is read. */
function watch<T>(value: T, path: string, seen: Set<string>): T {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const inner = Reflect.get(target, key) as unknown;
      if (typeof key === 'symbol') return inner;
      seen.add(`${path}.${key}`);
      return watch(inner, `${path}.${key}`, seen);
    },
  });
}

const pathsIn = (value: unknown, path: string): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [`${path}.${key}`, ...pathsIn(inner, `${path}.${key}`)])
    : [];
