// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { Client } from './client.mjs';
import { Host } from './host.mjs';
import { Proxy } from './proxy.mjs';
import { Redis } from './redis.mjs';

const kLogLines = 60;
const kReports = /AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:|ASSERT/;

/// One test with everything it started: ended in reverse order, and the hosts' logs shown when it fails.
class Scenario {
    #cleanups = [];
    #hosts = [];
    folder = mkdtempSync(join(tmpdir(), 'rollcall-'));

    /// Runs when the scenario ends, last one first.
    onEnd(cleanup) { this.#cleanups.push(cleanup); }

    /// Starts a host and waits until it is ready (`isReady: false` leaves that out). It must end cleanly.
    async host({ isReady = true, ...options } = {}) {
        const name = this.#hosts.length === 0 ? 'rollcall' : `rollcall${this.#hosts.length + 1}`;
        const host = await Host.start(this.folder, { name, ...options });
        this.#hosts.push(host);
        this.onEnd(() => this.#end(host));
        if (isReady)
            await host.ready();
        return host;
    }

    async redis(options) {
        const redis = new Redis(this.folder, options);
        await redis.start();
        this.onEnd(() => redis.kill());
        return redis;
    }

    async proxy(port) {
        const proxy = await Proxy.listen(port);
        this.onEnd(() => proxy.close());
        return proxy;
    }

    /// A connected client. `through`: a proxy in front of the host.
    async client(host, user, { through, ...options } = {}) {
        const url = through ? host.wsUrl.replace(`:${host.port}/`, `:${through.port}/`) : host.wsUrl;
        const client = await Client.connect(url, { user, ca: host.ca, ...options });
        this.onEnd(() => client.dispose());
        return client;
    }

    /// A client that is in the room.
    async member(host, user, room, options) {
        const client = await this.client(host, user, options);
        client.roomState = await client.join(room, options);
        return client;
    }

    async end() {
        const errors = [];
        for (const cleanup of this.#cleanups.reverse())
            await Promise.resolve().then(cleanup).catch(error => errors.push(error));
        rmSync(this.folder, { recursive: true, force: true });
        if (errors.length > 0)
            throw errors[0];
    }

    printLogs() {
        for (const host of this.#hosts) {
            process.stderr.write(`--- last lines of ${host.process.name}\n`);
            process.stderr.write(host.process.lines.slice(-kLogLines).join('\n') + '\n');
        }
    }

    async #end(host) {
        const expected = host.expectedExit ?? { code: 0, signal: null };
        const exit = host.process.isRunning ? await host.process.stop() : host.process.exit;
        const report = host.process.lines.find(line => kReports.test(line));
        if (report)
            throw new Error(`${host.process.name} reported: ${report}`);
        if (exit.code !== expected.code || exit.signal !== expected.signal)
            throw new Error(`${host.process.name} ended with ${exit.signal ?? exit.code}`);
    }
}

/// Declares a test: `scenario('what holds', async s => { const host = await s.host(); ... })`. The body's second
/// argument is node's test context.
export function scenario(name, optionsOrBody, maybeBody) {
    const [options, body] = maybeBody ? [optionsOrBody, maybeBody] : [{}, optionsOrBody];
    test(name, { timeout: 60000, ...options }, async context => {
        const current = new Scenario();
        let failure;
        try {
            await body(current, context);
        } catch (error) {
            failure = error;
        }
        try {
            await current.end();
        } catch (error) {
            failure ??= error;
        }
        if (failure) {
            current.printLogs();
            throw failure;
        }
    });
}
