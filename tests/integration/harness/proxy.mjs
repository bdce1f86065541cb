// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { createServer, connect } from 'node:net';

/// A TCP proxy on 127.0.0.1 that can be told to misbehave: bytes stop without a close, or connections are cut.
export class Proxy {
    #pairs = new Set();
    #stalled = false;
    #refuses = false;

    static async listen(targetPort) {
        const proxy = new Proxy();
        proxy.targetPort = targetPort;
        proxy.server = createServer({ allowHalfOpen: true }, client => proxy.#accept(client));
        await new Promise((resolve, reject) => {
            proxy.server.once('error', reject);
            proxy.server.listen(0, '127.0.0.1', resolve);
        });
        proxy.port = proxy.server.address().port;
        return proxy;
    }

    /// From now on no byte and no close passes, in either direction.
    stall() {
        this.#stalled = true;
        for (const pair of this.#pairs)
            pair.forEach(socket => socket.pause());
    }

    resume() {
        this.#stalled = false;
        for (const pair of this.#pairs)
            pair.forEach(socket => socket.resume());
    }

    /// Resets every connection. With `refuse`, new ones too, until allow().
    cut({ refuse = false } = {}) {
        this.#refuses = refuse;
        for (const pair of this.#pairs)
            pair.forEach(socket => socket.resetAndDestroy());
        this.#pairs.clear();
    }

    allow() { this.#refuses = false; }

    async close() {
        this.cut({ refuse: true });
        await new Promise(resolve => this.server.close(resolve));
    }

    #accept(client) {
        if (this.#refuses) {
            client.resetAndDestroy();
            return;
        }
        const host = connect({ port: this.targetPort, host: '127.0.0.1', allowHalfOpen: true });
        const pair = [client, host];
        this.#pairs.add(pair);
        this.#pump(client, host, pair);
        this.#pump(host, client, pair);
        if (this.#stalled)
            pair.forEach(socket => socket.pause());
    }

    #pump(from, to, pair) {
        from.setNoDelay(true);
        from.on('data', bytes => {
            if (!to.write(bytes))
                from.pause();
        });
        to.on('drain', () => {
            if (!this.#stalled)
                from.resume();
        });
        from.on('end', () => to.end());
        from.on('error', () => to.destroy());
        from.on('close', () => {
            this.#pairs.delete(pair);
            if (!this.#stalled)
                to.destroySoon();
        });
    }
}
