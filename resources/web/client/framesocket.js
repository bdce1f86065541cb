// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { RollcallError } from './errors.js';
import { systemTimers } from './timers.js';

/**
 * One WebSocket that carries `{"v":1,"t":event,"ts":ms,"payload":{}}`. Made by open(). When an open one is lost,
 * `onClose` is called once, and nothing after it; when close() ends it, nothing is called any more.
 */
export class FrameSocket {
    #socket;
    #timers;
    #ended = false;

    /**
     * Resolves when the handshake is done.
     * @param {string} url
     * @param {{onFrame: (event: string, payload: object) => void, onClose: (code: number, reason: string) => void,
     *          timeoutMs?: number, WebSocket?: typeof WebSocket, timers?: typeof systemTimers}} options
     * @returns {Promise<FrameSocket>}
     */
    static open(url, { onFrame, onClose, timeoutMs = 5000, WebSocket = globalThis.WebSocket, timers = systemTimers }) {
        return new Promise((resolve, reject) => {
            const socket = new WebSocket(url);
            const frames = new FrameSocket(socket, timers);
            const timer = timers.setTimeout(() => {
                frames.#end();
                socket.close();
                reject(new RollcallError('timeout', 'The connection was not opened in time'));
            }, timeoutMs);
            let wasOpen = false;
            socket.onopen = () => {
                timers.clearTimeout(timer);
                wasOpen = true;
                resolve(frames);
            };
            socket.onmessage = ({ data }) => {
                const frame = parse(data);
                if (frame && !frames.#ended) {
                    onFrame(frame.t, frame.payload);
                }
            };
            socket.onclose = ({ code, reason }) => {
                timers.clearTimeout(timer);
                if (frames.#ended) {
                    return;
                }
                frames.#end();
                if (wasOpen) {
                    onClose(code, reason);
                } else {
                    reject(new RollcallError('network', 'The connection could not be opened', { closeCode: code }));
                }
            };
            frames.#forget = () => onClose(1006, 'given up');
        });
    }

    constructor(socket, timers) {
        this.#socket = socket;
        this.#timers = timers;
    }

    #forget = () => {};

    get isOpen() {
        return !this.#ended && this.#socket.readyState === 1;
    }

    get url() {
        return this.#socket.url;
    }

    send(event, payload) {
        if (!this.isOpen) {
            return false;
        }
        this.#socket.send(JSON.stringify({ v: 1, t: event, ts: this.#timers.now(), payload }));
        return true;
    }

    /** Ends it without waiting for the peer, who may be gone. onClose is not called. */
    close(code = 1000, reason = '') {
        if (!this.#ended) {
            this.#end();
            this.#socket.close(code, reason);
        }
    }

    /** For a peer that has fallen silent: as if the connection had just been lost. */
    giveUp() {
        if (!this.#ended) {
            this.close(4001, 'nothing heard');
            this.#forget();
        }
    }

    #end() {
        this.#ended = true;
    }
}

function parse(data) {
    if (typeof data !== 'string') {
        return null;
    }
    try {
        const frame = JSON.parse(data);
        const isFrame = typeof frame?.t === 'string' && (frame.payload === undefined || frame.payload !== null);
        return isFrame ? { t: frame.t, payload: frame.payload ?? {} } : null;
    } catch {
        return null;
    }
}
