const URL_PARTS = /^(postgres(?:ql)?:\/\/)((?:[^@/?]*@)?)([^/?]*)(.*)$/s;

/** The settings name a database in a way that can't be read. The text is not repeated, because a password may stand in it. */
export class BadPostgresUrl extends Error {
  readonly code = 'bad_postgres_url';
}

/**
 * One URL per host: libpq takes several hosts in one, `pg` takes one.
 *
 * @example splitHosts('postgres://hub@a:5432,b/signalbox') // ['postgres://hub@a:5432/signalbox', 'postgres://hub@b/signalbox']
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 */
export function splitHosts(url: string): readonly string[] {
  const parts = URL_PARTS.exec(url);
  if (!parts) throw new BadPostgresUrl('A PostgreSQL URL looks like postgres://user@host:5432/database');
  const [, scheme, user, hosts, rest] = parts as unknown as readonly [string, string, string, string, string];
  return hosts.split(',').map((host) => {
    const one = `${scheme}${user}${host}${rest}`;
    if ((host === '' && hosts !== '') || !URL.canParse(one))
      throw new BadPostgresUrl(
        'One of the hosts of the PostgreSQL URL cannot be read; they look like host:5432',
      );
    return one;
  });
}
