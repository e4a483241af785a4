import {
  escapeHtml,
  leftOutText,
  wordingOf,
  type AlertWording,
  type Notification,
  type Wording,
} from '@signalbox/sdk';

// Mail programs know tables and inline styles, and little else; Outlook for Windows lays out with Word. Dark colours come by a
// style sheet where it is understood, and the light ones read well where it is not.
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
const MONO = "font-family:ui-monospace,'SF Mono',Menlo,Consolas,monospace;";
const DARK_STYLE = `@media (prefers-color-scheme:dark){
.page{background:#14181d!important}.card{background:#1e242b!important;border-color:#323b45!important}
.strong{color:#f2f5f8!important}.words{color:#d3dae2!important}.quiet{color:#9aa7b5!important}
.chip{background:#2b333c!important;color:#d3dae2!important}.link{color:#7db4ff!important}.rule{border-color:#323b45!important}}`;

/** The notification as an HTML document. Everything that comes from outside is escaped; links are http and https only. */
export function htmlBody(notification: Notification, maxAlerts: number, note: string): string {
  const wording = wordingOf(notification, { maxAlerts });
  const rows = [
    headRow(wording),
    askedRow(wording),
    ...wording.alerts.map((alert, index) => alertRow(alert, wording, index === 0)),
    noteRow(leftOutText(notification, wording.alerts.length)),
    noteRow(note),
  ].join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(wording.title)}</title>
<style>${DARK_STYLE}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#eef1f4">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(previewOf(wording))}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#eef1f4">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="640" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:640px;background:#ffffff;border:1px solid #dde3e9;border-radius:8px;border-collapse:separate;overflow:hidden;text-align:left">
${rows}
</table>
${footer(notification.receiver, wording)}
</td></tr>
</table>
</body>
</html>
`;
}

/** What inboxes show beside the subject. */
function previewOf({ alerts: [first] }: Wording): string {
  return first?.summary ?? '';
}

function headRow({ title, look: { color }, news, late, shared: labels }: Wording): string {
  const [, state = '', words = title] = /^\[([^\]]*)\] (.*)$/.exec(title) ?? [];
  const shared = chips(labels);
  return `<tr><td bgcolor="${color}" style="background:${color};padding:18px 24px;${FONT}color:#ffffff">
<div style="font-size:12px;line-height:16px;font-weight:700;letter-spacing:.08em;color:#ffffff">${escapeHtml(state)}</div>
<div style="font-size:20px;line-height:26px;font-weight:600;color:#ffffff;word-break:break-word">${escapeHtml(words)}</div>
${news === '' ? '' : `<div style="font-size:13px;line-height:18px;padding-top:4px;color:#ffffff">Since the last message: ${escapeHtml(news)}</div>\n`}${late === '' ? '' : `<div style="font-size:13px;line-height:18px;padding-top:4px;color:#ffffff">${escapeHtml(late)}</div>`}
</td></tr>
${shared === '' ? '' : `<tr><td style="padding:14px 24px 0">${shared}</td></tr>`}`;
}

/** What the procedures ask for; nothing without. */
function askedRow({ asked: [level, ...asked], procedure }: Wording): string {
  if (level === undefined) return '';
  const parts = [
    block('strong', 'font-size:14px;line-height:20px;font-weight:600;color:#1b2430', escapeHtml(level)),
    block('words', 'font-size:14px;line-height:21px;color:#36424f', asked.map(escapeHtml).join('<br>')),
    block('', 'font-size:14px;line-height:20px;padding-top:4px', procedure.map(anchor).join('')),
  ];
  return `<tr><td class="rule" style="border-bottom:1px solid #e6eaee;padding:14px 24px;${FONT}word-break:break-word">
${parts.filter((part) => part !== '').join('\n')}
</td></tr>`;
}

function alertRow(alert: AlertWording, { isSingle }: Wording, isFirst: boolean): string {
  const name = isSingle ? '' : badge(stateWord(alert), alert.look.color) + escapeHtml(alert.name);
  const rule = isFirst ? '' : 'border-top:1px solid #e6eaee;';
  const description = escapeHtml(alert.description).replaceAll('\n', '<br>');
  const parts = [
    name === '' ? '' : block('strong', `font-size:15px;line-height:22px;font-weight:600;color:#1b2430`, name),
    block(
      isSingle ? 'strong' : 'words',
      `font-size:${isSingle ? 17 : 14}px;line-height:${isSingle ? 24 : 20}px;${isSingle ? 'font-weight:600;' : ''}color:${isSingle ? '#1b2430' : '#36424f'}`,
      escapeHtml(isSingle ? alert.heading : alert.beside),
    ),
    block('words', 'font-size:14px;line-height:21px;color:#36424f;padding-top:6px', description),
    chips(alert.labels),
    block(
      'words',
      'font-size:13px;line-height:20px;color:#36424f;padding-top:10px',
      alert.known
        .map(([what, value]) => `${escapeHtml(what)}: <b>${escapeHtml(value)}</b>`)
        .join(' &nbsp;·&nbsp; '),
    ),
    block(
      'words',
      'font-size:13px;line-height:20px;color:#36424f;padding-top:4px',
      alert.found.map(escapeHtml).join('<br>'),
    ),
    block('quiet', 'font-size:13px;line-height:18px;color:#5b6875;padding-top:10px', escapeHtml(alert.times)),
    block(
      '',
      'font-size:14px;line-height:20px;padding-top:8px',
      alert.links.map(anchor).join(' &nbsp;·&nbsp; '),
    ),
  ];
  return `<tr><td class="rule" style="${rule}padding:16px 24px;${FONT}word-break:break-word">
${parts.filter((part) => part !== '').join('\n')}
</td></tr>`;
}

function stateWord({ status, severity }: AlertWording): string {
  if (status === 'resolved') return 'RESOLVED';
  return severity === 'unknown' ? 'FIRING' : severity.toUpperCase();
}

function badge(word: string, color: string): string {
  const style = `display:inline-block;background:${color};color:#ffffff;border-radius:4px;padding:0 7px;margin-right:8px;font-size:11px;line-height:18px;font-weight:700;letter-spacing:.05em;vertical-align:1px`;
  return `<span style="${style}">${word}</span>`;
}

function block(name: string, style: string, html: string): string {
  return html === '' ? '' : `<div class="${name}" style="${style}">${html}</div>`;
}

function chips(labels: readonly (readonly [name: string, value: string])[]): string {
  if (labels.length === 0) return '';
  const style = `display:inline-block;background:#eef1f4;color:#36424f;border-radius:4px;padding:1px 7px;margin:6px 6px 0 0;font-size:12px;line-height:18px;${MONO}`;
  const spans = labels.map(
    ([name, value]) =>
      `<span class="chip" style="${style}">${escapeHtml(name)}=<b>${escapeHtml(value)}</b></span>`,
  );
  return `<div style="padding-top:2px">${spans.join('')}</div>`;
}

function anchor({ title, url }: { readonly title: string; readonly url: string }): string {
  return `<a class="link" href="${escapeHtml(url)}" style="color:#0b5cad;text-decoration:underline">${escapeHtml(title)}</a>`;
}

function noteRow(note: string): string {
  if (note === '') return '';
  return `<tr><td class="rule quiet" style="border-top:1px solid #e6eaee;padding:14px 24px;${FONT}font-size:13px;line-height:19px;color:#5b6875">${escapeHtml(note)}</td></tr>`;
}

function footer(receiver: string, { hub: [hub] }: Wording): string {
  const from = hub === undefined ? 'Signalbox' : anchor(hub);
  return `<div class="quiet" style="${FONT}font-size:12px;line-height:18px;color:#5b6875;padding:14px 0">To ${escapeHtml(receiver)} from ${from}</div>`;
}
