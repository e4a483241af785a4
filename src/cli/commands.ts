import type { Branch } from './command.ts';

/** All commands, in the order in which people meet them. */
export const COMMANDS: Branch = {
  summary: 'Self-hosted operations integration hub',
  standard: 'serve',
  commands: {
    serve: { summary: 'Run the hub (the default command)', load: () => import('./serve.ts') },
    alertmanager: {
      summary: 'Stand in for Alertmanager, with its flags and its configuration file',
      load: () => import('./alertmanager.ts'),
    },
    init: { summary: 'Write a configuration to start from', load: () => import('./init.ts') },
    import: {
      summary: 'Turn the configuration of another tool into a native one',
      commands: {
        alertmanager: {
          summary: 'Turn an alertmanager.yml into a native configuration',
          load: () => import('./import.ts'),
        },
      },
    },
    check: { summary: 'Find what is wrong with a configuration', load: () => import('./check.ts') },
    send: { summary: 'Send a sample signal to a running hub', load: () => import('./send.ts') },
    simulate: {
      summary: 'Show what a payload becomes and where it would go, without any effect',
      load: () => import('./simulate.ts'),
    },
    convert: {
      summary: 'Print JSON, XML or YAML in another of these formats',
      load: () => import('./convert.ts'),
    },
    classify: {
      summary: 'Say which environment namespaces belong to, and try rules out',
      load: () => import('./classify.ts'),
    },
    priorities: {
      summary: 'Try the policies of business priority on alerts with known answers',
      load: () => import('./priorities.ts'),
    },
    costs: { summary: 'Report what cost centers are charged with', load: () => import('./costs.ts') },
    explain: {
      summary: 'Say why an alert was or was not told, and what happens next',
      load: () => import('./explain.ts'),
    },
    alerts: {
      summary: 'Look at alerts, why they were or were not sent, and act on them',
      standard: 'list',
      commands: {
        list: { summary: 'List alerts', load: () => import('./alerts/list.ts') },
        show: {
          summary: 'Show an alert with its groups, deliveries and decisions',
          load: () => import('./alerts/show.ts'),
        },
        explain: {
          summary: 'Say why an alert was or was not told, and what happens next',
          load: () => import('./explain.ts'),
        },
        ack: { summary: 'Say that somebody is on it', load: () => import('./alerts/ack.ts') },
        unack: { summary: 'Take an acknowledgement back', load: () => import('./alerts/unack.ts') },
        assign: { summary: 'Say who takes care of it', load: () => import('./alerts/assign.ts') },
        snooze: { summary: 'Tell nobody for a while', load: () => import('./alerts/snooze.ts') },
        unsnooze: { summary: 'End a snooze now', load: () => import('./alerts/unsnooze.ts') },
        resolve: { summary: 'Say that it is over', load: () => import('./alerts/resolve.ts') },
        close: {
          summary: 'Say that nobody needs to hear of it any more',
          load: () => import('./alerts/close.ts'),
        },
        reopen: { summary: 'Take a close or a resolve back', load: () => import('./alerts/reopen.ts') },
        comment: { summary: 'Remark something', load: () => import('./alerts/comment.ts') },
      },
    },
    silences: {
      summary: 'Be quiet about alerts for a time, and see who is',
      standard: 'list',
      commands: {
        list: {
          summary: 'List silences and maintenance windows',
          load: () => import('./silences/list.ts'),
        },
        add: { summary: 'Make a silence', load: () => import('./silences/add.ts') },
        expire: { summary: 'End silences now', load: () => import('./silences/expire.ts') },
      },
    },
    rules: {
      summary: 'Look at rules, and how often they matched',
      standard: 'list',
      commands: {
        list: { summary: 'List rules', load: () => import('./rules/list.ts') },
        counts: {
          summary: 'List how often rules of all kinds matched',
          load: () => import('./rules/counts.ts'),
        },
      },
    },
    incidents: {
      summary: 'Look at incidents, and respond to them',
      standard: 'list',
      commands: {
        list: { summary: 'List incidents', load: () => import('./incidents/list.ts') },
        show: {
          summary: 'Show an incident with its cause, alerts and timeline',
          load: () => import('./incidents/show.ts'),
        },
        ack: { summary: 'Say that somebody has seen incidents', load: () => import('./incidents/ack.ts') },
        assign: { summary: 'Say who takes care of incidents', load: () => import('./incidents/assign.ts') },
        resolve: { summary: 'Resolve incidents by hand', load: () => import('./incidents/resolve.ts') },
        close: { summary: 'Close incidents for good', load: () => import('./incidents/close.ts') },
        reopen: { summary: 'Open incidents again', load: () => import('./incidents/reopen.ts') },
        merge: { summary: 'Make several incidents one', load: () => import('./incidents/merge.ts') },
      },
    },
    namespaces: {
      summary: 'Look at namespaces, and what happened to them',
      standard: 'list',
      commands: {
        list: {
          summary: 'List namespaces with their environments',
          load: () => import('./namespaces/list.ts'),
        },
        history: {
          summary: 'List what happened to namespaces',
          load: () => import('./namespaces/history.ts'),
        },
        limits: {
          summary: 'Show what a namespace may have, and ask whether it may have more',
          load: () => import('./namespaces/limits.ts'),
        },
        promote: {
          summary: 'Ask whether a namespace may become another environment',
          load: () => import('./namespaces/promote.ts'),
        },
      },
    },
    deliveries: {
      summary: 'Look at deliveries, send them again, give them up',
      standard: 'list',
      commands: {
        list: { summary: 'List deliveries', load: () => import('./deliveries/list.ts') },
        show: { summary: 'Show a delivery and every attempt', load: () => import('./deliveries/show.ts') },
        redrive: {
          summary: 'Send again what was given up',
          load: () => import('./deliveries/redrive.ts'),
        },
        discard: { summary: 'Give deliveries up', load: () => import('./deliveries/discard.ts') },
      },
    },
    'dead-letters': {
      summary: 'Deal with what can’t go on without a person',
      standard: 'list',
      commands: {
        list: {
          summary: 'List dead deliveries and quarantined signals',
          load: () => import('./dead-letters/list.ts'),
        },
        show: {
          summary: 'Show a dead letter; of a signal, the request as received',
          load: () => import('./dead-letters/show.ts'),
        },
        redrive: { summary: 'Try dead letters again', load: () => import('./dead-letters/redrive.ts') },
        discard: { summary: 'Give dead letters up', load: () => import('./dead-letters/discard.ts') },
      },
    },
    approvals: {
      summary: 'Answer what waits for a person’s consent',
      standard: 'list',
      commands: {
        list: { summary: 'List approvals', load: () => import('./approvals/list.ts') },
        show: { summary: 'Show an approval', load: () => import('./approvals/show.ts') },
        approve: { summary: 'Approve', load: () => import('./approvals/approve.ts') },
        reject: { summary: 'Reject', load: () => import('./approvals/reject.ts') },
      },
    },
    'workflow-runs': {
      summary: 'Look at what was handed to workflow engines, and hand alerts over',
      standard: 'list',
      commands: {
        list: { summary: 'List runs of workflows', load: () => import('./workflow-runs/list.ts') },
        show: { summary: 'Show a run of a workflow', load: () => import('./workflow-runs/show.ts') },
        start: {
          summary: 'Hand an alert to a workflow engine',
          load: () => import('./workflow-runs/start.ts'),
        },
      },
    },
    notify: {
      summary: 'Try notifiers out',
      commands: {
        test: { summary: 'Send a test notification', load: () => import('./notify/test.ts') },
        preview: {
          summary: 'Show what a notifier would send, without sending it',
          load: () => import('./notify/preview.ts'),
        },
      },
    },
    integrations: {
      summary: 'What the hub is connected to',
      standard: 'list',
      commands: {
        list: {
          summary: 'List integrations with their health',
          load: () => import('./integrations/list.ts'),
        },
        probe: {
          summary: 'Reach external systems without an effect',
          load: () => import('./integrations/probe.ts'),
        },
      },
    },
    connectors: {
      summary: 'What the hub can be connected to',
      standard: 'list',
      commands: {
        list: { summary: 'List connectors', load: () => import('./connectors/list.ts') },
        show: { summary: 'Show a connector and its settings', load: () => import('./connectors/show.ts') },
      },
    },
    doctor: { summary: 'Check everything the hub depends on', load: () => import('./doctor/doctor.ts') },
    migrate: {
      summary: 'Bring the data folder to this version',
      load: () => import('./migrate.ts'),
    },
    backup: {
      summary: 'Back the data folder up, also while the hub runs',
      load: () => import('./backup.ts'),
    },
    restore: { summary: 'Put a backup into a data folder', load: () => import('./restore.ts') },
    bench: { summary: 'Measure the hub on this machine', load: () => import('./bench.ts') },
    completion: { summary: 'Print completions for a shell', load: () => import('./completion.ts') },
  },
};
