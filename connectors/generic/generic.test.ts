import { conformance } from '@signalbox/sdk/testing';
import connector from './index.ts';

conformance(connector, { dir: import.meta.dirname, config: () => ({}) });
