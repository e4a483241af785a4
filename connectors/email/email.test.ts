import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { isFault, type Fault, type Notification } from '@signalbox/sdk';
import { conformance, testContext } from '@signalbox/sdk/testing';
import {
  FAKE_SMTP_PASSWORD,
  FAKE_SMTP_USER,
  startFakeSmtp,
  type FakeSmtpOptions,
  type SmtpStep,
} from '../../test/fakes/smtp.ts';
import type { EmailConfig } from './config.ts';
import { htmlBody } from './html-body.ts';
import email from './index.ts';
import { messageIdOf } from './notifier.ts';
import { textBody } from './text-body.ts';

conformance(email, {
  dir: import.meta.dirname,
  transport: 'other',
  vendor: ['nodemailer'],
  config: () => ({
    host: 'smtp.example.org',
    username: 'hub',
    password: 'test-password-4711',
    from: 'Signalbox <alerts@example.org>',
    to: ['on-call@example.org'],
  }),
});

const firing = readSample('firing');
const resolved = readSample('resolved');

function readSample(name: string): Notification {
  const path = new URL(`fixtures/notifier/${name}/notification.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Notification;
}

/** A server and one integration that sends to it, with a memory over its deliveries. */
async function start(t: TestContext, server: FakeSmtpOptions = {}, changes: Partial<EmailConfig> = {}) {
  const smtp = await startFakeSmtp(server);
  const config: EmailConfig = {
    host: smtp.host,
    port: smtp.port,
    security: 'starttls',
    min_tls: 'TLSv1.2',
    ca: smtp.ca,
    from: 'Signalbox <alerts@example.org>',
    to: ['on-call@example.org'],
    cc: [],
    max_alerts: 25,
    connections: 2,
    ...changes,
  };
  const state = new Map<string, string>();
  t.after(async () => {
    await email.close!(config);
    await smtp.close();
  });
  const contextOf = (idempotencyKey: string, signal?: AbortSignal) => {
    const { context, close, lines } = testContext<EmailConfig>({
      config,
      state,
      idempotencyKey,
      ...(signal === undefined ? {} : { signal }),
    });
    t.after(close);
    return { context, lines };
  };
  return {
    smtp,
    contextOf,
    deliver: (notification: Notification, idempotencyKey = 'd-1') =>
      email.notifier!.deliver(notification, contextOf(idempotencyKey).context),
    probe: () => email.probe!(contextOf('probe').context),
  };
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const thrown = await work.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error,
  );
  assert.ok(isFault(thrown), String(thrown));
  return thrown;
}

/** The parts of a message by content type, with quoted-printable undone. */
function partOf(raw: string, type: string): string {
  const part =
    raw.split(/\r\n--[^\r\n]+\r\n/).find((candidate) => candidate.includes(`Content-Type: ${type}`)) ?? '';
  const body = part.slice(part.indexOf('\r\n\r\n') + 4).replace(/=\r\n/g, '');
  const bytes = body.replace(/=([0-9A-F]{2})/g, (_match, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}

test('[BR-NOT-001] [BR-NOT-010] a message has rich HTML and plain text that say the same', async (t) => {
  const { smtp, deliver } = await start(t);
  const receipt = await deliver(firing);
  const [mail] = smtp.mails;
  assert.equal(receipt.summary, 'taken for 1 recipient');
  assert.deepEqual(mail?.to, ['on-call@example.org']);
  assert.match(mail.headers['content-type'] ?? '', /^multipart\/alternative/);
  const html = partOf(mail.raw, 'text/html');
  const text = partOf(mail.raw, 'text/plain');
  assert.match(html, /<table role="presentation"/);
  assert.match(html, /background:#c62828/);
  assert.match(html, /<a class="link" href="https:\/\/runbooks\.example\.org\/disk-full"/);
  for (const words of [
    'Disk /var on db-1 is 96% full',
    'PostgreSQL stops when it is',
    'since 2026-11-20 09:14:05 UTC',
  ]) {
    assert.ok(html.includes(words) && text.includes(words), words);
  }
});

test('[BR-INT-009] the message goes over STARTTLS to a server that logs it in', async (t) => {
  const login = { username: FAKE_SMTP_USER, password: FAKE_SMTP_PASSWORD };
  const { smtp, deliver, probe } = await start(t, { auth: 'required' }, login);
  await probe();
  await deliver(firing);
  assert.deepEqual([smtp.mails[0]?.isSecure, smtp.mails[0]?.user], [true, FAKE_SMTP_USER]);
});

test('[BR-INT-009] the message goes over TLS from the start', async (t) => {
  const { smtp, deliver, probe } = await start(t, { security: 'tls' }, { security: 'tls' });
  await probe();
  await deliver(firing);
  assert.equal(smtp.mails[0]?.isSecure, true);
});

test('only when told so the message goes in clear', async (t) => {
  const { smtp, deliver } = await start(t, { security: 'none' }, { security: 'none' });
  await deliver(firing);
  assert.equal(smtp.mails[0]?.isSecure, false);
});

test('the resolve lands in the thread of its group, and the next time it fires begins another', async (t) => {
  const { smtp, deliver } = await start(t);
  await deliver(firing, 'd-1');
  await deliver({ ...firing, generation: 2 }, 'd-2');
  await deliver(resolved, 'd-3');
  await deliver({ ...firing, generation: 4 }, 'd-4');
  const threads = smtp.mails.map(({ headers }) => [
    headers['message-id'],
    headers['in-reply-to'],
    headers['references'],
  ]);
  assert.deepEqual(threads, [
    ['<d-1@example.org>', undefined, undefined],
    ['<d-2@example.org>', '<d-1@example.org>', '<d-1@example.org>'],
    ['<d-3@example.org>', '<d-1@example.org>', '<d-1@example.org>'],
    ['<d-4@example.org>', undefined, undefined],
  ]);
});

test('a repeat has the same Message-ID, so that it can be recognised', async (t) => {
  const { smtp, deliver } = await start(t);
  await deliver(firing, 'd-1');
  await deliver(firing, 'd-1');
  assert.deepEqual(
    smtp.mails.map(({ headers }) => headers['message-id']),
    ['<d-1@example.org>', '<d-1@example.org>'],
  );
  assert.equal(messageIdOf('a b>\r\nX: y', 'Hub <a@b.example>'), '<a-b---X--y@b.example>');
});

test('the headers say that a machine wrote it, which group it is, and how urgent', async (t) => {
  const { smtp, deliver } = await start(t);
  await deliver(firing);
  await deliver(resolved, 'd-2');
  const [first, second] = smtp.mails;
  assert.equal(first?.headers['auto-submitted'], 'auto-generated');
  assert.equal(first?.headers['x-entity-ref-id'], firing.groupId);
  assert.equal(first?.headers['importance'], 'High');
  assert.equal(second?.headers['importance'], undefined);
});

test('no label and no annotation gets a header, a recipient or markup in', async (t) => {
  const { smtp, deliver } = await start(
    t,
    {},
    { subject: '{{ commonLabels.alertname }}\r\nBcc: x@example.org' },
  );
  await deliver(readSample('hostile'));
  const [mail] = smtp.mails;
  assert.deepEqual(mail?.to, ['on-call@example.org']);
  assert.equal(mail.headers['bcc'], undefined);
  assert.doesNotMatch(mail.raw, /^bcc:/im);
  const html = partOf(mail.raw, 'text/html');
  assert.doesNotMatch(html, /<script|<img|<b>Evil|javascript:/);
  assert.match(html, /&lt;script&gt;/);
});

test('[BR-NOT-007] subject, text and HTML come from templates; HTML values are escaped', async (t) => {
  const templates = {
    subject: '{{ severity }}: {{ title }}',
    text: 'T {{ x }}{{ title }}',
    html: '<p>{{ commonLabels.alertname }}</p>',
  };
  const { smtp, deliver } = await start(t, {}, templates);
  await deliver(readSample('hostile'));
  const [mail] = smtp.mails;
  assert.match(mail?.headers['subject'] ?? '', /^critical: \[FIRING:1\]/);
  assert.match(partOf(mail!.raw, 'text/plain'), /^T \[FIRING:1\]/);
  assert.match(partOf(mail!.raw, 'text/html'), /<p>&lt;b&gt;Evil/);
});

test('[BR-NOT-007] a template that fails sends the default text, and the message and the log say so', async (t) => {
  const { smtp, contextOf } = await start(t, {}, { text: '{{ title | time }}' });
  const { context, lines } = contextOf('d-1');
  await email.notifier!.deliver(firing, context);
  assert.match(
    partOf(smtp.mails[0]!.raw, 'text/plain'),
    /Disk \/var on db-1[\s\S]*the template failed: text: line 1/,
  );
  assert.match(lines.join('\n'), /the template failed/);
});

test('[BR-PERF-033] messages share the connections of the pool until it is closed', async (t) => {
  const { smtp, deliver } = await start(t, {}, { connections: 1 });
  for (const key of ['d-1', 'd-2', 'd-3', 'd-4']) await deliver(firing, key);
  assert.equal(smtp.mails.length, 4);
  assert.equal(smtp.connections(), 1);
});

const answers: readonly (readonly [step: SmtpStep, status: number, code: string])[] = [
  ['connect', 421, 'SB_UNAVAILABLE'],
  ['mail', 450, 'SB_UNAVAILABLE'],
  ['rcpt', 451, 'SB_UNAVAILABLE'],
  ['data', 452, 'SB_UNAVAILABLE'],
  ['mail', 530, 'SB_AUTH'],
  ['rcpt', 550, 'SB_REJECTED'],
  ['mail', 553, 'SB_REJECTED'],
  ['data', 554, 'SB_REJECTED'],
];
for (const [step, status, code] of answers) {
  test(`${status} at ${step} is ${code}, told without the server's words`, async (t) => {
    const { smtp, deliver } = await start(t);
    smtp.refuseNext(step, status, '5.1.1 no such user on-call@example.org');
    const fault = await faultOf(deliver(firing));
    assert.equal(fault.code, code);
    assert.equal(fault.status, status);
    assert.match(fault.message, new RegExp(`${status} 5\\.1\\.1`));
    assert.doesNotMatch(`${fault.message} ${fault.stack ?? ''}`, /on-call@/);
  });
}

test('a wrong password is SB_AUTH for delivery and probe, and is not repeated in the fault', async (t) => {
  const login = { username: FAKE_SMTP_USER, password: 'wrong-password-0815' };
  const { deliver, probe } = await start(t, { auth: 'required' }, login);
  for (const fault of [await faultOf(deliver(firing)), await faultOf(probe())]) {
    assert.equal(fault.code, 'SB_AUTH');
    assert.doesNotMatch(
      `${fault.message} ${fault.stack ?? ''} ${String(fault.cause)}`,
      /wrong-password|d3JvbmctcGFzc3dvcmQ/,
    );
  }
});

for (const [what, server, changes] of [
  ['a server without STARTTLS', { security: 'none' }, {}],
  ['a certificate of an unknown authority', {}, { ca: undefined }],
  ['a certificate for another name', { names: ['other.example.org'] }, {}],
  ['a server that speaks TLS 1.1 only', { maxTls: 'TLSv1.1' }, {}],
  ['a server below min_tls', { maxTls: 'TLSv1.2' }, { min_tls: 'TLSv1.3' }],
  ['a port that does not speak TLS from the start', {}, { security: 'tls' }],
  ['a user without a password', {}, { username: 'hub' }],
] as const) {
  test(`${what} is SB_CONFIG with a field, and nothing is sent`, async (t) => {
    const { smtp, deliver } = await start(t, server, changes as Partial<EmailConfig>);
    const fault = await faultOf(deliver(firing));
    assert.equal(fault.code, 'SB_CONFIG');
    assert.match(fault.field ?? '', /^config\./);
    assert.deepEqual(smtp.mails, []);
  });
}

test('a server that is not there is SB_UNAVAILABLE', async (t) => {
  const { smtp, deliver, probe } = await start(t);
  await smtp.close();
  assert.equal((await faultOf(deliver(firing))).code, 'SB_UNAVAILABLE');
  assert.equal((await faultOf(probe())).code, 'SB_UNAVAILABLE');
});

test('an aborted delivery ends as SB_UNAVAILABLE', async (t) => {
  const { contextOf } = await start(t);
  const { context } = contextOf('d-1', AbortSignal.abort());
  assert.equal((await faultOf(email.notifier!.deliver(firing, context))).code, 'SB_UNAVAILABLE');
  assert.equal((await faultOf(email.probe!(context))).code, 'SB_UNAVAILABLE');
});

test('one refused recipient of several does not hold up the others, and is counted', async (t) => {
  const { smtp, deliver } = await start(t, {}, { cc: ['team@example.org'] });
  smtp.refuseNext('rcpt', 550);
  const receipt = await deliver(firing);
  assert.equal(receipt.summary, 'taken for 1 recipient, refused for 1');
  assert.deepEqual(smtp.mails[0]?.to, ['team@example.org']);
});

test('[BR-NOT-010] a mail of Go templates has their words, recipients and headers, and no header of the envelope', async (t) => {
  const { smtp, deliver } = await start(
    t,
    {},
    {
      go_templates: {
        to: '{{ .CommonLabels.team }}@example.org, Boss <boss@example.org>',
        subject: '{{ template "email.default.subject" . }}',
        html: '<p title="{{ .Status }}">{{ "<b>" }}</p>',
        headers: { 'X-Team': 'a\r\nBcc: x@example.org {{ .Status }}', Bcc: 'y@example.org' },
        definitions: [],
      },
    },
  );
  await deliver(firing);
  const [mail] = smtp.mails;
  assert.deepEqual(mail?.to, ['db@example.org', 'boss@example.org']);
  assert.match(mail.headers['subject'] ?? '', /^\[FIRING:1\] DiskFull eu-1/);
  assert.equal(mail.headers['x-team'], 'a Bcc: x@example.org firing');
  assert.equal(mail.headers['bcc'], undefined);
  assert.match(mail.raw, /<p title=(?:3D)?"firing">&lt;b&gt;<\/p>/);
  assert.doesNotMatch(mail.raw, /text\/plain/);
});

test('recipients that render to no address are refused, and nothing is sent', async (t) => {
  const { smtp, deliver } = await start(
    t,
    {},
    {
      go_templates: { to: '{{ .CommonLabels.none }}', subject: 's', definitions: [] },
    },
  );
  const fault = await faultOf(deliver(firing));
  assert.deepEqual([fault.code, fault.field], ['SB_REJECTED', 'config.go_templates.to']);
  assert.equal(smtp.mails.length, 0);
});

test('[BR-NOT-006] both bodies say what the hub knows: procedures, environment, owner, what enrichment found, what changed, links', () => {
  const expected = (kind: string) =>
    readFileSync(new URL(`fixtures/notifier/known/expected.${kind}`, import.meta.url), 'utf8');
  const known = readSample('known');
  assert.equal(textBody(known, 20, ''), expected('txt'));
  assert.equal(htmlBody(known, 20, ''), expected('html'));
});
