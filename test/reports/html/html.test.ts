import { expect, test } from 'vitest';
import { html, json, raw } from '../../../reports/html/html.ts';

test('strings are escaped, markup and lists are not escaped twice', () => {
  const items = ['<a>', '"b"'].map((text) => html`<li>${text}</li>`);
  expect(html`<ul>${items}</ul>${raw('<hr>')}`.html).toBe(
    '<ul><li>&lt;a&gt;</li><li>&quot;b&quot;</li></ul><hr>',
  );
});

test('undefined and false are nothing, zero is a number', () => {
  expect(html`${undefined}${false}${0}`.html).toBe('0');
});

test('control characters and text that runs backwards become visible', () => {
  expect(html`${'a\u0000b\u202ec\ud800'}`.html).toBe('a\\u{0}b\\u{202e}c\\u{d800}');
});

test('data cannot end the element that holds it', () => {
  expect(json({ a: '</script><!--' }).html).not.toContain('<');
  expect(JSON.parse(json({ a: '</script>' }).html)).toEqual({ a: '</script>' });
});
