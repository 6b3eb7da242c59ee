import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The chart library's own files, put into the page as they are. */
export interface Assets {
  chartScript: string;
  chartStyle: string;
}

/** uPlot as its package ships it for `<script>`, with its licence, which asks for that. The only reading that the HTML report does. */
export function readAssets(): Assets {
  const { resolve } = createRequire(import.meta.url);
  const text = (file: string) => readFileSync(resolve(`uplot/dist/${file}`), 'utf8');
  const licence = text('../LICENSE').replaceAll('*/', '* /');
  return { chartScript: `/*\n${licence}*/\n${text('uPlot.iife.min.js')}`, chartStyle: text('uPlot.min.css') };
}
