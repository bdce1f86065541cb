// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { createServer } from 'node:net';

// Below the ports that the system gives to outgoing connections: a client that tries again and again on a port of
// those may end up connected to itself.
const kFirst = 20000;
const kCount = 12000;

/// A port that nobody listens on, for hosts that must come back on the same one.
export async function freePort() {
    for (;;) {
        const port = kFirst + Math.floor(Math.random() * kCount);
        const server = createServer();
        const isFree = await new Promise(resolve => {
            server.once('error', () => resolve(false));
            server.listen(port, '127.0.0.1', () => resolve(true));
        });
        await new Promise(resolve => server.close(resolve));
        if (isFree)
            return port;
    }
}
