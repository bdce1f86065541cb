// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Process } from './process.mjs';
import { eventually } from './wait.mjs';

const run = promisify(execFile);

/// redis-cli on a unix socket, as an operator would use it. Returns what it prints, without the last newline.
export async function redisCli(socket, ...args) {
    const { stdout } = await run('redis-cli', ['-s', socket, ...args.map(String)], { timeout: 5000 });
    return stdout.replace(/\n$/, '');
}

/// A redis-server of its own on a unix socket. Unless `persists` is false everything is on disk before it is
/// answered, so that kill -9 and start() bring the old data back.
export class Redis {
    constructor(folder, { persists = true } = {}) {
        this.folder = folder;
        this.persists = persists;
        this.socket = join(folder, 'redis.sock');
        this.url = `unix://${this.socket}`;
    }

    async start() {
        rmSync(this.socket, { force: true });
        this.process = new Process('redis-server', 'redis-server', [
            '--port', '0', '--unixsocket', this.socket, '--dir', this.folder, '--save', '',
            '--appendonly', this.persists ? 'yes' : 'no', '--appendfsync', 'always', '--notify-keyspace-events', 'Ex',
        ]);
        await this.ready();
    }

    ready() { return eventually('redis answers PING', async () => await this.cli('PING') === 'PONG', { within: 10000 }); }
    kill() { return this.process.stop('SIGKILL'); }
    /// Forgets what was written; only while it is not running.
    wipe() { rmSync(join(this.folder, 'appendonlydir'), { recursive: true, force: true }); }
    cli(...args) { return redisCli(this.socket, ...args); }

    /// The reply's lines; an empty reply has none.
    async lines(...args) {
        const text = await this.cli(...args);
        return text === '' ? [] : text.split('\n');
    }

    /// KEYS *, sorted.
    async keys(pattern = '*') { return (await this.lines('KEYS', pattern)).sort(); }
}
