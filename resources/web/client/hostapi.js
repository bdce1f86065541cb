// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { RollcallError } from './errors.js';
import { systemTimers } from './timers.js';

const kCodesByStatus = {
    401: 'unauthorized', 403: 'forbidden', 404: 'not_found', 409: 'conflict', 413: 'too_large', 429: 'rate_limited',
    503: 'unavailable', 504: 'timeout',
};

/** The host's HTTP calls that a client needs. Every call ends after `requestTimeoutMs`, with a RollcallError if not well. */
export class HostApi {
    #options;
    #roomLists = new Map();

    /**
     * @param {{baseUrl: string, requestTimeoutMs?: number, token?: string | (() => string | Promise<string>),
     *          fetch?: typeof fetch, timers?: typeof systemTimers}} options
     */
    constructor({ baseUrl, requestTimeoutMs = 5000, token, fetch = globalThis.fetch, timers = systemTimers }) {
        this.#options = { baseUrl, requestTimeoutMs, token, fetch: fetch?.bind(globalThis), timers };
    }

    /** GET /config.json: heartbeat, TTL, provider. */
    async configuration() {
        return (await this.#call('GET', '/config.json')).body;
    }

    /** GET /rooms. Asks with the ETag of the last answer; `unchanged` says that the numbers are still those. */
    async rooms(query = {}) {
        const wanted = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
        const search = new URLSearchParams(wanted.map(([name, value]) => [name, String(value)])).toString();
        const known = this.#roomLists.get(search);
        const { status, headers, body } = await this.#call('GET', '/rooms' + (search && '?' + search), {
            headers: known?.etag ? { 'If-None-Match': known.etag } : {},
        });
        const unchanged = status === 304;
        const list = unchanged ? known.list : body;
        if (!Array.isArray(list?.rooms)) {
            throw new RollcallError('bad_response', 'The host sent a room list that is none');
        }
        if (!unchanged) {
            this.#roomLists.set(search, { etag: headers.get('ETag'), list });
        }
        const staleHeader = headers.get('X-Rollcall-Stale');
        return {
            ...list,
            unchanged,
            stale: staleHeader === null ? Boolean(list.stale) : staleHeader !== 'false' && staleHeader !== '0',
            ageMs: (Number(headers.get('Age')) || 0) * 1000,
        };
    }

    /** POST /rooms/join: a seat in a room (or the hottest), with the token that opens it. */
    async requestSeat(request) {
        const { body } = await this.#call('POST', '/rooms/join', {
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(request),
        });
        if (typeof body?.roomId !== 'string' || typeof body?.wsUrl !== 'string') {
            throw new RollcallError('bad_response', 'The host offered a seat without a room or an address');
        }
        return body;
    }

    async #call(method, path, { headers = {}, body } = {}) {
        const { baseUrl, requestTimeoutMs, token, fetch, timers } = this.#options;
        const controller = new AbortController();
        const timer = timers.setTimeout(() => controller.abort(), requestTimeoutMs);
        try {
            const bearer = typeof token === 'function' ? await token() : token;
            const response = await fetch(new URL(path, baseUrl), {
                method,
                headers: { Accept: 'application/json', ...headers, ...(bearer ? { Authorization: 'Bearer ' + bearer } : {}) },
                body,
                signal: controller.signal,
                credentials: 'omit',
                cache: 'no-store',
            });
            const text = response.status === 304 ? '' : await response.text();
            if (!response.ok && response.status !== 304) {
                throw problem(response, parse(text));
            }
            const parsed = parse(text);
            if (parsed === undefined && response.status !== 304) {
                throw new RollcallError('bad_response', 'The host did not answer with JSON', { status: response.status });
            }
            return { status: response.status, headers: response.headers, body: parsed };
        } catch (error) {
            if (error instanceof RollcallError) {
                throw error;
            }
            throw controller.signal.aborted
                ? new RollcallError('timeout', 'The host did not answer in time', { cause: error })
                : new RollcallError('network', 'The host cannot be reached', { cause: error });
        } finally {
            timers.clearTimeout(timer);
        }
    }
}

function parse(text) {
    try {
        return text === '' ? undefined : JSON.parse(text);
    } catch {
        return undefined;
    }
}

/** RFC 7807, or whatever a proxy in between said. */
function problem(response, body) {
    const seconds = Number(response.headers.get('Retry-After'));
    const code = typeof body?.code === 'string' ? body.code : kCodesByStatus[response.status];
    return new RollcallError(
        code ?? (response.status >= 500 ? 'internal' : 'bad_request'),
        body?.detail || body?.title || 'The host answered ' + response.status,
        { status: response.status, retryAfterMs: seconds > 0 ? seconds * 1000 : 0 },
    );
}
