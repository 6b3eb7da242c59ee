import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Malformed } from '../../harness/client/jute.ts';
import { unsnappy } from '../../harness/datadir/snappy.ts';

const header = '82534e41505059000000000100000001';

const stream = (...blocks: string[]) =>
  Buffer.from(
    header + blocks.map((block) => (block.length / 2).toString(16).padStart(8, '0') + block).join(''),
    'hex',
  );

// Tags as the format's description has them: literals, and copies with one, two and four bytes of distance.
test.each([
  ['nothing', ['00'], ''],
  ['a literal', ['03' + '08' + '616263'], 'abc'],
  ['a literal with a length of its own', [`46${'f045'}${'61'.repeat(70)}`], 'a'.repeat(70)],
  ['a near copy that overlaps itself', ['0a' + '0461' + '62' + '1102'], `${'ab'.repeat(5)}`],
  ['a copy with two bytes', ['06' + '08616263' + '0a0300'], 'abcabc'],
  ['a copy with four bytes', ['06' + '08616263' + '0b03000000'], 'abcabc'],
  ['two blocks', ['01' + '0061', '01' + '0062'], 'ab'],
])('undoes %s', (_, blocks, text) => {
  expect(unsnappy(stream(...blocks)).toString()).toBe(text);
});

test.each([
  ['no stream', Buffer.from('00')],
  ['a block that ends early', stream('05' + '1061')],
  ['a length that lies', stream('ffffffff0f' + '0061')],
  ['a length without end', stream('ffffffffffff')],
  ['a copy from before the beginning', stream('04' + '0061' + '0109')],
  ['more than it says', stream('01' + '086162' + '63')],
  ['less than it says', stream('09' + '0061')],
  ['a length beyond the file', Buffer.from(`${header}7fffffff`, 'hex')],
])('%s is malformed', (_, bytes) => {
  expect(() => unsnappy(bytes)).toThrow(Malformed);
});

test('noise is malformed or short, and never hangs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      const bytes = Buffer.concat([Buffer.from(header, 'hex'), noise]);
      try {
        expect(unsnappy(bytes).length).toBeLessThan(64 * 300);
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
      }
    }),
  );
});
