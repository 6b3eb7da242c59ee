import { duration } from '../format.ts';
import { type Html, html, type Part } from './html.ts';

export function lane(name: string, label: string, bars: Part): Html {
  return html`<div class="lane"><span class="name" aria-hidden="true">${name}</span><ol class="track" aria-label="${label}">${bars}</ol></div>
`;
}

/** `shown` is cut off where the bar is short; its title and the hidden times are not. */
export function bar(from: number, to: number, kind: string, shown: string, note = ''): Html {
  const times = `${from.toFixed(3)} s to ${to.toFixed(3)} s, ${duration((to - from) * 1000)}`;
  return html`<li class="bar ${kind}" style="--a:${from};--b:${to}" title="${shown}${note}: ${times}"><span>${shown}</span><span class="hidden"> ${times}</span></li>`;
}
