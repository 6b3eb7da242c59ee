import { type Html, html, raw } from './html.ts';

interface Document {
  title: string;
  /** Texts of style sheets of our own. */
  styles: readonly string[];
  /** Texts of scripts of our own, at the end of the body. */
  scripts?: readonly string[];
  main: Html;
}

/**
 * A page that needs nothing else. The policy in its head forbids every request, so one that tried to reach a network
 * would fail in the browser too; scripts run only where the page has any.
 */
export function htmlDocument({ title, styles, scripts = [], main }: Document): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'${scripts.length > 0 ? "; script-src 'unsafe-inline'" : ''}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<title>${title}</title>
<style>
${raw(styles.join('\n'))}
</style>
</head>
<body>
${main}
${scripts.map((script) => html`<script>\n${raw(script)}\n</script>\n`)}</body>
</html>
`.html;
}
