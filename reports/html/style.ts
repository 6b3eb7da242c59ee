/**
 * The page's style sheet. Colours are of the Okabe-Ito set (Okabe and Ito, "Color Universal Design", 2008), darkened or
 * lightened until text on them has a contrast of 4.5 or more; each also has a word, a sign or a hatching of its own.
 */
const light = `
  --bg:#fff; --text:#1b1f24; --muted:#59636e; --line:#d5dbe1; --soft:#f4f6f8; --link:#0a58a6;
  --pass:#00704f; --violation:#b03a00; --invalid:#8b3470; --inconclusive:#6e5a00; --budget:#6e5a00; --unsupported:#59636e;
  --leading:#0072b2; --on-leading:#fff; --following:#cfe5f4; --on-following:#12324a; --observing:#e4dcf1; --on-observing:#35254f;
  --looking:#f6df8e; --looking2:#e9c44a; --on-looking:#3b2e00; --down:#555c64; --down2:#6d757e; --on-down:#fff;
  --fault:#b03a00; --band:rgba(213,94,0,.13); --outage:#8b3470; --outage-band:rgba(139,52,112,.16);
  --series-a:#0072b2; --series-b:#c24f00; --series-c:#00704f; --grid:#e6eaee;
`;
const dark = `
  --bg:#15181b; --text:#e3e7ea; --muted:#9aa5b0; --line:#343b42; --soft:#1d2125; --link:#7cbcf2;
  --pass:#3fc79a; --violation:#ff9254; --invalid:#e592c8; --inconclusive:#e6c84d; --budget:#e6c84d; --unsupported:#9aa5b0;
  --leading:#2a8fcb; --on-leading:#04121c; --following:#23455c; --on-following:#d6e9f6; --observing:#40345a; --on-observing:#e6dff3;
  --looking:#b38f1f; --looking2:#8f7113; --on-looking:#120e00; --down:#31373d; --down2:#434a52; --on-down:#e3e7ea;
  --fault:#ff9254; --band:rgba(255,146,84,.16); --outage:#e592c8; --outage-band:rgba(229,146,200,.2);
  --series-a:#56b4e9; --series-b:#ff9254; --series-c:#3fc79a; --grid:#2a3036;
`;

export const style = `
:root { color-scheme: light dark; --gutter: 84px; --right: 12px; ${light} }
@media (prefers-color-scheme: dark) { :root:not(.paper) { ${dark} } }
:root.paper { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1320px; margin: 0 auto; padding: 16px 24px 64px; }
h1 { font-size: 22px; margin: 8px 0 4px; } h2 { font-size: 17px; margin: 24px 0 6px; }
h3 { font-size: 14px; margin: 20px 0 6px; } h4 { font-size: 14px; margin: 8px 0 4px; }
p { margin: 4px 0; max-width: 100ch; } ul, ol { margin: 4px 0; padding-left: 22px; }
a { color: var(--link); } a:not(:hover) { text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, .moment, .tick { font: 12.5px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { overflow-wrap: anywhere; }
.muted, cite { color: var(--muted); } cite { font-style: normal; }
.bad { color: var(--violation); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.badge { display: inline-block; border: 1px solid; border-radius: 3px; padding: 0 6px; font-size: .88em; font-weight: 600; white-space: nowrap; color: var(--muted); }
.badge.pass { color: var(--pass); } .badge.violation { color: var(--violation); } .badge.invalid { color: var(--invalid); }
.badge.inconclusive { color: var(--inconclusive); } .badge.budget { color: var(--budget); } .badge.unsupported { color: var(--unsupported); } .badge.not-run { color: var(--inconclusive); border-style: dashed; }

dl { margin: 8px 0; } dt { color: var(--muted); } dd { margin: 0; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 24px; } .facts dt { font-size: 12px; }
.commands div { display: flex; flex-wrap: wrap; gap: 0 12px; } .commands dt { min-width: 27ch; }

.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: 3px 14px 3px 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--muted); vertical-align: bottom; } td { max-width: 62ch; } td:first-child { min-width: 12ch; }
.num { text-align: right; font-variant-numeric: tabular-nums; } td.num { white-space: nowrap; }
.vote { white-space: nowrap; }

table.claims { width: 100%; } .claims tbody { border-top: 1px solid var(--line); } .claims td { border: 0; padding: 6px 14px 6px 0; max-width: none; }
.claims .claim { width: 30%; min-width: 34ch; } .claims .done { width: 20%; min-width: 18ch; } .claims .seen { min-width: 34ch; }
.claims ul { margin: 2px 0 6px; padding-left: 16px; } .claims p { margin: 3px 0; } .claims .label { display: none; color: var(--muted); } .claims .badge { white-space: nowrap; }
.claims :target, .claims tbody:target { background: var(--soft); }

details.scenario { border-top: 1px solid var(--line); margin-top: 12px; }
summary { cursor: pointer; } summary h2 { display: inline; } details.scenario > summary { padding: 12px 0 8px; }
details:not(.scenario) > summary { color: var(--link); padding: 2px 0; }
.reasons { font-weight: 600; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 0 32px; }
.pair > * { min-width: 0; }
.finding { border-left: 3px solid var(--violation); padding: 0 0 4px 12px; margin: 10px 0; } .finding.gap { border-color: var(--inconclusive); }
.core { margin: 8px 0; overflow-x: auto; } .core svg { display: block; } .core text { font-size: 11.5px; fill: var(--muted); }
.core .zxid, .core .time.end { text-anchor: end; } .core .level { stroke: var(--grid); } .core .open-fault { fill: var(--band); }
.core .op { fill: var(--series-a); opacity: .55; } .core .op.named { fill: var(--fault); opacity: 1; } .core .what.named { fill: var(--text); font-weight: 600; }
.core .seen { fill: none; stroke: var(--fault); stroke-width: 1.5; }
.logs caption { text-align: left; color: var(--muted); font-size: 12px; padding: 6px 0 2px; } .logs td { min-width: 24ch; padding-right: 10px; } .logs td:first-child { min-width: 0; white-space: nowrap; } .logs tr:nth-child(even) { background: var(--soft); }
.badge.gap { color: var(--inconclusive); }
.journal { list-style: none; padding: 0; font-size: 13px; } .journal .moment { display: inline-block; min-width: 11ch; text-align: right; margin-right: 8px; }
.journal .phase { margin-top: 6px; font-weight: 600; } .journal .fault-missed, .journal .fault-stuck, .journal .not-serving { color: var(--violation); }
.files { columns: 320px; list-style: none; padding: 0; font-size: 13px; }

.bench { display: flex; flex-wrap: wrap; gap: 4px 16px; max-width: none; }
.tools { display: inline-flex; flex-wrap: wrap; gap: 4px; align-items: center; }
button { font: inherit; font-size: 12.5px; padding: 1px 8px; color: var(--text); background: var(--soft); border: 1px solid var(--line); border-radius: 3px; cursor: pointer; }
.window { margin-left: 6px; font-variant-numeric: tabular-nums; }
.timeline { margin-top: 8px; }
.lanes { position: relative; touch-action: pan-y; user-select: none; cursor: crosshair; }
.lane { display: grid; grid-template-columns: var(--gutter) 1fr; padding-right: var(--right); margin-bottom: 2px; }
.lane .name { text-align: right; padding-right: 8px; font-size: 12px; line-height: 18px; color: var(--muted); white-space: nowrap; }
.track { position: relative; height: 18px; overflow: hidden; margin: 0; padding: 0; list-style: none; }
.lane > .track { background: color-mix(in srgb, var(--line) 30%, transparent); }
.bar, .band { position: absolute; top: 0; bottom: 0; min-width: 2px;
  left: calc(max(-.004, (var(--a) - var(--t0)) / (var(--t1) - var(--t0))) * 100%);
  right: calc(max(-.004, (var(--t1) - var(--b)) / (var(--t1) - var(--t0))) * 100%); }
.bar { overflow: hidden; font-size: 11px; line-height: 18px; white-space: nowrap; border-radius: 1px; }
.bar > span:first-child { display: block; padding-left: 4px; overflow: hidden; text-overflow: ellipsis; }
.bar { container-type: inline-size; }
@container (max-width: 30px) { .bar:not(.point) > span:first-child { visibility: hidden; } }
.point { overflow: visible; }
.point > span:first-child { overflow: visible; }
.band { background: var(--band); border-left: 1px dashed var(--fault); }
.bands { position: absolute; top: 0; bottom: 0; left: var(--gutter); right: var(--right); pointer-events: none; }
.bands .track { height: 100%; }
.empty { font-size: 11px; line-height: 18px; padding-left: 4px; }
.axis .track { background: none; height: 16px; } .axis { margin: 0; }
.tick { position: absolute; left: calc((var(--a) - var(--t0)) / (var(--t1) - var(--t0)) * 100%); font-size: 11px; line-height: 16px; padding-left: 3px; border-left: 1px solid var(--muted); color: var(--muted); }

.LEADING { background: var(--leading); color: var(--on-leading); font-weight: 700; }
.FOLLOWING { background: var(--following); color: var(--on-following); }
.led { background: color-mix(in srgb, var(--following) 55%, transparent); color: var(--text); }
.OBSERVING { background: var(--observing); color: var(--on-observing); border-block: 1px dashed var(--on-observing); }
.LOOKING { background: repeating-linear-gradient(135deg, var(--looking) 0 5px, var(--looking2) 5px 8px); color: var(--on-looking); }
.DOWN { background: repeating-linear-gradient(45deg, var(--down) 0 4px, var(--down2) 4px 6px); color: var(--on-down); }
.SILENT { background: repeating-linear-gradient(90deg, var(--down) 0 2px, transparent 2px 6px); color: var(--text); }
.SILENT > span:first-child { width: max-content; max-width: 100%; padding-right: 4px; background: var(--bg); }
.STANDALONE, .SERVING { background: var(--soft); color: var(--text); border: 1px solid var(--line); }
.reign { border: 1px solid var(--leading); color: var(--text); line-height: 16px; font-weight: 600; background: var(--bg); }
.fault { border: 1px solid var(--fault); color: var(--text); line-height: 16px; background: var(--bg); }
.fault.missed, .fault.stuck, .fault.open { border-style: dashed; font-weight: 700; }
.outage { background: repeating-linear-gradient(135deg, var(--outage) 0 10px, color-mix(in srgb, var(--outage) 82%, var(--bg)) 10px 12px); font-weight: 600; }
.outage.point > span:first-child { position: absolute; left: 100%; color: var(--text); }
.outage.before > span:first-child { left: auto; right: 100%; padding-right: 4px; }
.gone { border: 1px solid var(--violation); color: var(--text); line-height: 16px; font-weight: 700; background: var(--bg); }
.mark { border-left: 2px solid var(--violation); } .mark a { font-weight: 700; text-decoration: none; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 12px; color: var(--muted); margin: 4px 0 4px var(--gutter); max-width: none; }
.legend i { position: static; display: inline-block; width: 22px; height: 11px; vertical-align: -1px; }
.cursor { position: absolute; top: 0; bottom: 0; width: 0; border-left: 1px dashed var(--muted); pointer-events: none; z-index: 1; }
.cursor span { position: absolute; bottom: 0; left: 0; padding: 0 4px; font-size: 11px; line-height: 16px; white-space: nowrap; background: var(--text); color: var(--bg); font-variant-numeric: tabular-nums; }
.chosen { position: absolute; top: 0; bottom: 0; background: color-mix(in srgb, var(--link) 20%, transparent); pointer-events: none; }
.chart { margin: 6px 0 0; } .chart figcaption { padding-left: var(--gutter); font-size: 12px; display: flex; flex-wrap: wrap; gap: 0 12px; }
.uplot { font: inherit; font-size: 12px; } .u-legend { margin: 0 0 0 auto; line-height: 1.2; font-size: 12px; text-align: left; }
.u-legend.u-inline tr { margin-right: 8px; } .u-legend tr:first-child { display: none; }
.u-legend td, .u-legend th { border: 0; font-weight: 400 !important; color: var(--text); padding: 0 4px 0 0; } .u-legend .u-value { min-width: 8ch; font-variant-numeric: tabular-nums; }
.u-legend .u-marker { width: 18px; height: 0; border-width: 0 0 2px !important; }
.u-select { background: color-mix(in srgb, var(--link) 20%, transparent); }
.u-hz .u-cursor-x { border-right-color: var(--muted); }

.lanes.still { cursor: auto; user-select: auto; } .split { margin: 6px 0 10px; }
.side { margin: 6px 0 2px var(--gutter); font-size: 12px; color: var(--muted); }
.thin .track, .thin .lane .name { height: 6px; line-height: 6px; } .thin .bar > span:first-child { visibility: hidden; }
.able-yes { background: var(--pass); opacity: .55; } .able-unknown { background: repeating-linear-gradient(90deg, var(--pass) 0 3px, transparent 3px 7px); opacity: .55; } .able-no { background: repeating-linear-gradient(135deg, var(--violation) 0 4px, transparent 4px 7px); }
.lane.clients { margin-bottom: 8px; } .lane.clients .track { height: 30px; width: 100%; background: none; border-bottom: 1px solid var(--line); } .lane.clients .name { line-height: 30px; }
.acked { fill: var(--series-a); } .answered { fill: var(--following); } .denied { fill: var(--series-b); }
i.acked { background: var(--series-a); } i.answered { background: var(--following); } i.denied { background: var(--series-b); }

@media (max-width: 640px) {
  main { padding: 8px 12px 48px; } :root { --gutter: 60px; --right: 4px; }
  .claims thead { display: none; } .claims, .claims tbody, .claims tr { display: block; } .claims td { display: block; width: auto !important; min-width: 0 !important; padding: 3px 0; }
  .logs thead { display: none; } .logs table, .logs tbody, .logs tr, .logs caption { display: block; } .logs td { display: inline; border: 0; padding: 0 6px 0 0; } .logs td:empty { display: none; } .logs tr { border-bottom: 1px solid var(--line); padding: 3px 0; } .logs td[data-server]::before { content: attr(data-server) ' '; font-weight: 600; font-size: 12px; }
  .claims .label { display: inline; } .claims .verdict { display: inline-block; margin-right: 12px; } .claims .done { margin-top: 4px; }
}
@media print {
  main { padding: 0; max-width: none; } .tools, button { display: none; } .timeline { width: 680px; }
  .scroll { overflow: visible; } td { max-width: none; } table { font-size: 11px; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } figure, tr, .lanes, .finding { break-inside: avoid; }
}
`;
