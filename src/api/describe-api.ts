import { createLog } from '../lib/log.ts';
import { createServer } from './create-server.ts';
import type { OpenApiDocument } from './reference.ts';
import { registerRoutes } from './register-routes.ts';
import type { Services } from './services.ts';

/** The OpenAPI document of this version, without a running hub: routes are registered and never asked. */
export async function describeApi(version: string): Promise<OpenApiDocument> {
  const inert = { version, now: () => 0 } as unknown as Services;
  const newId = () => {
    throw new Error('Nothing is asked of an API that is only described.');
  };
  const app = createServer(inert, { log: createLog('silent'), newId });
  await registerRoutes(app, inert, newId);
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document as unknown as OpenApiDocument;
}
