// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import { within } from './wait.mjs';

/// A child process with its output as lines. It is ended by its id only.
export class Process extends EventEmitter {
    /// Everything it wrote, stdout and stderr, in the order of arrival.
    lines = [];

    constructor(name, program, args, { env, cwd } = {}) {
        super();
        this.name = name;
        this.child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
        for (const stream of [this.child.stdout, this.child.stderr]) {
            createInterface({ input: stream }).on('line', line => {
                this.lines.push(line);
                this.emit('line', line);
            });
        }
        this.exited = new Promise((resolve, reject) => {
            this.child.once('error', reject);
            this.child.once('close', (code, signal) => {
                this.exit = { code, signal };
                resolve(this.exit);
            });
        });
        this.exited.catch(() => {});
    }

    get pid() { return this.child.pid; }
    get isRunning() { return this.exit === undefined; }

    /// The match of `pattern` in the first line, past or future, that has one.
    async line(pattern, { timeout = 15000 } = {}) {
        for (const line of this.lines) {
            const match = line.match(pattern);
            if (match)
                return match;
        }
        let listener;
        const found = new Promise(resolve => {
            listener = line => {
                const match = line.match(pattern);
                if (match)
                    resolve(match);
            };
            this.on('line', listener);
        });
        const ended = this.exited.then(({ code, signal }) => {
            throw new Error(`${this.name} ended (${signal ?? code}) before it printed ${pattern}`);
        });
        ended.catch(() => {});
        try {
            return await within(timeout, `${this.name} prints ${pattern}`, Promise.race([found, ended]));
        } finally {
            this.off('line', listener);
        }
    }

    signal(name) {
        if (this.isRunning)
            process.kill(this.pid, name);
    }

    /// Ends it with `name` and waits; SIGKILL after the deadline is an error.
    async stop(name = 'SIGTERM', { timeout = 10000 } = {}) {
        this.signal(name);
        try {
            return await within(timeout, `${this.name} ends on ${name}`, this.exited);
        } catch (error) {
            this.signal('SIGKILL');
            await this.exited.catch(() => {});
            throw error;
        }
    }
}
