/** The flags that say which configuration is meant; the same on every command that reads one. */
export const CONFIG_FLAGS = {
  config: {
    type: 'string',
    alias: 'c',
    description: 'Configuration file; default `signalbox.yaml` when it is there',
    hint: 'FILE',
  },
  profile: {
    type: 'string',
    description: 'Overlay of the configuration to use (`SIGNALBOX_PROFILE`)',
    hint: 'NAME',
  },
} as const;

export const DATA_FLAG = {
  data: {
    type: 'string',
    description: 'Data folder (`storage.path`, `SIGNALBOX_STORAGE_PATH`); default `./data`',
    hint: 'DIR',
  },
} as const;

export const LISTEN_FLAG = {
  listen: {
    type: 'string',
    description: 'Address (`server.listen`, `SIGNALBOX_SERVER_LISTEN`); default `127.0.0.1:8080`',
    hint: 'HOST:PORT',
  },
} as const;

/** What several nodes share, and what this one does. */
export const NODE_FLAGS = {
  'storage-url': {
    type: 'string',
    description: 'PostgreSQL (`storage.url`, `SIGNALBOX_STORAGE_URL`, which other users can’t see)',
    hint: 'URL',
  },
  'journal-url': {
    type: 'string',
    description: 'PostgreSQL or Kafka (`journal.url`, `SIGNALBOX_JOURNAL_URL`, which other users can’t see)',
    hint: 'URL',
  },
  role: {
    type: 'string',
    description:
      'Parts of the work, with commas between (`server.roles`, `SIGNALBOX_SERVER_ROLES`); default all',
    hint: 'ROLES',
  },
} as const;

export const JSON_FLAG = {
  json: { type: 'boolean', description: 'Print JSON for programs' },
} as const;

/** Which running hub is meant. Everything that is not said comes from the configuration. */
export const HUB_FLAGS = {
  url: {
    type: 'string',
    description: 'Address of the running hub (`SIGNALBOX_URL`); default: where the configuration listens',
    hint: 'URL',
  },
  token: {
    type: 'string',
    description:
      'API token (`SIGNALBOX_TOKEN`, which other users can’t see); default: the configuration’s own',
    hint: 'TOKEN',
  },
  ...CONFIG_FLAGS,
} as const;
