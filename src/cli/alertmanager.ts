import { hostname, networkInterfaces } from 'node:os';
import { DROP_IN_FLAGS } from '../alertmanager/drop-in/flags.ts';
import { parseFlags } from '../alertmanager/drop-in/parse-flags.ts';
import { versionText } from '../alertmanager/drop-in/version.ts';
import { defineCommand, type Flag, type Flags } from './command.ts';
import { runDropIn } from './alertmanager-run.ts';

/** What stands for the value in help texts. */
const HINTS: Readonly<Record<string, string | undefined>> = {
  text: 'TEXT',
  texts: 'ADDRESS',
  duration: 'DURATION',
  integer: 'NUMBER',
  number: 'NUMBER',
};

export default defineCommand({
  description: [
    'Stands in for Alertmanager 0.34: takes its flags (`--flag value` and `--flag=value`), an unmodified `alertmanager.yml`, and answers at its addresses. What can’t be carried over is an error with file, line and column, as with `signalbox import alertmanager`.',
    '`SIGHUP` and `POST /-/reload` read the file again, whole or not at all. `SIGTERM` and `SIGINT` end with 0; what is wrong at the start ends with 1.',
    'Whoever reaches the listener may use Alertmanager’s API and `/-/reload`, as there. The hub’s own API below `/api/v1` answers this machine only.',
  ],
  flags: describeFlags(),
  takesAnything: true,
  examples: [
    {
      line: 'signalbox alertmanager --config.file=/etc/alertmanager/alertmanager.yml --storage.path=/var/lib/alertmanager',
      what: 'with the files of an Alertmanager',
    },
    {
      line: 'signalbox alertmanager --cluster.peer=am-2:9094 --storage-url=postgres://am@db.example.org/am',
      what: 'one of several processes on one database',
    },
  ],
  async run({ positionals, terminal }) {
    const parsed = parseFlags(positionals);
    if (!parsed.ok) {
      terminal.remark(`alertmanager: error: ${parsed.problem}`);
      return 1;
    }
    if (parsed.asksFor === 'version') {
      terminal.print(versionText(process));
      return 0;
    }
    const hasIPv6 = Object.values(networkInterfaces()).some((list) =>
      list?.some(({ family }) => family === 'IPv6'),
    );
    const code = await runDropIn(parsed.flags, { hostName: hostname(), hasIPv6 });
    // Whatever is still open is nobody's any more.
    process.exit(code);
  },
});

/** For help, completion and the reference; `parseFlags` reads them in Alertmanager's way. */
function describeFlags(): Flags {
  return Object.fromEntries(
    Object.entries(DROP_IN_FLAGS).map(([name, flag]): [string, Flag] => {
      const standard = 'standard' in flag && flag.standard !== '' ? ` Default \`${flag.standard}\`.` : '';
      const type = flag.kind === 'switch' ? 'boolean' : flag.kind === 'texts' ? 'strings' : 'string';
      const hint = HINTS[flag.kind];
      return [
        name,
        {
          type,
          description: flag.description + standard,
          ...(hint === undefined ? {} : { hint: name.endsWith('file') ? 'FILE' : hint }),
          ...('choices' in flag ? { choices: flag.choices } : {}),
        },
      ];
    }),
  );
}
