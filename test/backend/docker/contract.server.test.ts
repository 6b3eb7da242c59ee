import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holderName } from '../../../harness/backend/docker/build-base.ts';
import { buildImage } from '../../../harness/backend/docker/build-image.ts';
import { checkContract } from '../../../harness/backend/docker/contract.ts';
import { imageNamed, imageOf } from '../../../harness/backend/docker/images.ts';
import { localName } from '../../../harness/backend/docker/present-image.ts';
import { gauntlet } from '../../support/gauntlet.ts';
import { docker, engine, engineHere, labelled, skipWithout, version } from './engine-here.ts';

const good = localName(version);

/** Images that break one promise each, made from one that keeps them all. */
const bad: Record<string, { recipe: string; says: RegExp }> = {
  'no-java': { recipe: `FROM ${good}\nRUN rm /usr/bin/java`, says: /java is in its PATH/ },
  'no-script': {
    recipe: `FROM ${good}\nRUN rm /opt/zookeeper/bin/zkServer.sh`,
    says: /zkServer\.sh is in its PATH/,
  },
  'own-id': {
    recipe: `FROM ${good}\nRUN sed -i 's/ZOO_MY_ID/OTHER_ID/' /docker-entrypoint.sh`,
    says: /ZOO_MY_ID goes into myid/,
  },
  'own-servers': {
    recipe: `FROM ${good}\nRUN sed -i 's/ZOO_SERVERS/OTHER/g' /docker-entrypoint.sh`,
    says: /ZOO_SERVERS goes into a zoo\.cfg/,
  },
  'writes-over': {
    recipe: `FROM ${good}\nRUN sed -i '2i rm -f /conf/zoo.cfg' /docker-entrypoint.sh`,
    says: /a zoo\.cfg that is there already is left alone/,
  },
  'another-command': {
    recipe: `FROM ${good}\nENTRYPOINT ["sh", "-c", "echo hello"]`,
    says: /its entry point runs the command it is given.*hello/,
  },
  bitnami: {
    recipe: `FROM ${holderName}
ENV BITNAMI_APP_NAME=zookeeper PATH=/opt/bitnami/zookeeper/bin:$PATH
RUN mkdir -p /opt/bitnami/zookeeper/conf /opt/bitnami/zookeeper/bin && \\
    printf '#!/bin/bash\\necho "zookeeper INFO ==> id \${ZOO_SERVER_ID:-1}"\\nexec "$@"\\n' > /entrypoint.sh && chmod +x /entrypoint.sh
USER 1001
ENTRYPOINT ["/entrypoint.sh"]
CMD ["/run.sh"]`,
    says: /^image .*:bitnami: breaks a promise .* ZOO_CONF_DIR names; it is made after Bitnami.*ZOO_SERVER_ID.*; use the official/,
  },
  // A program for a processor that nobody has.
  'another-architecture': {
    recipe: `FROM ${good}
RUN printf '\\177ELF\\2\\1\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0\\064\\022\\1\\0\\0\\0' > /docker-entrypoint.sh && \\
    head -c 40 /dev/zero >> /docker-entrypoint.sh`,
    says: /^image, wrong architecture: .*exec format error.* \(while checking image .*\); use an image made for/,
  },
  'no-shell': { recipe: 'FROM scratch\nCOPY Dockerfile /conf/\nCMD ["/none"]', says: /program missing/ },
};
const nameOf = (what: string) => `zk-gauntlet/test-bad:${what}`;

describe.skipIf(engineHere.missing)(`the contract of an image${skipWithout(engineHere.missing)}`, () => {
  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gauntlet-bad-images-'));
    for (const [what, { recipe }] of Object.entries(bad)) {
      writeFileSync(join(directory, 'Dockerfile'), `${recipe}\n`);
      const context = { directory, files: ['Dockerfile'] };
      const name = nameOf(what);
      await buildImage(engine(), {
        name,
        context,
        dockerfile: 'Dockerfile',
        args: {},
        labels: {},
        deadlineMs: 60_000,
      });
    }
    rmSync(directory, { recursive: true });
  });
  afterAll(async () => {
    for (const what of Object.keys(bad)) await docker().getImage(nameOf(what)).remove({ force: true });
  });

  it('is kept by the local image, which tells its release and its places', async () => {
    expect(await checkContract(engine(), good)).toEqual({
      version,
      image: { name: good, confDir: '/conf', dataDir: '/data', dataLogDir: '/datalog', logDir: '/logs' },
    });
  });

  it.each(Object.entries(bad))('is refused with the reason: %s', async (what, { says }) => {
    const refused: unknown = await checkContract(engine(), nameOf(what)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'Trouble', exit: 3, message: expect.stringMatching(says) });
  });

  it('is checked before a run begins: the command ends with the reason in one line', async () => {
    const args = ['run', 'quick', '--backend', 'docker', '--image', nameOf('no-java')];
    const { code, stdout, stderr } = await gauntlet(args, { env: { TESTCONTAINERS_RYUK_DISABLED: 'true' } });
    expect(code, stdout + stderr).toBe(3);
    expect(stderr).toMatch(/^gauntlet: image .*:no-java: breaks a promise of .*java is in its PATH.*\n$/);
  });

  it('is refused for an image that is no server at all', async () => {
    await expect(checkContract(engine(), holderName)).rejects.toThrow(
      'breaks a promise of the official image: it has the directory /conf, or the one ZOO_CONF_DIR names',
    );
  });

  it('a pull that fails names the image and the way out', async () => {
    const missing = 'registry.invalid/none:1';
    await expect(imageNamed(engine(), missing, 20_000)).rejects.toThrow(
      /^--image registry\.invalid\/none:1: is not there and cannot be pulled \(.+\); pull or build it first$/,
    );
    process.env.TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX = 'registry.invalid';
    try {
      await expect(imageOf(engine(), '3.9.99', 20_000)).rejects.toThrow(
        /^image zookeeper:3\.9\.99: .*run `gauntlet images build --zookeeper 3\.9\.99`/,
      );
    } finally {
      delete process.env.TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX;
    }
  });

  it('leaves no container behind', async () => {
    expect(await labelled('image-check')).toEqual([]);
  });
});
