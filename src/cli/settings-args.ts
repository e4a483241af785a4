/** The flags that say which configuration is meant; the same on every command that reads one. */
export const SETTINGS_ARGS = {
  config: {
    type: 'string',
    alias: 'c',
    description: 'Configuration file; default signalbox.yaml when it is there',
    valueHint: 'FILE',
  },
  profile: {
    type: 'string',
    description: 'Overlay of the configuration to use (SIGNALBOX_PROFILE)',
    valueHint: 'NAME',
  },
  data: {
    type: 'string',
    description: 'Data folder (storage.path, SIGNALBOX_STORAGE_PATH); default ./data',
    valueHint: 'DIR',
  },
  listen: {
    type: 'string',
    description: 'Address (server.listen, SIGNALBOX_SERVER_LISTEN); default 127.0.0.1:8080',
    valueHint: 'HOST:PORT',
  },
} as const;
