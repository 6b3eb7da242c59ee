/**
 * The script of the page, plain JavaScript as text: it draws the charts when a timeline comes into view, and keeps
 * charts and lanes at one window of time and one cursor. Lanes and tables work without it.
 */
export const script = `
(() => {
'use strict';
const root = document.documentElement;
const colour = (name) => getComputedStyle(root).getPropertyValue('--' + name).trim();
const px = (name) => parseFloat(colour(name));
const timelines = new Map();

const perSecond = (counts, bucket) => counts.map((n) => n / bucket);
/** The powers of ten in a logarithmic scale's range. */
const decades = (u, axis, min, max) => {
  const splits = [];
  for (let e = Math.floor(Math.log10(min)); e <= Math.ceil(Math.log10(max)); e++) splits.push(10 ** e);
  return splits;
};
const ms = (v) => v == null ? '–' : v < 10 ? +v.toPrecision(2) + ' ms' : v < 1000 ? Math.round(v) + ' ms' : +(v / 1000).toPrecision(3) + ' s';
const rate = (v) => v == null ? '–' : Math.round(v).toLocaleString('en-US') + '/s';

/** Points with nothing beside them, which no line would show. */
const alone = (u, i, show) => {
  const values = u.data[i];
  const points = [];
  for (let k = 0; k < values.length; k++) if (values[k] != null && values[k - 1] == null && values[k + 1] == null) points.push(k);
  return points;
};

/** One line of a chart: told apart by colour, dash and width together. */
const line = (label, stroke, value, more) => Object.assign(
  { label, stroke, width: 1.5, points: { show: true, size: 3, filter: alone }, value: (u, v) => value(v) }, more);

const dashes = { 1: 'dotted', 2: 'dotted', 6: 'dashed', 8: 'dashed' };
const height = 100;
const axisHeight = 24;

const charts = {
  rate: (d) => ({
    y: { range: (u, min, max) => [0, Math.max(1, max) * 1.05] }, text: rate,
    data: [perSecond(d.reads, d.bucket), perSecond(d.writes, d.bucket)],
    series: [line('reads', colour('series-a'), rate), line('writes', colour('series-b'), rate, { dash: [6, 2] })],
  }),
  errors: (d) => ({
    y: { range: (u, min, max) => [0, Math.max(10, max) * 1.05] }, text: rate,
    data: [d.refused, d.unknown, d.notSent].map((counts) => perSecond(counts, d.bucket)),
    series: [line('refused', colour('series-c'), rate, { dash: [2, 2] }),
      line('no answer', colour('series-b'), rate, { width: 2 }),
      line('never sent', colour('series-a'), rate, { dash: [8, 3] })],
  }),
  writes: (d) => latency(d.writeMs, colour('series-b')),
  reads: (d) => latency(d.readMs, colour('series-a')),
};

function latency(values, stroke) {
  return {
    y: { distr: 3, range: (u, min, max) => [10 ** Math.floor(Math.log10(min || 0.1)), 10 ** Math.ceil(Math.log10(max || 1000))] },
    text: ms, splits: decades, data: [values.p50, values.p99, values.max],
    series: [line('median', stroke, ms, { width: 2 }), line('p99', stroke, ms, { dash: [6, 2], width: 1 }),
      line('longest', stroke, ms, { dash: [1, 3], width: 1.5 })],
  };
}

/** Shades faults and times without writes behind the lines. */
function shade(u, data) {
  const { ctx, bbox } = u;
  const fill = (from, to, name, edge) => {
    const a = Math.max(bbox.left, u.valToPos(from, 'x', true));
    const b = Math.min(bbox.left + bbox.width, u.valToPos(to, 'x', true));
    if (b <= a) return;
    ctx.fillStyle = colour(name);
    ctx.fillRect(a, bbox.top, b - a, bbox.height);
    ctx.fillStyle = colour(edge);
    ctx.fillRect(a, bbox.top, devicePixelRatio, bbox.height);
  };
  ctx.save();
  for (const [from, to] of data.faults) fill(from, to, 'band', 'fault');
  for (const [from, to] of data.outages) fill(from, to, 'outage-band', 'outage');
  ctx.restore();
}

class Timeline {
  constructor(section) {
    this.section = section;
    this.box = section.querySelector('.timeline');
    this.lanes = section.querySelector('.lanes');
    this.cursor = section.querySelector('.cursor');
    this.chosen = section.querySelector('.chosen');
    this.data = JSON.parse(section.querySelector('script.data').textContent);
    this.end = Number(getComputedStyle(this.box).getPropertyValue('--t1'));
    this.from = 0;
    this.to = this.end;
    this.plots = [];
    section.querySelector('.tools').addEventListener('click', (event) => {
      const how = event.target.dataset?.zoom;
      if (how) this.zoom(how);
    });
    this.drag();
    new ResizeObserver(() => this.resize()).observe(this.box);
  }

  draw() {
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
    const data = this.data;
    if (!data) return;
    const x = data.reads.map((_, i) => +((i + 0.5) * data.bucket).toFixed(3));
    const divs = [...this.section.querySelectorAll('[data-chart]')];
    for (const div of divs) {
      const chart = charts[div.dataset.chart](data);
      const last = div === divs.at(-1);
      this.plots.push(new uPlot(this.options(chart, div, last), [x, ...chart.data], div));
    }
  }

  options(chart, div, last) {
    const ink = { stroke: colour('muted'), grid: { stroke: colour('grid'), width: 1 }, ticks: { stroke: colour('grid'), width: 1 } };
    return {
      width: this.box.clientWidth, height: last ? height + axisHeight : height, padding: [6, px('right'), last ? 0 : 6, 0],
      scales: { x: { time: false, range: () => [this.from, this.to] }, y: chart.y },
      axes: [
        { ...ink, size: last ? axisHeight : 0, values: (u, splits) => splits.map((v) => last ? +v.toFixed(3) + ' s' : '') },
        { ...ink, size: px('gutter'), splits: chart.splits, filter: (u, splits) => splits, values: (u, splits) => splits.map((v) => v == null ? '' : chart.text(v)) },
      ],
      series: [{ label: 'at' }, ...chart.series],
      legend: {
        markers: { width: 2, dash: (u, i) => dashes[u.series[i].dash?.[0]] ?? 'solid' },
        mount: (u, table) => {
          const caption = div.previousElementSibling;
          caption.querySelector('.u-legend')?.remove();
          caption.append(table);
        },
      },
      cursor: {
        y: false, points: { size: 5 }, drag: { x: true, y: false, setScale: false },
        sync: { key: this.section.id },
        bind: { dblclick: () => () => { this.zoom('all'); return null; } },
      },
      hooks: {
        drawClear: [(u) => shade(u, this.data)],
        setCursor: [(u) => this.point(u.cursor.left)],
        setSelect: [(u) => {
          if (u.select.width < 4) return;
          this.show(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'));
          u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        }],
      },
    };
  }

  /** The one place where the window of time changes. */
  show(from, to) {
    const span = Math.min(this.end, Math.max(to - from, 0.01));
    this.from = Math.min(Math.max(0, from), this.end - span);
    this.to = this.from + span;
    this.box.style.setProperty('--t0', this.from);
    this.box.style.setProperty('--t1', this.to);
    this.section.querySelector('.window').textContent = this.from.toFixed(2) + ' s – ' + this.to.toFixed(2) + ' s';
    this.ticks();
    for (const plot of this.plots) plot.setScale('x', { min: this.from, max: this.to });
  }

  zoom(how) {
    const span = this.to - this.from;
    const middle = (this.from + this.to) / 2;
    if (how === 'in') this.show(middle - span / 4, middle + span / 4);
    if (how === 'out') this.show(middle - span, middle + span);
    if (how === 'earlier') this.show(this.from - span / 2, this.to - span / 2);
    if (how === 'later') this.show(this.from + span / 2, this.to + span / 2);
    if (how === 'all') this.show(0, this.end);
  }

  ticks() {
    const span = this.to - this.from;
    const steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];
    const most = Math.max(3, Math.min(12, this.box.clientWidth / 90));
    const step = steps.find((s) => span / s <= most) ?? span / 10;
    const track = this.section.querySelector('.axis .track');
    track.replaceChildren();
    for (let i = Math.ceil(this.from / step); i * step <= this.to; i++) {
      const tick = document.createElement('span');
      tick.className = 'tick';
      tick.style.setProperty('--a', i * step);
      tick.textContent = +(i * step).toFixed(3) + ' s';
      track.append(tick);
    }
  }

  /** Where the plotting area begins and how wide it is, for lanes and charts alike. */
  area() {
    const left = px('gutter');
    return { left, width: this.box.clientWidth - left - px('right') };
  }

  point(left) {
    const inside = left != null && left >= 0;
    this.cursor.hidden = !inside;
    if (!inside) return;
    const area = this.area();
    const label = this.cursor.firstElementChild;
    this.cursor.style.left = area.left + left + 'px';
    label.textContent = (this.from + (left / area.width) * (this.to - this.from)).toFixed(3) + ' s';
    label.style.translate = left > area.width - 80 ? '-100%' : '';
  }

  /** Drag over the lanes chooses a window; moving over them moves every chart's cursor. */
  drag() {
    let start;
    const at = (event) => {
      const { left, width } = this.area();
      return Math.min(width, Math.max(0, event.clientX - this.lanes.getBoundingClientRect().left - left));
    };
    const time = (x) => this.from + (x / this.area().width) * (this.to - this.from);
    this.lanes.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      start = at(event);
      this.lanes.setPointerCapture(event.pointerId);
    });
    this.lanes.addEventListener('pointermove', (event) => {
      const x = at(event);
      this.point(x);
      for (const plot of this.plots) plot.setCursor({ left: x, top: 1 }, false);
      if (start === undefined) return;
      this.chosen.hidden = false;
      this.chosen.style.left = this.area().left + Math.min(start, x) + 'px';
      this.chosen.style.width = Math.abs(x - start) + 'px';
    });
    const stop = (event) => {
      const [a, b] = [start, at(event)];
      start = undefined;
      this.chosen.hidden = true;
      if (event.type === 'pointerup' && a !== undefined && Math.abs(b - a) >= 4) this.show(time(Math.min(a, b)), time(Math.max(a, b)));
    };
    this.lanes.addEventListener('pointerup', stop);
    this.lanes.addEventListener('pointercancel', stop);
    this.lanes.addEventListener('pointerleave', () => {
      if (start !== undefined) return;
      this.point(-1);
      for (const plot of this.plots) plot.setCursor({ left: -10, top: -10 }, false);
    });
    this.lanes.addEventListener('dblclick', () => this.zoom('all'));
  }

  resize(width = this.box.clientWidth) {
    if (width === 0) return;
    for (const plot of this.plots) if (plot.width !== width) plot.setSize({ width, height: plot.height });
    this.ticks();
  }
}

function timelineOf(section) {
  if (!timelines.has(section)) {
    const timeline = new Timeline(section);
    timelines.set(section, timeline);
    timeline.draw();
  }
  return timelines.get(section);
}

const sections = [...document.querySelectorAll('section')].filter((section) => section.querySelector('.timeline'));
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) timelineOf(target);
}, { rootMargin: '200px' });
for (const section of sections) seen.observe(section);

/** A link into a closed scenario opens it. */
function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let up = target; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true;
  target.scrollIntoView();
}
addEventListener('hashchange', reveal);
reveal();

/** A moment anywhere on the page shows itself on its timeline, with a second around it. */
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a.moment');
  if (!link) return;
  const section = document.getElementById(link.hash.slice(1));
  if (!section) return;
  const [from, to] = [Number(link.dataset.from), Number(link.dataset.to)];
  const margin = Math.max(1, (to - from) / 2);
  reveal();
  const timeline = timelineOf(section);
  timeline.show(from - margin, to + margin);
  requestAnimationFrame(() => {
    const x = ((from - timeline.from) / (timeline.to - timeline.from)) * timeline.area().width;
    timeline.point(x);
    for (const plot of timeline.plots) plot.setCursor({ left: x, top: 1 }, false);
  });
});

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const timeline of timelines.values()) timeline.draw();
});

/** Paper is light, narrow, and shows everything. */
addEventListener('beforeprint', () => {
  root.classList.add('paper');
  for (const details of document.querySelectorAll('details.scenario')) details.open = true;
  for (const section of sections) {
    const timeline = timelineOf(section);
    timeline.draw();
    timeline.resize(680);
  }
});
addEventListener('afterprint', () => {
  root.classList.remove('paper');
  for (const timeline of timelines.values()) timeline.draw();
});
})();
`;
