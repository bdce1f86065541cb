// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const kSample = 250; // ms

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/// A redis-server of its own on a unix socket, with an eye on how often it is told to publish.
export class PublishMeter {
    #samples = []; // {at: performance.now(), calls}
    #isOver = false;

    static async start(folder) {
        const meter = new PublishMeter();
        meter.socket = join(folder, 'redis.sock');
        meter.server = spawn('redis-server', ['--port', '0', '--unixsocket', meter.socket, '--dir', folder, '--save', ''],
            { stdio: 'ignore' });
        while (!existsSync(meter.socket))
            await pause(20);
        return meter;
    }

    get url() { return `unix://${this.socket}`; }

    watch() {
        this.watching = (async () => {
            while (!this.#isOver) {
                this.#samples.push({ at: performance.now(), calls: this.#calls() });
                await pause(kSample);
            }
        })();
    }

    /// PUBLISH per second in the last `seconds` but for the last half one, in which everybody leaves.
    perSecond(seconds) {
        const until = performance.now() - 500;
        const inside = this.#samples.filter(({ at }) => at <= until && at >= until - (seconds - 1) * 1000);
        const [first, last] = [inside.at(0), inside.at(-1)];
        return (last.calls - first.calls) / ((last.at - first.at) / 1000);
    }

    async stop() {
        this.#isOver = true;
        await this.watching;
        this.server.kill('SIGTERM');
    }

    #calls() {
        const counters = execFileSync('redis-cli', ['-s', this.socket, 'INFO', 'commandstats'], { encoding: 'utf8' });
        return [...counters.matchAll(/^cmdstat_s?publish:calls=(\d+)/gm)].reduce((sum, [, calls]) => sum + Number(calls), 0);
    }
}
