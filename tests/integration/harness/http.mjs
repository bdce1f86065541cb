// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { connect } from 'node:net';
import { within } from './wait.mjs';

/// Sends bytes on a new connection and collects what comes back, until the peer closes, `until(text)` is true,
/// or the time is over: {text, closed, responses}.
export async function rawHttp(port, bytes, { until, timeout = 5000, noBody = false } = {}) {
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    let closed = false;
    const done = new Promise(resolve => {
        socket.on('data', chunk => {
            text += chunk.toString('latin1');
            if (until?.(text))
                resolve();
        });
        socket.on('close', () => {
            closed = true;
            resolve();
        });
        socket.on('error', () => {});
    });
    socket.write(bytes);
    await within(timeout, 'an answer or a close', done).catch(error => {
        if (!until)
            throw error;
    });
    socket.destroy();
    return { text, closed, responses: parseResponses(text, noBody) };
}

/// Splits a stream of HTTP answers by their Content-Length: [{status, version, headers, body}].
export function parseResponses(text, noBody = false) {
    const responses = [];
    let rest = text;
    while (rest.startsWith('HTTP/')) {
        const end = rest.indexOf('\r\n\r\n');
        if (end < 0)
            break;
        const [statusLine, ...headerLines] = rest.slice(0, end).split('\r\n');
        const [version, status] = statusLine.split(' ');
        const headers = {};
        for (const line of headerLines) {
            const colon = line.indexOf(':');
            headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
        }
        const hasBody = !noBody && Number(status) >= 200 && Number(status) !== 204 && Number(status) !== 304;
        const length = hasBody ? Number(headers['content-length'] ?? 0) : 0;
        responses.push({ status: Number(status), version, headers, body: rest.slice(end + 4, end + 4 + length) });
        rest = rest.slice(end + 4 + length);
    }
    return responses;
}
