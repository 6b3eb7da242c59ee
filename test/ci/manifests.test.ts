import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { packageRoot } from '../../harness/base/package-root.ts';

/** Of the services' own schemas what these files use, and nothing else: a misspelt field is an error. */
const text = z.string().min(1);
const step = z.strictObject({
  name: text.optional(),
  uses: z
    .string()
    .regex(/^[\w-]+\/[\w/-]+@v\d+$/)
    .optional(),
  with: z.record(text, z.union([text, z.int()])).optional(),
  env: z.record(text, text).optional(),
  if: text.optional(),
  run: text.optional(),
});
const github = z.strictObject({
  name: text,
  on: z.strictObject({
    schedule: z.array(z.strictObject({ cron: z.string().regex(/^(\S+ ){4}\S+$/) })),
    workflow_dispatch: z.strictObject({
      inputs: z.record(text, z.strictObject({ description: text, required: z.boolean() })),
    }),
  }),
  permissions: z.strictObject({ contents: z.literal('read') }),
  jobs: z.record(
    text,
    z.strictObject({
      name: text,
      needs: text.optional(),
      if: text.optional(),
      'runs-on': text,
      'timeout-minutes': z.int(),
      strategy: z
        .strictObject({
          'fail-fast': z.literal(false),
          matrix: z.record(text, z.array(z.union([text, z.int()]))),
        })
        .optional(),
      steps: z.array(step).min(1),
    }),
  ),
});

const gitlabJob = z.strictObject({
  extends: text.optional(),
  stage: text.optional(),
  tags: z.array(text).optional(),
  rules: z.array(z.strictObject({ if: text, when: z.enum(['always']).optional() })).optional(),
  cache: z
    .strictObject({
      key: text,
      policy: z.enum(['pull', 'pull-push']),
      when: z.literal('always').optional(),
      paths: z.array(text),
    })
    .optional(),
  parallel: z.int().optional(),
  timeout: text.optional(),
  script: z.array(text).optional(),
  artifacts: z
    .strictObject({
      when: z.literal('always'),
      expire_in: text,
      paths: z.array(text),
      reports: z.strictObject({ junit: text }).optional(),
    })
    .optional(),
});
const gitlab = z.strictObject({
  stages: z.array(text),
  '.night': gitlabJob,
  night: gitlabJob,
  report: gitlabJob,
});

/** A name of Kubernetes (RFC 1123 label). */
const name = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const quantities = z.strictObject({ cpu: text.optional(), memory: text.optional() });
const pod = z.strictObject({
  restartPolicy: z.literal('Never'),
  containers: z.tuple([
    z.strictObject({
      name,
      image: text,
      workingDir: text,
      command: z.array(text),
      args: z.array(text),
      env: z.array(z.strictObject({ name: text, value: z.string() })),
      securityContext: z
        .strictObject({ runAsUser: z.int(), capabilities: z.strictObject({ add: z.array(text) }) })
        .optional(),
      resources: z.strictObject({ requests: quantities, limits: quantities }),
      volumeMounts: z.array(z.strictObject({ name, mountPath: text })),
    }),
  ]),
  volumes: z.array(z.strictObject({ name, persistentVolumeClaim: z.strictObject({ claimName: name }) })),
});
const job = z.strictObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('Job'),
  metadata: z.strictObject({ name }),
  spec: z.strictObject({
    completionMode: z.literal('Indexed').optional(),
    completions: z.int().optional(),
    parallelism: z.int().optional(),
    suspend: z.boolean().optional(),
    backoffLimit: z.int().optional(),
    backoffLimitPerIndex: z.int().optional(),
    maxFailedIndexes: z.int().optional(),
    activeDeadlineSeconds: z.int().optional(),
    template: z.strictObject({ spec: pod }),
  }),
});
const claim = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('PersistentVolumeClaim'),
  metadata: z.strictObject({ name }),
  spec: z.strictObject({
    accessModes: z.array(z.literal('ReadWriteMany')),
    resources: z.strictObject({ requests: z.strictObject({ storage: text }) }),
  }),
});

function documents(file: string): unknown[] {
  const all = parseAllDocuments(readFileSync(join(packageRoot, file), 'utf8'));
  return all.map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as unknown;
  });
}

describe('manifests of a night in parts', () => {
  test('GitHub: every part has a job, and the merge waits for all of them, failed or not', () => {
    const { jobs } = github.parse(documents('.github/workflows/nightly.yml')[0]);
    const { part, merge } = jobs;
    const { part: parts } = part!.strategy!.matrix;
    const command = part!.steps.flatMap(({ run }) => run ?? []).find((run) => run.includes('run nightly'));
    expect(command).toContain(`--shard \${{ matrix.part }}/${parts!.length}`);
    expect(merge).toMatchObject({ needs: 'part', if: expect.stringContaining('!cancelled()') });
    expect(merge!.steps.some(({ run }) => run?.includes('gauntlet merge parts/part-*'))).toBe(true);
  });

  test('GitLab: the parts are those of the job itself, and the report is made of what they leave', () => {
    const { stages, night, report } = gitlab.parse(documents('ci/gitlab-nightly.yml')[0]);
    expect(stages).toEqual([night.stage, report.stage]);
    expect(night.parallel).toBe(4);
    expect(night.script!.join('\n')).toContain('--shard "$CI_NODE_INDEX/$CI_NODE_TOTAL"');
    expect(night.artifacts!.paths).toEqual(['runs/part-*']);
    expect(report.rules).toMatchObject([{ when: 'always' }]);
    expect(report.script!.join('\n')).toContain('gauntlet merge runs/part-*');
  });

  test('Kubernetes: an indexed job of as many parts as it says, none of them retried, on a volume they share', () => {
    const [volume, night, report] = documents('ci/kubernetes-nightly.yaml');
    const { metadata } = claim.parse(volume);
    const { spec } = job.parse(night);
    const [container] = spec.template.spec.containers;
    expect(spec).toMatchObject({ completionMode: 'Indexed', backoffLimitPerIndex: 0 });
    expect(spec.parallelism).toBe(spec.completions);
    expect(spec.maxFailedIndexes).toBe(spec.completions);
    expect(container.args[0]).toContain(`--shard "$((JOB_COMPLETION_INDEX + 1))/${spec.completions}"`);
    for (const { template } of [spec, job.parse(report).spec]) {
      expect(template.spec.volumes).toMatchObject([{ persistentVolumeClaim: { claimName: metadata.name } }]);
    }
  });

  test('and a field that does not exist is noticed', () => {
    const [, night] = documents('ci/kubernetes-nightly.yaml') as [unknown, { spec: object }];
    expect(job.safeParse({ ...night, spec: { ...night.spec, completionsMode: 'Indexed' } }).success).toBe(
      false,
    );
  });
});
