// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { element, setData, setText } from './dom.js';
import { statusWords } from './words.js';

/** The connection in words and shape: the badge in the header, and the banner over the room while something is wrong. */
export class ConnectionIndicator {
    #client;
    #badge;
    #short = element('span');
    #banner;
    #last = { status: 'idle' };
    #lostSinceMs = 0;

    constructor(client, badge, banner) {
        this.#client = client;
        this.#badge = badge;
        this.#banner = banner;
        badge.replaceChildren(element('span', { class: 'dot', 'aria-hidden': 'true' }), this.#short);
        client.on('status', (status) => this.#handle(status));
        setInterval(() => this.#show(), 1000);
        this.#show();
    }

    #handle(status) {
        const isAway = ['reconnecting', 'offline'].includes(status.status);
        this.#lostSinceMs = isAway ? this.#lostSinceMs || Date.now() : 0;
        this.#last = status;
        this.#show();
    }

    #show() {
        const awayMs = this.#lostSinceMs ? Date.now() - this.#lostSinceMs : 0;
        const { short, long } = statusWords(this.#last, { provider: this.#client.provider, awayMs });
        setData(this.#badge, 'status', this.#last.status);
        setText(this.#short, short);
        this.#badge.title = long;
        const isWrong = ['stale', 'lost', 'offline', 'reconnecting', 'connecting'].includes(this.#last.status);
        setData(this.#banner, 'status', this.#last.status);
        setText(this.#banner, isWrong ? short + '. ' + long : '');
    }
}
