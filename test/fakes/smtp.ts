import { createTestCertificate } from '@signalbox/sdk/testing';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export const FAKE_SMTP_USER = 'alerts@example.org';
export const FAKE_SMTP_PASSWORD = 'fake-smtp-pa55word';

/** One message as the server took it. */
export interface FakeMail {
  readonly from: string;
  readonly to: readonly string[];
  /** The whole message, headers and body. */
  readonly raw: string;
  /** Headers unfolded, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly isSecure: boolean;
  readonly user?: string;
  /** Two messages with the same session came over the same connection. */
  readonly session: string;
}

/** The commands at which it can refuse. */
export type SmtpStep = 'connect' | 'mail' | 'rcpt' | 'data';

export interface FakeSmtp {
  readonly host: string;
  readonly port: number;
  /** The certificate to trust, in PEM. */
  readonly ca: string;
  readonly mails: readonly FakeMail[];
  /** Connections that came so far. */
  connections(): number;
  /** Answers the next command of this kind with this status. */
  refuseNext(step: SmtpStep, status: number, text?: string): void;
  close(): Promise<void>;
}

export interface FakeSmtpOptions {
  readonly port?: number;
  /** `starttls` by default. */
  readonly security?: 'starttls' | 'tls' | 'none';
  /** Names in the certificate; the default fits the address. */
  readonly names?: readonly string[];
  readonly auth?: 'required' | 'none';
  readonly maxTls?: 'TLSv1.1' | 'TLSv1.2';
  readonly onMail?: (mail: FakeMail) => void;
}

/** A real SMTP server that keeps what it gets. Its certificate is made anew at each start. */
export async function startFakeSmtp(options: FakeSmtpOptions = {}): Promise<FakeSmtp> {
  const { security = 'starttls', names = ['127.0.0.1', 'localhost'] } = options;
  const certificate = createTestCertificate(names);
  const mails: FakeMail[] = [];
  const refusals = new Map<SmtpStep, Error>();
  let connections = 0;

  const refuse = (step: SmtpStep): Error | null => {
    const refusal = refusals.get(step) ?? null;
    refusals.delete(step);
    return refusal;
  };

  const settings: SMTPServerOptions = {
    ...certificate,
    ...(options.maxTls === undefined ? {} : { minVersion: 'TLSv1', maxVersion: options.maxTls }),
    secure: security === 'tls',
    disabledCommands: security === 'starttls' ? [] : ['STARTTLS'],
    allowInsecureAuth: security === 'none',
    authOptional: options.auth !== 'required',
    disableReverseLookup: true,
    logger: false,
    onConnect(_session, done) {
      connections += 1;
      done(refuse('connect'));
    },
    onAuth({ username, password }, _session, done) {
      const isRight = username === FAKE_SMTP_USER && password === FAKE_SMTP_PASSWORD;
      done(isRight ? null : withStatus(535, 'Authentication failed'), { user: username });
    },
    onMailFrom: (_address, _session, done) => done(refuse('mail')),
    onRcptTo: (_address, _session, done) => done(refuse('rcpt')),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const refusal = refuse('data');
        if (refusal !== null) return done(refusal);
        const raw = Buffer.concat(chunks).toString();
        const { mailFrom, rcptTo } = session.envelope;
        const mail = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw,
          headers: readHeaders(raw),
          isSecure: session.secure,
          session: session.id,
          ...(typeof session.user === 'string' ? { user: session.user } : {}),
        };
        mails.push(mail);
        options.onMail?.(mail);
        done(null, `taken as ${mails.length}`);
      });
    },
  };
  const server = new SMTPServer(settings);
  // A client that breaks off a handshake is part of the tests.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));

  return {
    host: '127.0.0.1',
    port: (server.server.address() as AddressInfo).port,
    ca: certificate.cert,
    mails,
    connections: () => connections,
    refuseNext: (step, status, text = 'refused by the test') => refusals.set(step, withStatus(status, text)),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function withStatus(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

function readHeaders(raw: string): Readonly<Record<string, string>> {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
}

if (import.meta.main) {
  const smtp = await startFakeSmtp({
    port: Number(process.argv[2] ?? 0),
    onMail: ({ to, raw }) => console.log(`to ${to.join(', ')}\n${raw}\n`),
  });
  console.log(
    `host: ${smtp.host}\nport: ${smtp.port}\nusername: ${FAKE_SMTP_USER}\npassword: ${FAKE_SMTP_PASSWORD}\nca: |\n${smtp.ca}`,
  );
}
