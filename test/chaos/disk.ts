import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system of its own, in memory, that can be filled up. Whatever is written there and not freed takes memory. */
export interface Disk {
  readonly path: string;
  /** Leaves no byte free. */
  fill(): Promise<void>;
  free(): Promise<void>;
  close(): Promise<void>;
}

/** Mounts one, or says why this user may not. */
export async function mountDisk(megabytes: number): Promise<Disk | { readonly missing: string }> {
  const path = await mkdtemp(join(tmpdir(), 'signalbox-chaos-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    return { missing: `a small disk can not be mounted here: ${String(error).split('\n')[0]}` };
  }
  // PostgreSQL runs as another user when this is root.
  await chmod(path, 0o755);
  const filler = join(path, 'filler');
  const unmount = () => execFileSync('umount', ['-l', path]);
  process.once('exit', unmount);
  return {
    path,
    async fill() {
      const { bavail, bsize } = await statfs(path);
      await writeFile(filler, Buffer.alloc(bavail * bsize)).catch(allowFull);
    },
    free: () => rm(filler, { force: true }),
    async close() {
      process.off('exit', unmount);
      unmount();
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Somebody else took the last blocks first, which is as good. */
function allowFull(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOSPC') throw error;
}
