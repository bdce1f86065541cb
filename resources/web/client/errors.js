// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { mayComeBack } from './closecodes.js';

/**
 * What went wrong, for people (`message`) and for code (`code`, from the table shared by HTTP and WebSocket:
 * room_not_found, room_full, blocked, unavailable, not_in_room, ... plus the client's own network, timeout,
 * closed, cancelled and bad_response).
 */
export class RollcallError extends Error {
    /**
     * @param {string} code
     * @param {string} message
     * @param {{status?: number, retryAfterMs?: number, closeCode?: number, refuge?: string | null, cause?: unknown}} [more]
     */
    constructor(code, message, more = {}) {
        super(message, more.cause === undefined ? undefined : { cause: more.cause });
        this.name = 'RollcallError';
        this.code = code;
        /** HTTP status, 0 when there was none. */
        this.status = more.status ?? 0;
        /** How long the host asked to wait before the next try, 0 when it did not say. */
        this.retryAfterMs = more.retryAfterMs ?? 0;
        /** WebSocket close code, 0 when there was none. */
        this.closeCode = more.closeCode ?? 0;
        /** Where the host said to go instead, null when it did not. */
        this.refuge = more.refuge ?? null;
    }
}

const kTemporary = [
    'network', 'timeout', 'bad_response', 'rate_limited', 'unavailable', 'no_room', 'starting', 'draining', 'internal',
];

/** Whether trying the same thing again later can help. */
export function isTemporary(error) {
    if (!(error instanceof RollcallError)) {
        return false;
    }
    if (error.code === 'closed') {
        return mayComeBack(error.closeCode);
    }
    return kTemporary.includes(error.code) || error.status >= 500 || error.status === 429;
}
